//! What does host-based authentication say of a user? (CockroachDB's `server.host_based_authentication.configuration`)
//!
//! The text decides about logins without a token. It is read here to tell what it means beside one, and decides nothing.

use alloc::{format, string::String, vec::Vec};

use crate::{
    ground::{fault::Fault, reason::ReasonCode::SettingWrongType, text::shown},
    parsed::sql_user,
};

/// One line of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    /// Counted from 1.
    pub(crate) number: usize,
    /// Where it begins, in bytes.
    pub(crate) offset: usize,
    doors: Doors,
    /// The users, normalised; none where it is about all of them.
    users: Option<Vec<String>>,
    is_for_every_address: bool,
    pub(crate) method: Method,
    pub(crate) method_name: &'t str,
}

/// What a line asks of whoever connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Nobody gets in.
    Reject,
    /// Everybody gets in.
    Trust,
    /// A token, by the client's own way of sending one.
    Token,
    /// A password, a certificate or something else.
    Proof,
}

/// The kinds of connection that a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Doors {
    local: bool,
    tls: bool,
    plain: bool,
}

/// Reads the lines, empty ones and comments left out.
///
/// # Errors
/// The database would not take the text.
pub(crate) fn lines(text: &str) -> Result<Vec<Line<'_>>, Fault> {
    let mut offset: usize = 0;
    let mut lines = Vec::new();
    for (index, written) in text.split('\n').enumerate() {
        let number = index.saturating_add(1);
        let fields = fields(written);
        if let Some(&(first, _)) = fields.first() {
            let read = line(&fields, number, offset.saturating_add(first));
            lines.push(read.map_err(|(at, what)| wrong(number, offset.saturating_add(at), &what))?);
        }
        offset = offset.saturating_add(written.len()).saturating_add(1);
    }
    Ok(lines)
}

/// The lines that decide about a user, depending on where they connect from: the first one that fits does.
pub(crate) fn reached_by<'l, 't>(lines: &'l [Line<'t>], user: &str) -> Vec<&'l Line<'t>> {
    let mut open = Doors { local: true, tls: true, plain: true };
    let mut reached = Vec::new();
    for line in lines {
        let is_about = line.users.as_ref().is_none_or(|users| users.iter().any(|name| name == user));
        if !is_about || !open.meets(line.doors) {
            continue;
        }
        reached.push(line);
        if line.is_for_every_address {
            open = open.without(line.doors);
        }
    }
    reached
}

/// A name as a line holds it, so that it is no keyword and no list.
pub(crate) fn written(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if is_plain && !name.is_empty() && name != "all" { name.into() } else { format!("\"{name}\"") }
}

type Field<'t> = (usize, &'t str);

/// The fields of a line with their offsets: blanks part them, but not inside quotes, and `#` begins a comment.
fn fields(line: &str) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let (mut start, mut is_quoted) = (None, false);
    for (at, character) in line.char_indices() {
        let ends = !is_quoted && (character == '#' || character.is_whitespace());
        match (ends, start) {
            (true, Some(from)) => {
                fields.extend(line.get(from..at).map(|text| (from, text)));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
        if ends && character == '#' {
            return fields;
        }
        is_quoted ^= character == '"';
    }
    fields.extend(start.and_then(|from| line.get(from..).map(|text| (from, text))));
    fields
}

fn line<'t>(fields: &[Field<'t>], number: usize, offset: usize) -> Result<Line<'t>, (usize, String)> {
    let end = fields.last().map_or(0, |&(at, text)| at.saturating_add(text.len()));
    let field = |index: usize, what: &str| {
        fields.get(index).copied().ok_or_else(|| (end, format!("has no {what} after `{}`", shown(last(fields)))))
    };
    let (at, kind) = field(0, "type")?;
    let doors = Doors::of(kind)
        .ok_or_else(|| (at, format!("begins with `{}`; it is one of local, host, hostssl, hostnossl", shown(kind))))?;
    let (at, database) = field(1, "database")?;
    if database != "all" {
        return Err((at, format!("is about the database `{}`; the database takes `all` alone", shown(database))));
    }
    let (_, users) = field(2, "user")?;
    let (address, method_at) = match doors.is_local() {
        true => (None, 3),
        false => {
            let (_, address) = field(3, "address")?;
            let has_mask = !address.contains('/') && address.parse::<core::net::IpAddr>().is_ok();
            (Some(address), if has_mask { 5 } else { 4 })
        }
    };
    let (_, method_name) = field(method_at, "method")?;
    Ok(Line {
        number,
        offset,
        doors,
        users: names(users),
        is_for_every_address: address.is_none_or(|address| matches!(address, "all" | "0.0.0.0/0" | "::/0")),
        method: Method::named(method_name),
        method_name,
    })
}

