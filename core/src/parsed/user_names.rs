//! Whose users are they? Each kind of server has rules of its own for the name of a SQL user, and users of its own whom no
//! token may be.

use alloc::{borrow::Cow, collections::BTreeSet, string::String};

use crate::{
    ground::{limits::SQL_USER_BYTES_MAX, text::is_invisible},
    parsed::sql_user::{self, NameDefect},
};

/// A kind of server, by the rules that it has for names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Host {
    #[default]
    Cockroachdb,
    Postgresql,
    /// MySQL and MariaDB.
    Mysql,
}

impl Host {
    const ALL: &'static [Self] = &[Self::Cockroachdb, Self::Postgresql, Self::Mysql];

    /// The kinds, as `engine.user_names` names them.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|host| host.as_str())
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Cockroachdb => "cockroachdb",
            Self::Postgresql => "postgresql",
            Self::Mysql => "mysql",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|host| host.as_str() == name)
    }

    /// Whether the server keeps the name, folded as all reserved names are, for users of its own or of who runs it.
    /// A name that only some services have is nobody's elsewhere: to reserve it everywhere costs nothing.
    fn keeps(self, folded: &str) -> bool {
        let (names, starts) = self.kept();
        names.contains(&folded) || starts.iter().any(|start| folded.starts_with(start))
    }

    /// The names that the server keeps, and what others begin with that it keeps, folded.
    const fn kept(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Cockroachdb => sql_user::RESERVED,
            Self::Postgresql => (
                &["postgres", "root", "public", "none", "barman", "replicator", "streaming_replica"],
                &["pg_", "rds", "cloudsql", "alloydb", "azure_", "azuresu", "pgbouncer"],
            ),
            Self::Mysql => (
                &["mysql", "root", "public", "none", "event_scheduler", "system user", "unauthenticated user"],
                &["mysql.", "mariadb.", "rds", "cloudsql", "azure_", "azuresu", "debian-sys-"],
            ),
        }
    }
}

/// Characters as sorted ranges.
pub(crate) type Ranges = &'static [(char, char)];

/// The rules for names of SQL users, as one server has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UserNames {
    host: Host,
    /// Folded.
    reserved: BTreeSet<String>,
}

impl UserNames {
    /// The rules of that kind of server, with more names that no token may have.
    pub(crate) fn new(host: Host, reserved: &[String]) -> Self {
        Self { host, reserved: reserved.iter().map(|name| folded(name)).collect() }
    }

    /// The name as the server stores it. PostgreSQL and MySQL take names as they are written.
    pub(crate) fn normalized<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.host {
            Host::Cockroachdb => sql_user::normalized(name),
            Host::Postgresql | Host::Mysql => Cow::Borrowed(name),
        }
    }

    /// Whether storing the name changes it by no more than ASCII case.
    pub(crate) fn is_plain(&self, name: &str) -> bool {
        match self.host {
            Host::Cockroachdb => sql_user::is_plain(name),
            Host::Postgresql | Host::Mysql => true,
        }
    }

    /// Whether no token may log in as the user of this normalised name. Where case tells users apart, `Postgres` is
    /// reserved with `postgres`: whoever is called so is no ordinary user either.
    pub(crate) fn is_reserved(&self, name: &str) -> bool {
        match self.host {
            Host::Cockroachdb => self.host.keeps(name) || self.reserved.contains(name),
            Host::Postgresql | Host::Mysql => {
                let folded = folded(name);
                self.host.keeps(&folded) || self.reserved.contains(&folded)
            }
        }
    }

    /// Whether a user may have this normalised name; otherwise why not, as a sentence about it.
    pub(crate) fn check(&self, name: &str) -> Result<(), &'static str> {
        match self.host {
            Host::Cockroachdb => sql_user::check(name).map_err(NameDefect::describe),
            Host::Postgresql if name.len() > SQL_USER_BYTES_MAX => Err(NameDefect::TooLong.describe()),
            Host::Mysql if name.chars().count() > MYSQL_CHARACTERS_MAX => Err("it is longer than 80 characters"),
            Host::Postgresql | Host::Mysql if name.is_empty() => Err(NameDefect::Empty.describe()),
            Host::Postgresql | Host::Mysql if name.trim() != name => Err("it begins or ends with white space"),
            Host::Postgresql | Host::Mysql if name.chars().any(is_unseen) => {
                Err("it holds a character that nobody can see")
            }
            Host::Postgresql | Host::Mysql => Ok(()),
        }
    }

    /// The character for which [`Self::check`] refuses the name, or, with `true`, that no name may begin with.
    pub(crate) fn misplaced(&self, name: &str) -> Option<(char, bool)> {
        match self.host {
            Host::Cockroachdb => {
                sql_user::misplaced(name).filter(|_| sql_user::check(name) == Err(NameDefect::Invalid))
            }
            Host::Postgresql | Host::Mysql => None,
        }
    }

    /// Whether both store every name alike; what they reserve may differ.
    pub(crate) fn stores_like(&self, other: &Self) -> bool {
        let folds = |host: Host| matches!(host, Host::Cockroachdb);
        folds(self.host) == folds(other.host)
    }

    /// The characters that a name may begin with, and those that may follow, as sorted ranges, before it is normalised: no
    /// name of others passes [`Self::check`], though not all of these do.
    pub(crate) fn characters(&self) -> (Ranges, Ranges) {
        match self.host {
            Host::Cockroachdb => (NAME_START, NAME),
            Host::Postgresql | Host::Mysql => (&[('!', '~'), NOT_ASCII], &[(' ', '~'), NOT_ASCII]),
        }
    }

    /// Names that are reserved, and what others begin with that are, folded.
    pub(crate) fn reserved(&self) -> (impl Iterator<Item = &str>, &'static [&'static str]) {
        let (names, starts) = self.host.kept();
        (names.iter().copied().chain(self.reserved.iter().map(String::as_str)), starts)
    }

    /// What a name may be, for people.
    pub(crate) fn pattern(&self) -> &'static str {
        match self.host {
            Host::Cockroachdb => "lower-case letters, digits, _ . - (the first no . or -), at most 63 bytes",
            Host::Postgresql => "characters that can be seen, no white space around them, at most 63 bytes",
            Host::Mysql => "characters that can be seen, no white space around them, at most 80 characters",
        }
    }
}

