//! What was done to the letters of a token? Line breaks, percent-encoding and its relatives, base64 for base64url, base64 of
//! the whole.

use alloc::string::String;

use super::{
    layer::{Layer, Under},
    scan::{self, is_of_tokens},
};
use crate::ground::{base64url, text::is_invisible};

/// White space and invisible characters inside a text that has nothing else beside the characters of tokens.
pub(super) fn breaks(text: &str) -> Option<Under> {
    let blank = |c: char| c.is_whitespace() || is_invisible(c);
    let ours = |c: char| u8::try_from(c).is_ok_and(|byte| is_of_tokens(byte) || b"+/=".contains(&byte));
    // A line of a shell ends with `\` where it goes on, and some tools print `\n` for a line break.
    let unescaped = text.replace("\\r", "").replace("\\n", "\n").replace("\\\n", "\n").replace("\\\r\n", "\n");
    let joined: String = unescaped.chars().filter(|&c| !blank(c)).collect();
    if joined.len() == text.len() || !joined.chars().all(ours) || !scan::begins(&joined) {
        return None;
    }
    // Two tokens, each on its own line, are not one in two lines.
    if unescaped.split(blank).filter(|piece| scan::is_whole(piece)).count() > 0 {
        return None;
    }
    let lines = unescaped.trim().matches('\n').count();
    let layer = match lines {
        0 if unescaped.chars().any(|c| blank(c) && !c.is_whitespace()) => {
            Layer::new("invisible characters stand in the token", "remove the invisible characters")
        }
        0 => Layer::new("spaces or tabs stand in the token", "remove the spaces and tabs"),
        1 => Layer::new("a line break stands in the token", "remove the line break"),
        _ => Layer::new("line breaks stand in the token", "remove the line breaks"),
    };
    Some(Under::text(layer, joined))
}

/// A token whose dots became something else.
pub(super) fn undotted(text: &str) -> Option<Under> {
    let mark = [' ', ',', ';', '|', ':', '\n', '\t'].into_iter().find(|&mark| text.contains(mark))?;
    let token = text.replace(mark, ".");
    let layer = Layer::new(
        "other characters stand where the token's two dots belong",
        "put a dot between each two of its parts",
    );
    (!text.contains('.') && scan::is_whole(&token)).then(|| Under::text(layer, token))
}

/// Characters of a token that were written as escapes.
pub(super) fn escaped(text: &str) -> Option<Under> {
    type Decode = fn(&str) -> Option<String>;
    const FORMS: [(Decode, &str, &str); 5] = [
        (percent, "the token is URL-encoded (percent signs such as `%2E` for `.`)", "decode the `%` escapes"),
        (
            quoted_printable,
            "the token is quoted-printable, as e-mails are",
            "take it from the decoded e-mail, without the `=` at the ends of lines",
        ),
        (entities, "the token is HTML-encoded (`&quot;`, `&#46;`)", "decode the `&` escapes"),
        (
            backslashes,
            "backslash escapes stand in the text, as in JSON inside a string",
            "decode the backslash escapes",
        ),
        (dashes, "a word processor made other dashes of the token's `-`", "copy the token from where it was issued"),
    ];
    let (text, fact, fix) = FORMS.iter().find_map(|(decode, fact, fix)| {
        let decoded = decode(text).filter(|decoded| decoded != text)?;
        Some((decoded, fact, fix))
    })?;
    Some(Under::text(Layer::new(*fact, *fix), text))
}

/// A token whose parts are base64 and not base64url.
pub(super) fn other_alphabet(text: &str) -> Option<Under> {
    let changed = scan::in_url_alphabet(text)?;
    let layer = Layer::new(
        "the token's parts are in standard base64, with `+`, `/` or `=`",
        "send the token as it was issued: in base64url, with `-` and `_` and without `=`",
    );
    scan::is_token(&changed).then(|| Under::text(layer, changed))
}

/// A whole text in base64 or, as databases print bytes, in hexadecimal.
pub(super) fn encoded(text: &str) -> Option<Under> {
    if text.len() < 16 || text.contains('.') {
        return None;
    }
    let symbols: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let hexadecimal = symbols.strip_prefix("\\x").or_else(|| symbols.strip_prefix("0x")).unwrap_or(&symbols);
    if let Some(inner) = from_hexadecimal(hexadecimal).filter(|inner| is_told(inner)) {
        return Some(Under::text(Layer::new("the text is in hexadecimal", "decode it"), inner));
    }
    let url = symbols.trim_end_matches('=').replace('+', "-").replace('/', "_");
    // The last character may hold bits that nobody reads.
    let bytes = base64url::decode_lenient(&url)?;
    let inner = String::from_utf8(bytes).ok().filter(|inner| is_told(inner))?;
    Some(Under::text(Layer::new("the text is base64 of another text", "decode the base64"), inner))
}

/// Whether there is anything to say of a decoded text: a token, an answer, XML. A JWT's header alone is no such text.
fn is_told(inner: &str) -> bool {
    let start = inner.trim_start();
    let document = start.starts_with('{') && !["\"alg\"", "\"typ\"", "\"kid\""].iter().any(|name| start.contains(name));
    scan::holds_any(inner) || document || start.starts_with('<') || start.starts_with("-----BEGIN")
}