fn last<'t>(fields: &[Field<'t>]) -> &'t str {
    fields.last().map_or("", |&(_, text)| text)
}

/// The users of a list, with commas between them; none where one of them is everybody. In quotes a comma parts nothing, and
/// `all` is a name.
fn names(list: &str) -> Option<Vec<String>> {
    let mut is_quoted = false;
    let names = list.split(|character| {
        is_quoted ^= character == '"';
        character == ',' && !is_quoted
    });
    let name = |name: &str| (name != "all").then(|| sql_user::normalized(name.trim_matches('"')).into_owned());
    names.map(name).collect()
}

fn wrong(number: usize, offset: usize, what: &str) -> Fault {
    let message = format!("line {number} of host-based authentication {what}");
    let remedy = "write it as `host all USER ADDRESS METHOD` or `local all USER METHOD`";
    Fault::new(SettingWrongType, offset, message).with_remedy(remedy)
}

impl Method {
    fn named(name: &str) -> Self {
        match name {
            "reject" => Self::Reject,
            "trust" => Self::Trust,
            "oauth" | "jwt_token" => Self::Token,
            _ => Self::Proof,
        }
    }
}

impl Doors {
    fn of(kind: &str) -> Option<Self> {
        let none = Self { local: false, tls: false, plain: false };
        match kind {
            "local" => Some(Self { local: true, ..none }),
            "host" => Some(Self { tls: true, plain: true, ..none }),
            "hostssl" => Some(Self { tls: true, ..none }),
            "hostnossl" => Some(Self { plain: true, ..none }),
            _ => None,
        }
    }

    fn is_local(self) -> bool {
        self.local
    }

    fn meets(self, other: Self) -> bool {
        self.local && other.local || self.tls && other.tls || self.plain && other.plain
    }

    fn without(self, other: Self) -> Self {
        Self { local: self.local && !other.local, tls: self.tls && !other.tls, plain: self.plain && !other.plain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(text: &str, user: &str) -> Vec<(usize, Method)> {
        let lines = lines(text).unwrap();
        reached_by(&lines, user).into_iter().map(|line| (line.number, line.method)).collect()
    }

    #[test]
    fn the_first_line_that_fits_decides() {
        use Method::{Proof, Reject, Token, Trust};
        const TEXT: &str = "# who may come from where\n\nhost all alice,\"Bob\",\"d,e\" 10.0.0.0/8 reject\nhost  all \"all\" all trust # odd\n\
                            hostssl all all 192.168.0.1 255.255.255.0 cert\nhost all all all cert-password\nlocal all all oauth\n\
                            host all carol all password";
        assert_eq!(reached(TEXT, "alice"), [(3, Reject), (5, Proof), (6, Proof), (7, Token)]);
        assert_eq!(reached(TEXT, "bob"), reached(TEXT, "alice"));
        assert_eq!(reached(TEXT, "d,e"), reached(TEXT, "alice"));
        assert_eq!(reached("host all alice,all all trust", "zoe"), [(1, Trust)]);
        assert_eq!(reached(TEXT, "all"), [(4, Trust), (7, Token)]);
        assert_eq!(reached(TEXT, "carol"), [(5, Proof), (6, Proof), (7, Token)]);
        assert_eq!(reached("", "alice"), []);
    }

    #[test]
    fn what_the_database_would_not_take_is_said_with_its_place() {
        for (text, offset, word) in [
            ("host all all all", 16, "no method"),
            ("\nhosts all all all trust", 1, "begins with `hosts`"),
            ("host bank all all trust", 5, "database `bank`"),
            ("local all", 9, "no user"),
            ("host", 4, "no database"),
        ] {
            let fault = lines(text).unwrap_err();
            assert_eq!(fault.offset, offset, "{text}");
            assert!(fault.message.contains(word), "{}", fault.message);
        }
    }

    #[test]
    fn names_are_written_so_that_they_are_read_as_names() {
        for (name, expected) in [("alice", "alice"), ("all", "\"all\""), ("a,b", "\"a,b\""), ("o'k x", "\"o'k x\"")] {
            assert_eq!(written(name), expected);
        }
    }
}