/// The characters that CockroachDB's names have, in either case, and all that are not ASCII.
const NAME_START: Ranges = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'), NOT_ASCII];
const NAME: Ranges = &[('-', '.'), ('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'), NOT_ASCII];
const NOT_ASCII: (char, char) = ('\u{80}', char::MAX);

/// MariaDB's limit; MySQL's is 32, and it has no user of a longer name.
const MYSQL_CHARACTERS_MAX: usize = 80;

/// The name as reserved names are compared: without regard to case or to how accents are written.
fn folded(name: &str) -> String {
    sql_user::normalized(name).into_owned()
}

fn is_unseen(character: char) -> bool {
    character.is_control() || is_invisible(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(host: Host) -> UserNames {
        UserNames::new(host, &["Backup".into()])
    }

    #[test]
    fn each_server_keeps_its_own_users() {
        for (host, kept, ordinary) in [
            (Host::Cockroachdb, ["root", "node", "pg_x", "backup"].as_slice(), ["postgres", "mysql.sys", "rdsadmin"]),
            (
                Host::Postgresql,
                &[
                    "postgres",
                    "Postgres",
                    "POSTGRES",
                    "pg_monitor",
                    "PG_x",
                    "rdsadmin",
                    "cloudsqlsuperuser",
                    "BACKUP",
                    "root",
                ],
                ["ada", "node", "mysql.sys"],
            ),
            (
                Host::Mysql,
                &["root", "Root", "mysql", "mysql.sys", "MYSQL.session", "mariadb.sys", "event_scheduler", "backup"],
                ["postgres", "pg_x", "roots"],
            ),
        ] {
            for name in kept {
                assert!(of(host).is_reserved(name), "{host:?}: {name}");
            }
            for name in ordinary {
                assert!(!of(host).is_reserved(name), "{host:?}: {name}");
            }
        }
    }

    #[test]
    fn only_cockroachdb_changes_names() {
        for (host, stored) in [(Host::Cockroachdb, "ada"), (Host::Postgresql, "Ada"), (Host::Mysql, "Ada")] {
            assert_eq!(of(host).normalized("Ada"), stored);
        }
        assert!(!of(Host::Cockroachdb).is_plain("admın"));
        assert!(of(Host::Postgresql).is_plain("admın"), "it is another user than `admin`");
    }

    #[test]
    fn names_have_the_servers_characters_and_length() {
        for name in ["ada@corp.example", "o'brien", "app$1", "Ada", "a b", "中", "\""] {
            assert!(of(Host::Cockroachdb).check(name).is_err(), "{name}");
            for host in [Host::Postgresql, Host::Mysql] {
                assert_eq!(of(host).check(name), Ok(()), "{host:?}: {name}");
            }
        }
        for name in ["", " ada", "ada ", "a\0", "a\nb", "a\u{200b}b", "a\u{202e}b", &"a".repeat(81)] {
            for host in [Host::Cockroachdb, Host::Postgresql, Host::Mysql] {
                assert!(of(host).check(name).is_err(), "{host:?}: {name:?}");
            }
        }
        assert!(of(Host::Postgresql).check(&"é".repeat(32)).is_err());
        assert!(of(Host::Mysql).check(&"é".repeat(80)).is_ok());
    }
}
