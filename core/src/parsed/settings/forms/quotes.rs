//! Do typographic quotes keep this document from being read? Word processors and chats put them in the place of straight
//! ones.

use crate::{ground::reason::ReasonCode, parsed::settings::error::SettingsError};

/// The error, with the typographic quote in its line, if it is one that quotes can cause.
pub(crate) fn told(error: SettingsError, text: &str) -> SettingsError {
    let Some(place) = error.position.filter(|_| error.code == ReasonCode::SettingsInvalid && error.setting.is_none())
    else {
        return error;
    };
    let index = usize::try_from(place.line).unwrap_or_default().saturating_sub(1);
    let line = text.split('\n').nth(index).unwrap_or_default();
    let Some((quote, straight)) = line.chars().find_map(|c| Some((c, straight(c)?))) else { return error };
    let message = alloc::format!("{}; `{quote}` in line {} is a typographic quote", error.message, place.line);
    SettingsError { message, ..error }.with_remedy(alloc::format!("write straight quotes, `{straight}`"))
}

fn straight(character: char) -> Option<char> {
    match character {
        '“' | '”' | '„' | '‟' | '«' | '»' => Some('"'),
        '‘' | '’' | '‚' | '‛' => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::parsed::settings::Settings;

    #[test]
    fn typographic_quotes_are_named_with_the_straight_one() {
        for (text, quote, straight) in [
            ("SET CLUSTER SETTING server.jwt_authentication.audience = ‘db-login’;", "`‘`", "`'`"),
            (
                "SET CLUSTER SETTING a.b = 'c';\nSET CLUSTER SETTING server.jwt_authentication.audience = ‘a b’;",
                "`‘`",
                "`'`",
            ),
            ("{“server.jwt_authentication.audience”: “db”}", "`“`", "`\"`"),
        ] {
            let error = Settings::from_text(text).unwrap_err();
            assert!(
                error.message.contains(quote) && error.remedy.contains(straight),
                "{text}: {error}: {}",
                error.remedy
            );
        }
        let error = Settings::from_text("SET CLUSTER SETTING a.b 1; -- it’s\nSET CLUSTER SETTING c").unwrap_err();
        assert!(!error.message.is_empty());
    }
}
