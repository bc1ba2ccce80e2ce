//! Does the token's header ask for anything that this server does not do? (RFC 7515 section 4, RFC 8725 section 3)

use alloc::{borrow::Cow, format, string::String};

use crate::{
    ground::{
        json::{Defect, JsonError, Kind, Value},
        reason::ReasonCode,
        text::{joined, shown},
    },
    parsed::keys::{self, Algorithm},
};

/// The members of a header that the decision needs.
#[derive(Clone, Debug)]
pub(crate) struct Header<'t> {
    pub(crate) algorithm: Algorithm,
    /// The id of the key that signed; `None` when it is absent, null or empty.
    pub(crate) key_id: Option<Cow<'t, str>>,
}

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeaderDefect {
    pub(crate) code: ReasonCode,
    pub(crate) message: String,
    /// The value at fault.
    pub(crate) actual: Option<String>,
}

/// Reads a header.
pub(crate) fn read<'t>(header: Result<Value<'t>, &JsonError>) -> Result<Header<'t>, HeaderDefect> {
    let header = header.map_err(unreadable)?;
    if header.kind() != Kind::Object {
        let message = format!("the token's header is {}, not an object", header.kind().describe());
        return Err(HeaderDefect { code: ReasonCode::HeaderInvalid, message, actual: None });
    }
    let algorithm = algorithm(header)?;
    extensions(header)?;
    offered_keys(header)?;
    content_type(header)?;
    kind_of_token(header)?;
    let key_id = match header.member("kid") {
        Some(kid) if !kid.is_null() => Some(text("kid", kid)?).filter(|kid| !kid.is_empty()),
        _ => None,
    };
    Ok(Header { algorithm, key_id })
}

fn unreadable(error: &JsonError) -> HeaderDefect {
    let code = match error.defect {
        Defect::DuplicateMember(_) => ReasonCode::HeaderDuplicateMember,
        _ => ReasonCode::HeaderInvalid,
    };
    let message = match &error.defect {
        Defect::DuplicateMember(name) => format!("the token's header states `{}` twice", shown(name)),
        defect => format!("the token's header is not JSON: {} at byte {}", defect.describe(), error.offset),
    };
    HeaderDefect { code, message, actual: None }
}

fn algorithm(header: Value<'_>) -> Result<Algorithm, HeaderDefect> {
    let Some(alg) = header.member("alg") else {
        let message = "the token's header names no signature algorithm (`alg`)".into();
        return Err(HeaderDefect { code: ReasonCode::HeaderInvalid, message, actual: None });
    };
    let name = text("alg", alg)?;
    name.parse().map_err(|_| {
        let why = if name.eq_ignore_ascii_case("none") {
            "an unsigned token proves nothing".into()
        } else if name.starts_with("HS") {
            "a shared secret proves nothing about who signed".into()
        } else {
            format!("accepted are {}", joined(Algorithm::all(), "and"))
        };
        HeaderDefect {
            code: ReasonCode::AlgNotAllowed,
            message: format!("the token names the algorithm `{}`; {why}", shown(&name)),
            actual: Some(name.into()),
        }
    })
}

fn extensions(header: Value<'_>) -> Result<(), HeaderDefect> {
    for (member, code, what) in [
        ("b64", ReasonCode::B64Unsupported, "asks for an unencoded payload"),
        ("crit", ReasonCode::CritUnsupported, "demands extensions"),
        ("zip", ReasonCode::ZipUnsupported, "asks for decompression"),
    ] {
        if let Some(value) = header.member(member) {
            return Err(HeaderDefect {
                code,
                message: format!("the token's header {what} with `{member}`, which no login token needs"),
                actual: Some(value.written().into()),
            });
        }
    }
    Ok(())
}

