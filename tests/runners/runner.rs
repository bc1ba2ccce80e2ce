//! Rust answers the contract's questions; the README beside this file says how they are put.

use std::io::{self, BufWriter, Read, Write};

use sqljwt::{Explanation, FetchRecord, KeyCache, Refusal, Response, SettingsError, UserInfo, Validator};

fn main() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut fields = Fields(&input);
    while let Some(id) = fields.text() {
        let (settings, fetched, userinfo) = (fields.text(), fields.text(), fields.text());
        let (token, user) = (fields.next(), fields.text());
        let now = fields.text().and_then(|now| now.parse().ok());
        let ((Some(settings), Some(fetched), Some(userinfo)), (Some(token), Some(user), Some(now))) =
            ((settings, fetched, userinfo), (token, user, now))
        else {
            return Err(io::Error::other(format!("{id}: seven fields make a question")));
        };
        let validator = validator(settings, fetched, userinfo, token);
        let verdict = verdict(&validator, token, user, now);
        let explanation = Explanation::by(validator.as_ref(), token, user, now);
        writeln!(output, "{id}\t{verdict}\t{}", explanation.to_json())?;
    }
    output.flush()
}

/// The settings, with what was fetched for the login.
fn validator(settings: &str, fetched: &str, userinfo: &str, token: &[u8]) -> Result<Validator, SettingsError> {
    let validator = Validator::from_text(settings)?;
    let mut cache = KeyCache::new(&validator);
    let records = FetchRecord::list_from_json(fetched).expect("records of fetches");
    cache.replay_all(&records).expect("records of fetches");
    let validator = validator.with_keys(&cache);
    if userinfo.is_empty() {
        return Ok(validator);
    }
    let response = Response::new(200, [("content-type", "application/json")], userinfo);
    Ok(validator.with_user_info(UserInfo::new(token, &response).expect("an object")))
}

/// What `validate` decides.
fn verdict(validator: &Result<Validator, SettingsError>, token: &[u8], user: &str, now: i64) -> String {
    let validator = match validator {
        Ok(validator) => validator,
        Err(error) => return format!("reject {}", error.code.as_str()),
    };
    match validator.validate(token, user, now) {
        Ok(login) => format!("accept {}", login.user),
        Err(Refusal::KeysNeeded(_)) => "keys_needed".into(),
        Err(Refusal::Rejected(rejection)) => format!("reject {}", rejection.code.as_str()),
        Err(other) => panic!("an unknown kind of refusal: {other}"),
    }
}

/// Netstrings, one after the other.
struct Fields<'f>(&'f [u8]);

impl<'f> Iterator for Fields<'f> {
    type Item = &'f [u8];

    fn next(&mut self) -> Option<&'f [u8]> {
        let colon = self.0.iter().position(|&byte| byte == b':')?;
        let length: usize = std::str::from_utf8(&self.0[..colon]).ok()?.parse().ok()?;
        let (field, rest) = self.0[colon + 1..].split_at_checked(length)?;
        self.0 = rest.strip_prefix(b",")?;
        Some(field)
    }
}

impl<'f> Fields<'f> {
    fn text(&mut self) -> Option<&'f str> {
        self.next().and_then(|field| std::str::from_utf8(field).ok())
    }
}
