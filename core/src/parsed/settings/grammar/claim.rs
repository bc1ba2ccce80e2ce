//! Which claim names the bearer? The grammar of `server.jwt_authentication.claim`.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::ground::{fault::Fault, limits::CLAIM_POINTER_SEGMENTS_MAX, reason::ReasonCode, text::shown};

/// Where in a token the principals are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The claim `sub`.
    Subject,
    /// The top-level claim of exactly that name.
    Named(String),
    /// The value at a JSON Pointer (RFC 6901) into the claims.
    Pointer {
        /// The pointer as it is written.
        text: String,
        /// Its parts, escapes resolved.
        segments: Vec<String>,
    },
}

impl Claim {
    /// The claim as the setting names it.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Subject => "sub",
            Self::Named(text) | Self::Pointer { text, .. } => text,
        }
    }

    /// The token's own claim that it is, or that it begins at.
    pub(crate) fn member(&self) -> &str {
        match self {
            Self::Pointer { segments, .. } => segments.first().map_or("", String::as_str),
            Self::Subject | Self::Named(_) => self.as_str(),
        }
    }
}

/// Reads the setting's text. The database does not check the `~` escapes of a pointer; the strict reader does.
///
/// # Errors
/// `claim_setting_invalid`.
pub(crate) fn parse(text: &str, strict: bool) -> Result<Claim, Fault> {
    match text.strip_prefix('/') {
        None if text.is_empty() || text == "sub" => Ok(Claim::Subject),
        None => Ok(Claim::Named(text.to_string())),
        Some(path) => Ok(Claim::Pointer { text: text.to_string(), segments: segments(text, path, strict)? }),
    }
}

fn segments(pointer: &str, path: &str, strict: bool) -> Result<Vec<String>, Fault> {
    let fault = |offset, what: &str| {
        let message = alloc::format!("the JSON Pointer `{}` {what}", shown(pointer));
        Fault::new(ReasonCode::ClaimSettingInvalid, offset, message)
    };
    let mut segments = Vec::new();
    let mut at = pointer.len() - path.len();
    for segment in path.split('/') {
        if segment.is_empty() {
            return Err(meant(pointer, fault(at, "contains an empty segment")));
        }
        if segments.len() == CLAIM_POINTER_SEGMENTS_MAX {
            let found = path.split('/').count();
            let what = alloc::format!("has {found} segments; at most {CLAIM_POINTER_SEGMENTS_MAX} are allowed");
            return Err(fault(at, &what));
        }
        if let Some(offset) = bad_escape(segment).filter(|_| strict) {
            return Err(fault(at + offset, "holds a `~` that is neither `~0` nor `~1`")
                .with_remedy("write `~0` for `~` and `~1` for `/` in server.jwt_authentication.claim")
                .instead(at + offset, at + offset + 1, "~0"));
        }
        // In this order `~01` is `~1` (RFC 6901 section 4).
        segments.push(segment.replace("~1", "/").replace("~0", "~"));
        at += segment.len() + 1;
    }
    Ok(segments)
}

/// What was meant by a pointer with an empty segment.
fn meant(pointer: &str, fault: Fault) -> Fault {
    let name = pointer.trim_start_matches('/');
    let end = pointer.len();
    if name.starts_with("https://") || name.starts_with("http://") {
        let remedy = alloc::format!(
            "write the claim's name without the first `/`, because it is itself an address: `{}`",
            shown(name)
        );
        return fault.with_remedy(remedy).instead(0, end, name);
    }
    let meant = alloc::format!("/{}", name.trim_end_matches('/'));
    if name.is_empty() || meant.contains("//") {
        return fault;
    }
    fault.with_remedy(alloc::format!("write `{}`, without the `/` too many", shown(&meant))).instead(0, end, meant)
}

fn bad_escape(segment: &str) -> Option<usize> {
    let mut tildes = segment.match_indices('~').map(|(at, _)| at);
    tildes.find(|&at| !matches!(segment.as_bytes().get(at + 1), Some(b'0' | b'1')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(text: &str) -> Vec<String> {
        match parse(text, true) {
            Ok(Claim::Pointer { text: kept, segments }) if kept == text => segments,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn names_stand_for_top_level_claims() {
        for strict in [true, false] {
            assert_eq!(parse("", strict), Ok(Claim::Subject));
            assert_eq!(parse("sub", strict), Ok(Claim::Subject));
            for name in ["email", "preferred_username", "a.b", "Sub", " email", "https://x/groups", "~2"] {
                assert_eq!(parse(name, strict), Ok(Claim::Named(name.into())), "{name}");
            }
        }
    }

    #[test]
    fn pointers_stand_for_nested_claims() {
        assert_eq!(pointer("/email"), ["email"]);
        assert_eq!(pointer("/user/name"), ["user", "name"]);
        assert_eq!(pointer("/kubernetes.io/serviceaccount/uid"), ["kubernetes.io", "serviceaccount", "uid"]);
        assert_eq!(pointer("/a~1b/c~0d"), ["a/b", "c~d"]);
        assert_eq!(pointer("/~01"), ["~1"]);
        assert_eq!(pointer("/1/2/3/4/5/6/7/8/9/10").len(), 10);
    }

    #[test]
    fn empty_and_too_many_segments_are_refused_by_both() {
        for (text, offset) in [
            ("/", 1),
            ("//x", 1),
            ("/x//y", 3),
            ("/x/", 3),
            ("/user//name", 6),
            ("/user/name/", 11),
            ("//user/name", 1),
            ("/1/2/3/4/5/6/7/8/9/10/11", 22),
        ] {
            for strict in [true, false] {
                let fault = parse(text, strict).unwrap_err();
                assert_eq!((fault.code, fault.offset), (ReasonCode::ClaimSettingInvalid, offset), "{text}");
            }
        }
        let message = parse("/x//y", false).unwrap_err().message;
        assert_eq!(message, "the JSON Pointer `/x//y` contains an empty segment");
    }

    #[test]
    fn what_was_meant_by_an_empty_segment_is_told() {
        for (text, meant) in [
            ("/https://app.example/user", Some("https://app.example/user")),
            ("//user/name", Some("/user/name")),
            ("/user/name/", Some("/user/name")),
            ("/", None),
            ("/x//y", None),
        ] {
            let instead = parse(text, false).unwrap_err().instead;
            assert_eq!(instead.and_then(|splice| splice.apply(text)).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn bad_escapes_are_refused_by_the_strict_reader_only() {
        for (text, offset) in [("/a~", 2), ("/a/b~2c", 4), ("/~~0", 1)] {
            assert_eq!(parse(text, true).unwrap_err().offset, offset, "{text}");
            assert!(parse(text, false).is_ok(), "{text}");
        }
    }
}
