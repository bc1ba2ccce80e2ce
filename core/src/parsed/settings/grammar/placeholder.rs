//! Was something left in that a template or a person should have filled in? `${AUDIENCE}`, `<tenant-id>`, `YOUR_…_HERE`.

use crate::parsed::settings::names::SettingName;

/// Longer ones are none.
const BYTES_MAX: usize = 64;

/// Values are looked through so far.
const LOOKED_AT_MAX: usize = 65_536;

/// The first placeholder in a setting's value, and where it begins.
pub(crate) fn find(name: SettingName, value: &str) -> Option<(usize, &str)> {
    let is_map = name == SettingName::IdentityMap;
    let forms: &[Form] = if is_map { &IN_REGEXES } else { &ANYWHERE };
    let mut at = 0;
    for line in value.split_inclusive('\n') {
        if at > LOOKED_AT_MAX {
            break;
        }
        if !(is_map && line.trim_start().starts_with('#')) {
            let found = line.char_indices().find_map(|(start, _)| Some((start, in_line(line, start, forms)?)));
            if let Some((start, placeholder)) = found {
                return Some((at + start, placeholder));
            }
        }
        at += line.len();
    }
    None
}

fn in_line<'l>(line: &'l str, start: usize, forms: &[Form]) -> Option<&'l str> {
    let rest = line.get(start..)?;
    let before = line.get(..start)?.chars().next_back();
    forms.iter().find_map(|form| form.of(rest, before)).or_else(|| spelt_out(rest, before))
}

/// A name between two marks.
#[derive(Clone, Copy)]
struct Form {
    open: &'static str,
    close: &'static str,
    /// Characters of the name besides letters, digits and `_`.
    also: &'static str,
    /// The shortest name.
    least: usize,
}

const fn form(open: &'static str, close: &'static str, also: &'static str, least: usize) -> Form {
    Form { open, close, also, least }
}

const IN_REGEXES: [Form; 5] = [
    form("${", "}", ".-:", 1),
    form("{{", "}}", " .-|()\"'", 1),
    form("{%", "%}", " .-|()\"'", 1),
    form("<", ">", " .-", 1),
    // Percent-encoded bytes (`%C3%A9`) have two characters.
    form("%", "%", "", 3),
];

const ANYWHERE: [Form; 9] = [
    IN_REGEXES[0],
    IN_REGEXES[1],
    IN_REGEXES[2],
    IN_REGEXES[3],
    IN_REGEXES[4],
    form("$(", ")", " .-", 1),
    form("{", "}", ".-", 1),
    form("__", "__", "", 2),
    form("$", "", "", 1),
];

impl Form {
    fn of(self, rest: &str, before: Option<char>) -> Option<&str> {
        let inside = rest.strip_prefix(self.open)?;
        // `(?P<name>…)` and `(?<name>…)` are groups of a regex.
        if self.open == "<" && matches!(before, Some('P' | '?')) {
            return None;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || self.also.contains(c);
        // No more is looked at than a placeholder is long: every place of a value may begin one.
        let length = inside.bytes().take(BYTES_MAX + self.close.len()).take_while(|&byte| is_name(byte.into())).count();
        let (name, after) = inside.split_at_checked(length)?;
        // The mark behind it may be of the name's own characters.
        let name = if after.starts_with(self.close) { name } else { name.strip_suffix(self.close)? };
        // Templates begin with blanks and dots: `{{- .Values.audience }}`.
        let first = if self.open.starts_with('{') { name.trim_start_matches([' ', '.', '-']) } else { name };
        let begins = first.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let is_placeholder = begins && name.len() >= self.least && name.len() <= BYTES_MAX;
        is_placeholder.then(|| rest.get(..self.open.len() + name.len() + self.close.len()))?
    }
}

/// `YOUR_CLIENT_ID`, `PASTE_ISSUER_HERE`, `CHANGEME`, `xxxxxxxx`: a word that asks to be replaced.
fn spelt_out(rest: &str, before: Option<char>) -> Option<&str> {
    const WORDS: [&str; 9] =
        ["changeme", "change_me", "change-me", "replaceme", "replace_me", "replace-me", "todo", "fixme", "placeholder"];
    let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if before.is_some_and(in_word) {
        return None;
    }
    let word = rest.get(..rest.find(|c| !in_word(c)).unwrap_or(rest.len())).filter(|word| word.len() <= BYTES_MAX)?;
    let plain = word.to_ascii_lowercase();
    let asks = WORDS.contains(&&*plain)
        || ["your_", "your-", "insert_", "replace_with"].iter().any(|start| plain.starts_with(start))
        || ["_here", "-here"].iter().any(|end| plain.ends_with(end))
        || plain.len() >= 4 && plain.starts_with("xxx") && plain.bytes().all(|byte| matches!(byte, b'x' | b'-'));
    asks.then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_every_kind_are_found_where_they_stand() {
        for (text, found) in [
            ("${AUDIENCE}", "${AUDIENCE}"),
            ("https://login.microsoftonline.com/<Azure_Tenant_Id>/v2.0", "<Azure_Tenant_Id>"),
            ("https://login.microsoftonline.com/{tenantid}/v2.0", "{tenantid}"),
            ("[\"a\", \"{{ x }}\"]", "{{ x }}"),
            ("{{ .Values.audience | quote }}", "{{ .Values.audience | quote }}"),
            ("https://$DOMAIN/", "$DOMAIN"),
            ("$(AUDIENCE)", "$(AUDIENCE)"),
            ("%AUDIENCE%", "%AUDIENCE%"),
            ("__ISSUER__", "__ISSUER__"),
            ("https://YOUR_DOMAIN/", "YOUR_DOMAIN"),
            ("your-client-id", "your-client-id"),
            ("PASTE_ISSUER_HERE", "PASTE_ISSUER_HERE"),
            ("changeme", "changeme"),
            ("xxxxxxxx-xxxx-xxxx", "xxxxxxxx-xxxx-xxxx"),
        ] {
            let place = text.find(found).unwrap();
            assert_eq!(find(SettingName::Audience, text), Some((place, found)), "{text}");
        }
    }

    #[test]
    fn ordinary_values_and_regexes_hold_none() {
        for text in [
            "https://idp.example/realms/r",
            "https://a/%C3%A9%20x",
            r#"{"issuer_jwks_map":{"https://a":"https://a/k"}}"#,
            "6e74172b-be56-4843-9ff4-e66a39bb12e3",
            "db-login",
            "<",
            "yours",
            "api://a",
        ] {
            assert_eq!(find(SettingName::Audience, text), None, "{text}");
        }
        for map in [
            "# <issuer> ${x}\nhttps://a /^(.*)@example\\.com$ \\1",
            "https://a /^(?P<name>[a-z]{2,3})$ \\1",
            "https://a /^\\p{Greek}{2}$ x",
        ] {
            assert_eq!(find(SettingName::IdentityMap, map), None, "{map}");
        }
        assert_eq!(find(SettingName::IdentityMap, "# x\nhttps://<domain> a b"), Some((12, "<domain>")));
    }
}
