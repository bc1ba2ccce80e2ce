//! Which keys counted at a moment of the past? What was fetched before and after it says so.

use alloc::{collections::BTreeMap, format, string::String, sync::Arc, vec::Vec};

use crate::{
    ground::{text::shown, time::utc},
    parsed::fetched::FetchRecord,
    rules::key_cache::{
        cache::KeyCache,
        kept::{FetchedKeys, Kept},
        origins::Origins,
    },
};

/// Fetches of the past, written down: for judging the logins of then by the keys of then.
///
/// A key counted at a moment if the set that was fetched last before it was still fresh, or if it stood both in that set and in
/// the one that was fetched next. About anything else nobody can tell: such a login is
/// [`keys_unavailable`](crate::ReasonCode::KeysUnavailable), and its reason says what is missing.
///
/// # Example
/// ```
/// use sqljwt::{FetchRecord, KeyHistory, Refusal, Response, Settings, Validator};
///
/// let settings = Settings::from_json(r#"{
///     "server.jwt_authentication.enabled": true,
///     "server.jwt_authentication.issuers": {"issuer_jwks_map": {"https://idp.example": "https://idp.example/keys"}},
///     "server.jwt_authentication.audience": "db-login",
///     "server.jwt_authentication.jwks_auto_fetch.enabled": true
/// }"#)?;
/// let validator = Validator::new(&settings)?;
/// let answer = Response::new(200, [("Cache-Control", "max-age=300")], r#"{"keys": []}"#);
/// let history = KeyHistory::new([FetchRecord::new("https://idp.example", 1_800_000_000, [answer])]);
///
/// // The header names the key `k1`; the claims name the issuer.
/// let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIn0.AA";
/// let code = |moment: i64| match validator.with_keys_at(&history, moment).validate(token, "alice", moment) {
///     Err(Refusal::Rejected(rejection)) => rejection.code.as_str(),
///     _ => unreachable!(),
/// };
/// assert_eq!(code(1_800_000_060), "key_not_found");
/// assert_eq!(code(1_700_000_000), "keys_unavailable");
/// # Ok::<(), sqljwt::SettingsError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeyHistory {
    /// The fetches of each issuer that brought something, in their order.
    issuers: BTreeMap<String, Vec<FetchRecord>>,
}

impl KeyHistory {
    /// A history of these fetches, in whatever order they come.
    #[must_use]
    pub fn new(records: impl IntoIterator<Item = FetchRecord>) -> Self {
        let mut issuers: BTreeMap<String, Vec<FetchRecord>> = BTreeMap::new();
        for record in records.into_iter().filter(|record| record.failure.is_none()) {
            issuers.entry(record.issuer.clone()).or_default().push(record);
        }
        for records in issuers.values_mut() {
            records.sort_by_key(|record| record.at);
        }
        Self { issuers }
    }

    /// The keys of a moment.
    pub(crate) fn keys_at(&self, origins: &Arc<Origins>, moment: i64) -> KeyCache {
        let kept = origins.issuers().map(|issuer| {
            let records = self.issuers.get(&**issuer).map(Vec::as_slice).unwrap_or_default();
            (Arc::clone(issuer), Arc::new(at(issuer, records, origins, moment)))
        });
        KeyCache::of_the_past(Arc::clone(origins), kept.collect(), moment)
    }
}

/// What is known of an issuer's keys at a moment.
fn at(issuer: &str, records: &[FetchRecord], origins: &Arc<Origins>, moment: i64) -> Kept {
    let next = records.partition_point(|record| record.at <= moment);
    let (before, after) = (next.checked_sub(1).and_then(|last| records.get(last)), records.get(next));
    let lack = |why: String| Kept { lack: Some(why), ..Kept::default() };
    let Some(before) = before else {
        let first = after.map(|after| format!(": the first fetch of them is of {}", utc(after.at)));
        let issuer = shown(issuer);
        return lack(format!("no keys of `{issuer}` are known of {}{}", utc(moment), first.unwrap_or_default()));
    };
    let Some(keys) = brought(before, origins) else {
        return lack(format!("the keys that were fetched at {} cannot be used", utc(before.at)));
    };
    if moment < keys.fresh_until {
        return Kept { keys: Some(keys), ..Kept::default() };
    }
    match after.and_then(|after| brought(after, origins)) {
        Some(after) => Kept { keys: Some(Arc::new(keys.confirmed_by(&after))), ..Kept::default() },
        None => lack(format!(
            "the keys that were fetched at {} counted until {}, and no later fetch is known",
            utc(before.at),
            utc(keys.fresh_until)
        )),
    }
}

/// The keys that a fetch has brought; nothing where it brought none that can be used.
fn brought(record: &FetchRecord, origins: &Arc<Origins>) -> Option<Arc<FetchedKeys>> {
    let mut cache = KeyCache::empty(Arc::clone(origins));
    cache.replay(record).ok()?;
    cache.keys(&record.issuer)
}