/// Keys that the token offers are never used; they still have to be what they are called.
fn offered_keys(header: Value<'_>) -> Result<(), HeaderDefect> {
    // What stands there may be somebody's private key, so none of it is repeated.
    let invalid = |member: &str, wanted: &str| HeaderDefect {
        code: ReasonCode::HeaderInvalid,
        message: format!("the header member `{member}` is not {wanted}"),
        actual: None,
    };
    for member in ["jku", "x5u", "x5t", "x5t#S256"] {
        header.member(member).map_or(Ok(Cow::Borrowed("")), |value| text(member, value))?;
    }
    if let Some(chain) = header.member("x5c")
        && chain.strings().is_none()
    {
        return Err(invalid("x5c", "an array of strings"));
    }
    if let Some(key) = header.member("jwk")
        && !keys::is_public_key(key)
    {
        return Err(invalid("jwk", "one public key"));
    }
    Ok(())
}

/// Whether the token says that it is no login.
pub(super) fn says_otherwise(header: Value<'_>) -> [bool; 2] {
    [content_type(header).is_err(), kind_of_token(header).is_err()]
}

fn content_type(header: Value<'_>) -> Result<(), HeaderDefect> {
    let Some(cty) = header.member("cty") else { return Ok(()) };
    let cty = text("cty", cty)?;
    if without_application(&cty).eq_ignore_ascii_case("jwt") {
        return Err(HeaderDefect {
            code: ReasonCode::CtyNested,
            message: "the token wraps another token (`cty` is `JWT`)".into(),
            actual: Some(cty.into()),
        });
    }
    Ok(())
}

fn kind_of_token(header: Value<'_>) -> Result<(), HeaderDefect> {
    let Some(typ) = header.member("typ") else { return Ok(()) };
    let typ = text("typ", typ)?;
    let kind = without_application(&typ);
    if kind.eq_ignore_ascii_case("jwt") || kind.eq_ignore_ascii_case("at+jwt") {
        return Ok(());
    }
    Err(HeaderDefect {
        code: ReasonCode::TypNotAllowed,
        message: format!("the token is of type `{}`; a login token is `JWT` or `at+jwt`", shown(&typ)),
        actual: Some(typ.into()),
    })
}

/// A media type without the prefix that RFC 7515 section 4.1.9 lets a header leave out.
fn without_application(kind: &str) -> &str {
    const PREFIX: &str = "application/";
    match kind.split_at_checked(PREFIX.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(PREFIX) => rest,
        _ => kind,
    }
}

