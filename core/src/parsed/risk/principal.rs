//! Which principals do many bear, or nobody in particular?

use super::shape::{
    Shape::{self, Begins, Ends, Holds, Is, Spans},
    lower,
};

/// Who bears a principal that is no one's own name.
pub(crate) fn principal(principal: &str) -> Option<&'static str> {
    let name = lower(principal.trim());
    PRINCIPALS.iter().find(|(shapes, _)| shapes.iter().any(|shape| shape.fits(&name))).map(|&(_, who)| who)
}

/// Kubernetes, "Authenticating", for `system:`; GitHub, "OpenID Connect reference", for pull requests; the groups of Google
/// Cloud (`allUsers`) and of directories for the last.
const PRINCIPALS: [(&[Shape], &str); 6] = [
    (&[Is("")], "it is empty"),
    (&[Is("*"), Ends("/*"), Ends(":*"), Holds("/*/"), Holds("/*:")], "it is a pattern, not somebody's name"),
    (&[Holds("pull_request")], "any pull request bears it, also one from a fork"),
    (
        &[
            Begins("system:serviceaccounts"),
            Begins("system:authenticated"),
            Begins("system:unauthenticated"),
            Begins("system:anonymous"),
            Begins("system:masters"),
            Begins("system:nodes"),
        ],
        "it is a group of the cluster, not an account",
    ),
    (
        &[Spans("system:serviceaccount:", ":default")],
        "every pod of the namespace bears it that names no service account",
    ),
    (
        &[
            Is("all"),
            Is("allusers"),
            Is("allauthenticatedusers"),
            Is("anonymous"),
            Is("authenticated"),
            Is("domain users"),
            Is("everyone"),
            Is("guest"),
            Is("guests"),
            Is("users"),
        ],
        "many bear it",
    ),
];

#[cfg(test)]
mod tests {
    #[test]
    fn principals_of_many_are_known() {
        for principal in [
            "repo:octo-org/octo-repo:pull_request",
            "repo:octo-org@1/octo-repo@2:pull_request",
            "system:serviceaccounts",
            "system:serviceaccounts:prod",
            "system:serviceaccount:prod:default",
            "repo:octo-org/*",
            "Everyone",
            "",
        ] {
            assert!(super::principal(principal).is_some(), "{principal}");
        }
        for principal in
            ["alice", "kJ8s7sdf9AsD@clients", "system:serviceaccount:prod:billing", "repo:o/r:ref:refs/heads/main"]
        {
            assert_eq!(super::principal(principal), None, "{principal}");
        }
    }

    #[test]
    fn every_row_is_known_in_every_form() {
        use alloc::format;

        use super::*;

        for (shapes, _) in PRINCIPALS {
            for shape in shapes {
                let name = match *shape {
                    Is(text) => text.into(),
                    Begins(text) => format!("{text}x"),
                    Ends(text) => format!("x{text}"),
                    Spans(start, end) => format!("{start}x{end}"),
                    Holds(text) => format!("a{text}b"),
                    Shape::Host(_) | Shape::Id => continue,
                };
                for form in [name.clone(), name.to_uppercase(), format!(" {name}\n")] {
                    assert!(principal(&form).is_some(), "{form:?}");
                }
            }
        }
    }
}