fn from_hexadecimal(text: &str) -> Option<String> {
    if text.len() % 2 == 1 {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2);
    let bytes =
        pairs.map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()).collect::<Option<_>>()?;
    String::from_utf8(bytes).ok()
}

fn percent(text: &str) -> Option<String> {
    after_sign(text, '%')
}

/// RFC 2045 section 6.7: `=` and two digits, or `=` at the end of a line that goes on.
fn quoted_printable(text: &str) -> Option<String> {
    if !["=\n", "=\r\n", "=2E", "=3D", "=2D", "=5F"].iter().any(|escape| text.contains(escape)) {
        return None;
    }
    let joined = text.replace("=\r\n", "").replace("=\n", "");
    let decoded = after_sign(&joined, '=').unwrap_or(joined);
    (scan::holds_any(&decoded) && decoded != text).then_some(decoded)
}

/// The text with every sign and its two hexadecimal digits, in upper case as both encodings write them or in lower, resolved.
fn after_sign(text: &str, sign: char) -> Option<String> {
    let mut pieces = text.split(sign);
    let mut decoded = String::from(pieces.next()?);
    let mut found = false;
    for piece in pieces {
        let code = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.filter(|code| matches!(code, b'\t' | b'\n' | b'\r' | b' '..=0x7e)) {
            Some(code) => {
                found = true;
                decoded.push(char::from(code));
                decoded.push_str(piece.get(2..).unwrap_or_default());
            }
            None => {
                decoded.push(sign);
                decoded.push_str(piece);
            }
        }
    }
    found.then_some(decoded)
}

fn entities(text: &str) -> Option<String> {
    const KNOWN: [(&str, &str); 14] = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#46;", "."),
        ("&#x2e;", "."),
        ("&#x2E;", "."),
        ("&period;", "."),
        ("&lowbar;", "_"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    if !text.contains('&') {
        return None;
    }
    Some(KNOWN.iter().fold(String::from(text), |text, (escape, meant)| text.replace(escape, meant)))
}

fn backslashes(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let known = [
        ("\\u002e", "."),
        ("\\u002E", "."),
        ("\\u002d", "-"),
        ("\\u002D", "-"),
        ("\\u005f", "_"),
        ("\\u005F", "_"),
        ("\\u0022", "\""),
        ("\\\"", "\""),
        ("\\'", "'"),
        ("\\/", "/"),
        ("\\.", "."),
        ("\\-", "-"),
        ("\\_", "_"),
    ];
    Some(known.iter().fold(String::from(text), |text, (escape, meant)| text.replace(escape, meant)))
}

fn dashes(text: &str) -> Option<String> {
    const DASHES: [char; 6] = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'];
    text.contains(DASHES).then(|| text.replace('\u{2014}', "--").replace(DASHES, "-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telling::pasted::layer::Inside;
    use alloc::{format, vec::Vec};

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA-AAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn inner(under: Option<Under>) -> Option<String> {
        match under?.inside {
            Inside::Text(text) => Some(text),
            Inside::Tokens(_) => None,
        }
    }

    #[test]
    fn line_breaks_come_out_at_every_wrap() {
        for width in 1..TOKEN.len() {
            for with in ["\n", "\r\n", " ", "\n\t", "\\\n", "\u{200b}"] {
                let pieces: Vec<_> =
                    TOKEN.as_bytes().chunks(width).map(|piece| core::str::from_utf8(piece).unwrap()).collect();
                assert_eq!(inner(breaks(&pieces.join(with))).as_deref(), Some(TOKEN), "{width} {with:?}");
            }
        }
        assert!(breaks(TOKEN).is_none());
        assert!(breaks(&format!("{TOKEN}\n{TOKEN}")).is_none());
    }

    #[test]
    fn quoted_printable_comes_out_at_every_wrap() {
        for width in 8..TOKEN.len() {
            for with in ["=\n", "=\r\n"] {
                let pieces: Vec<_> =
                    TOKEN.as_bytes().chunks(width).map(|piece| core::str::from_utf8(piece).unwrap()).collect();
                assert_eq!(inner(escaped(&pieces.join(with))).as_deref(), Some(TOKEN), "{width} {with:?}");
            }
        }
    }

    #[test]
    fn escapes_of_every_form_come_out() {
        for (dot, minus) in
            [("%2E", "-"), ("%2e", "%2D"), ("=2E", "-"), ("&#46;", "-"), ("\\u002e", "\\u002d"), (".", "\u{2011}")]
        {
            let text = TOKEN.replace('-', minus).replace('.', dot);
            assert_eq!(inner(escaped(&text)).as_deref(), Some(TOKEN), "{text}");
        }
        assert!(escaped(TOKEN).is_none());
    }

    #[test]
    fn the_other_alphabet_and_base64_of_a_token_are_read() {
        assert_eq!(inner(other_alphabet(&(TOKEN.replace('-', "+").replace('_', "/") + "="))).as_deref(), Some(TOKEN));
        let hexadecimal: String = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(inner(encoded(&format!("\\x{hexadecimal}"))).as_deref(), Some(TOKEN));
        assert!(encoded("eyJhbGciOiJIUzI1NiJ9").is_none());
    }
}
