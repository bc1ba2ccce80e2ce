//! What kind of token is this? An access token where an ID token is meant, a token for another's interface, one of an old
//! kind: what a provider's own tokens tell about themselves.

use super::provider::{Facts, Provider};
use crate::ground::json::Value;

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// It tells an application who has signed in.
    Id,
    /// It opens an interface.
    Access,
    /// An access token for Microsoft Graph, which nobody else can verify.
    Graph,
    /// An access token of Okta's organization, which is for Okta itself.
    OktaItself,
    /// It is exchanged for other tokens, and nothing else.
    Refresh,
    /// A service account's token of the old kind, from a Secret: without audience and expiry.
    LegacyServiceAccount,
}

impl Facts<'_> {
    /// The token's kind, where it tells.
    pub(crate) fn kind(self) -> Option<TokenKind> {
        let provider = self.provider();
        let by_provider = match provider {
            Some(Provider::Keycloak) => keycloak(self),
            Some(Provider::Cognito) => cognito(self),
            Some(Provider::Entra) => entra(self),
            Some(Provider::OktaOrg) => self.has("cid").then_some(TokenKind::OktaItself),
            Some(Provider::OktaCustom) => self.has("cid").then_some(TokenKind::Access),
            Some(Provider::Kubernetes | Provider::Eks | Provider::Gke | Provider::Aks) => kubernetes(self),
            _ => None,
        };
        by_provider.or_else(|| general(self))
    }

    /// Whether Entra has left the person's groups out, more than fit into a token, and put a link in their place.
    pub(crate) fn groups_left_out(self, claim: &str) -> bool {
        let named = self.claims.member("_claim_names").is_some_and(|names| names.member(claim).is_some());
        named
            || claim == "groups"
                && self.claims.member("hasgroups").is_some_and(|has| has.written() == "true" || has.is_string("true"))
    }
}

/// Keycloak writes the kind into the body.
fn keycloak(token: Facts<'_>) -> Option<TokenKind> {
    match token.text("typ")?.as_ref() {
        "Bearer" | "DPoP" => Some(TokenKind::Access),
        "ID" => Some(TokenKind::Id),
        "Refresh" | "Offline" => Some(TokenKind::Refresh),
        _ => None,
    }
}

fn cognito(token: Facts<'_>) -> Option<TokenKind> {
    match token.text("token_use")?.as_ref() {
        "access" => Some(TokenKind::Access),
        "id" => Some(TokenKind::Id),
        _ => None,
    }
}

/// Graph's tokens have a `nonce` in the header, which Graph replaces before it verifies: nobody else can.
fn entra(token: Facts<'_>) -> Option<TokenKind> {
    let for_graph = token.text("aud").is_some_and(|audience| {
        let host = audience.split_once("://").map_or(&*audience, |(_, rest)| rest).trim_end_matches('/');
        GRAPH.contains(&host)
    });
    let access = ["scp", "appid", "appidacr", "azpacr", "idtyp"].into_iter().any(|name| token.has(name));
    if for_graph || token.header_has("nonce") { Some(TokenKind::Graph) } else { access.then_some(TokenKind::Access) }
}

/// Microsoft Graph's application id and its addresses in the clouds.
const GRAPH: [&str; 6] = [
    "00000003-0000-0000-c000-000000000000",
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
    "graph.microsoft.de",
];

fn kubernetes(token: Facts<'_>) -> Option<TokenKind> {
    let legacy = token.has("kubernetes.io/serviceaccount/namespace") || token.issuer() == "kubernetes/serviceaccount";
    legacy.then_some(TokenKind::LegacyServiceAccount)
}

/// RFC 9068 section 2.1 for the header; OpenID Connect Core 1.0 sections 2 and 3.3.2.11 for ID tokens.
fn general(token: Facts<'_>) -> Option<TokenKind> {
    let typ = token.header.and_then(|header| header.member("typ")).and_then(Value::string).unwrap_or_default();
    let typ = typ.to_ascii_lowercase();
    if typ == "at+jwt" || typ == "application/at+jwt" || token.has("scp") || token.has("scope") {
        Some(TokenKind::Access)
    } else if ["at_hash", "c_hash", "nonce"].into_iter().any(|name| token.has(name)) {
        Some(TokenKind::Id)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};

    fn kind(header: &str, claims: &str) -> Option<TokenKind> {
        let read = |text| Document::parse(text, Duplicates::RefusedAtTop);
        let (header, claims) = (read(header).unwrap(), read(claims).unwrap());
        Facts { header: Some(header.root()), claims: claims.root() }.kind()
    }

    #[test]
    fn each_provider_s_good_token_and_its_wrong_ones_are_told_apart() {
        use TokenKind as K;
        let (entra, v2) = ("https://sts.windows.net/t/", "https://login.microsoftonline.com/t/v2.0");
        let kc = "https://kc.example.com/realms/r";
        let cognito = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_E";
        for (header, issuer, members, expected) in [
            (r#"{"nonce":"x"}"#, entra, r#""aud":"00000003-0000-0000-c000-000000000000""#, Some(K::Graph)),
            ("{}", v2, r#""aud":"https://graph.microsoft.com/""#, Some(K::Graph)),
            ("{}", entra, r#""aud":"api://a","appid":"b""#, Some(K::Access)),
            ("{}", v2, r#""aud":"a","name":"Jane","nonce":"n""#, Some(K::Id)),
            ("{}", kc, r#""typ":"Bearer""#, Some(K::Access)),
            ("{}", kc, r#""typ":"ID""#, Some(K::Id)),
            ("{}", kc, r#""typ":"Refresh""#, Some(K::Refresh)),
            ("{}", kc, r#""typ":"Offline""#, Some(K::Refresh)),
            ("{}", cognito, r#""token_use":"access""#, Some(K::Access)),
            ("{}", cognito, r#""token_use":"id""#, Some(K::Id)),
            ("{}", "https://d.okta.com", r#""cid":"0oa1""#, Some(K::OktaItself)),
            ("{}", "https://d.okta.com", r#""amr":["pwd"]"#, None),
            ("{}", "https://d.okta.com/oauth2/default", r#""cid":"0oa1""#, Some(K::Access)),
            ("{}", "kubernetes/serviceaccount", r#""sub":"system:serviceaccount:a:b""#, Some(K::LegacyServiceAccount)),
            ("{}", "https://kubernetes.default.svc", r#""sub":"system:serviceaccount:a:b""#, None),
            (r#"{"typ":"at+jwt"}"#, "https://idp.example", r#""sub":"a""#, Some(K::Access)),
            ("{}", "https://idp.example", r#""at_hash":"a""#, Some(K::Id)),
            ("{}", "https://idp.example", r#""sub":"a""#, None),
        ] {
            let claims = alloc::format!(r#"{{"iss":"{issuer}",{members}}}"#);
            assert_eq!(kind(header, &claims), expected, "{claims}");
        }
    }
}