fn text<'t>(member: &str, value: Value<'t>) -> Result<Cow<'t, str>, HeaderDefect> {
    value.string().ok_or_else(|| HeaderDefect {
        code: ReasonCode::HeaderInvalid,
        message: format!("the header member `{member}` is {}, not a string", value.kind().describe()),
        // An object may be a private key that somebody put under the wrong name.
        actual: (!matches!(value.kind(), Kind::Object | Kind::Array)).then(|| value.written().into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::json::{Document, Duplicates};
    use alloc::vec::Vec;

    fn judge(header: &str) -> Result<(Algorithm, Option<String>), ReasonCode> {
        let document = Document::parse(header, Duplicates::RefusedAtTop);
        read(document.as_ref().map(Document::root))
            .map(|header| (header.algorithm, header.key_id.map(Cow::into_owned)))
            .map_err(|defect| defect.code)
    }

    #[test]
    fn an_ordinary_header_names_algorithm_and_key() {
        assert_eq!(judge(r#"{"alg":"RS256","kid":"k","x":1}"#), Ok((Algorithm::RS256, Some("k".into()))));
        for nothing in [r#"{"alg":"RS256"}"#, r#"{"alg":"RS256","kid":""}"#, r#"{"alg":"RS256","kid":null}"#] {
            assert_eq!(judge(nothing), Ok((Algorithm::RS256, None)));
        }
    }

    #[test]
    fn the_type_may_be_absent_jwt_or_at_jwt_in_any_case() {
        for typ in ["JWT", "jwt", "at+jwt", "AT+JWT", "application/jwt", "Application/at+JWT"] {
            assert!(judge(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#)).is_ok(), "{typ}");
        }
        for typ in ["", "JOSE", "logout+jwt", "dpop+jwt", "application/", "application/application/jwt", "jwt "] {
            assert_eq!(judge(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#)), Err(ReasonCode::TypNotAllowed), "{typ}");
        }
    }

    #[test]
    fn each_demand_has_its_own_reason() {
        for (member, code) in [
            (r#""crit":[]"#, ReasonCode::CritUnsupported),
            (r#""crit":["b64"],"b64":true"#, ReasonCode::B64Unsupported),
            (r#""zip":null"#, ReasonCode::ZipUnsupported),
            (r#""cty":"jwt""#, ReasonCode::CtyNested),
            (r#""cty":1"#, ReasonCode::HeaderInvalid),
            (r#""typ":null"#, ReasonCode::HeaderInvalid),
            (r#""kid":1"#, ReasonCode::HeaderInvalid),
            (r#""kid":"a","kid":"a""#, ReasonCode::HeaderDuplicateMember),
            (r#""jku":1"#, ReasonCode::HeaderInvalid),
            (r#""x5c":"garbage""#, ReasonCode::HeaderInvalid),
        ] {
            assert_eq!(judge(&format!(r#"{{"alg":"ES256",{member}}}"#)), Err(code), "{member}");
        }
    }

    #[test]
    fn an_offered_key_is_one_public_key_or_the_header_is_invalid() {
        const EC: &str = r#""kty":"EC","crv":"P-256","x":"AQ","y":"Ag""#;
        const RSA: &str = r#""kty":"RSA","n":"AQ","e":"AQAB""#;
        const OKP: &str = r#""kty":"OKP","crv":"Ed25519","x":"AQ""#;
        let object = |members: &str| format!("{{{members}}}");
        let public: Vec<String> = [EC, RSA, OKP].map(object).into();
        for jwk in &public {
            assert!(judge(&format!(r#"{{"alg":"ES256","jwk":{jwk}}}"#)).is_ok(), "{jwk}");
        }
        let mut others: Vec<String> =
            ["null", "true", "1", "\"\"", "[]", "{}", r#"{"keys":[]}"#, r#"{"keys":null}"#].map(Into::into).into();
        for key_type in ["oct", "AKP", "ec", "FOO", ""] {
            others.push(object(&format!(r#""kty":"{key_type}","k":"","pub":"AQ""#)));
        }
        for jwk in &public {
            others.push(format!("[{jwk}]"));
            others.push(format!(r#"{{"keys":[{jwk}]}}"#));
            others.push(format!(r#"{{"jwk":{jwk}}}"#));
            others.push(jwk.replace(r#""kty""#, r#""keys":[],"kty":"oct","kty""#));
            for private in ["d", "D", "p", "q", "dp", "dq", "qi", "oth", "priv"] {
                others.push(jwk.replacen('{', &format!(r#"{{"{private}":"c2VjcmV0","#), 1));
            }
        }
        for jwk in others {
            let header = format!(r#"{{"alg":"ES256","jwk":{jwk}}}"#);
            let document = Document::parse(&header, Duplicates::RefusedAtTop);
            let defect = read(document.as_ref().map(Document::root)).unwrap_err();
            assert_eq!(defect.code, ReasonCode::HeaderInvalid, "{jwk}");
            assert!(!format!("{defect:?}").contains("c2VjcmV0"), "{defect:?}");
        }
    }

    #[test]
    fn a_strange_algorithm_is_told_which_are_accepted() {
        let document = Document::parse(r#"{"alg":"ES256K"}"#, Duplicates::RefusedAtTop);
        let defect = read(document.as_ref().map(Document::root)).unwrap_err();
        let accepted = "accepted are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA and Ed25519";
        assert_eq!(defect.message, format!("the token names the algorithm `ES256K`; {accepted}"));
    }

    #[test]
    fn an_algorithm_is_one_exact_name() {
        for alg in ["none", "HS256", "rs256", "RS256 ", "ES256K", "ed25519", "ED25519", "Ed25519 ", "Ed448", ""] {
            assert_eq!(judge(&format!(r#"{{"alg":"{alg}"}}"#)), Err(ReasonCode::AlgNotAllowed), "{alg}");
        }
        for header in ["{}", r#"{"alg":null}"#, r#"{"alg":["RS256"]}"#, r#"{"alg":{"RS256":null}}"#, "[]", "{"] {
            assert_eq!(judge(header), Err(ReasonCode::HeaderInvalid), "{header}");
        }
    }
}
