//! Whose rules decide? The profiles by their names; what each decides stands on the floor of the rules.

use core::fmt;

use crate::ground::named::named;

/// Whose rules decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// The default: fails closed, tells an unauthenticated client nothing, refuses settings that would let in more than
    /// they seem to.
    #[default]
    Hardened,
    /// The newest CockroachDB's order, grammar and messages, for an administrator who asks what the database would do.
    /// Where the database's token library tolerates malformed or hostile tokens, this profile still refuses them.
    Cockroachdb,
}

impl Profile {
    /// Every profile, the default first.
    ///
    /// # Example
    /// ```
    /// use sqljwt::Profile;
    /// assert!(Profile::all().iter().all(|profile| profile.as_str().parse() == Ok(*profile)));
    /// ```
    #[must_use]
    pub const fn all() -> &'static [Self] {
        &[Self::Hardened, Self::Cockroachdb]
    }

    /// The name in settings and documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hardened => "hardened",
            Self::Cockroachdb => "cockroachdb",
        }
    }
}

named!(Profile);

impl core::str::FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        Self::all().iter().copied().find(|profile| profile.as_str() == text).ok_or(UnknownProfile)
    }
}

/// A text that names no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl fmt::Display for UnknownProfile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a profile is ")?;
        for (place, profile) in Profile::all().iter().enumerate() {
            let before = match place {
                0 => "",
                _ if place + 1 == Profile::all().len() => " or ",
                _ => ", ",
            };
            write!(formatter, "{before}`{profile}`")?;
        }
        Ok(())
    }
}

impl core::error::Error for UnknownProfile {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn names_parse_back_and_no_other_does() {
        for &profile in Profile::all() {
            assert_eq!(profile.as_str().parse(), Ok(profile));
        }
        assert_eq!("postgres".parse::<Profile>(), Err(UnknownProfile));
        assert_eq!(UnknownProfile.to_string(), "a profile is `hardened` or `cockroachdb`");
    }
}
