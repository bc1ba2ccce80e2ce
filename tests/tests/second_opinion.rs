//! Would another library accept what we accept? What jsonwebtoken refuses, we refuse, but for documented reasons.
//!
//! Asked of every login that a vector, a look-alike of an identity provider or the ordinary token of `forgery.rs` gives.
//! jsonwebtoken reads the key set with its own reader and verifies the signature with its own verifier; of logins in the
//! `hardened` profile it also reads the claims, and has to find issuer and audience. It looks at no time, because it
//! would read the clock, and at nothing that comes after: identity maps and SQL users are ours alone.

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    DecodingKey, Validation,
    crypto::aws_lc::DEFAULT_PROVIDER,
    decode,
    jwk::{Jwk, JwkSet},
};
use serde_json::Value;
use sqljwt::{
    Algorithm::{self, ES512, Ed25519},
    Login, Profile, Settings, Validator,
};
use sqljwt_conformance::{
    mint::key,
    ordinary::{ALGORITHMS, NOW, jwks, settings, token},
    vectors,
};
use sqljwt_testing::LookAlike;

/// Where it refuses what we accept: how far it comes, with which logins, and why those are accepted all the same.
const EXCEPTIONS: &[(Step, Logins, &str)] = &[
    (Step::Algorithm, Logins::SignedWith(ES512), "it has no ES512"),
    (Step::Claims, Logins::SignedWith(Ed25519), "it reads no header with the newer name; the signature it verifies"),
    (
        Step::Signature,
        Logins::Of(&["pos-jwk-n-leading-zero"]),
        "some libraries write a zero before the modulus (RFC 7518 section 6.3.1.1): the number is the same",
    ),
    (
        Step::Key,
        Logins::Of(&["key-beside-kid-number"]),
        "a key that cannot be read is passed over (RFC 7517 section 5), where it gives up the whole set",
    ),
    (
        Step::Key,
        Logins::Of(&["crdb-l-5-3-padded", "crdb-l-5-3-standard"]),
        "the database's library reads numbers in any base64",
    ),
    (
        Step::Key,
        Logins::Of(&["crdb-l-set-named-x-line", "crdb-l-set-sole-x-line"]),
        "the database's library passes over line breaks in numbers",
    ),
    (
        Step::Key,
        Logins::Of(&["crdb-l-5-3-twice", "crdb-jwks-twice"]),
        "of a member that stands twice the database's library takes the last",
    ),
    (
        Step::Key,
        Logins::Of(&["crdb-l-set-named-kty-other-case-alone", "crdb-l-set-sole-kty-other-case-alone"]),
        "the database's library finds members whatever their case",
    ),
    (
        Step::Key,
        Logins::Of(&[
            "crdb-l-set-named-x5c-list-null",
            "crdb-l-set-beside-x5c-list-null",
            "crdb-l-set-sole-x5c-list-null",
            "crdb-l-set-named-key-ops-list-null",
            "crdb-l-set-beside-key-ops-list-null",
            "crdb-l-set-sole-key-ops-list-null",
        ]),
        "in a list of texts the database's library takes null for an empty one",
    ),
    (
        Step::Key,
        Logins::Of(&["crdb-jwks-trailing", "crdb-jwks-sole-trailing"]),
        "the database's library reads nothing after the key set",
    ),
];

#[test]
fn what_another_library_refuses_is_refused() {
    install();
    let (mut agreed, mut with_claims, mut excused, mut wrong) = (0, 0, BTreeSet::new(), Vec::new());
    let cases = cases();
    for case in &cases {
        let login = case.login();
        match judge(case, &login) {
            Ok(()) => {
                agreed += 1;
                with_claims += u32::from(case.is_hardened());
            }
            Err((step, said)) => match excuse(step, case, &login) {
                Some(name) => drop(excused.insert(name)),
                None => wrong.push(format!("{}, {step:?}: {said}", case.name)),
            },
        }
    }
    println!("{} logins judged: {agreed} agreed to, {with_claims} of them with their claims", cases.len());
    assert!(wrong.is_empty(), "jsonwebtoken refuses\n{}", wrong.join("\n"));
    let listed = EXCEPTIONS.iter().flat_map(|(_, logins, _)| logins.names());
    let idle: Vec<_> = listed.filter(|name| !excused.contains(name)).collect();
    assert!(idle.is_empty(), "exceptions that are needed no longer: {idle:?}");
    assert!(agreed > 600 && with_claims > 250, "there used to be more");
}

/// A judge who agrees to everything would be none.
#[test]
fn another_library_tells_a_forgery_from_a_login() {
    install();
    let stranger = token(key("test-rsa-2"), "RS256").text();
    let (_, signature) = stranger.rsplit_once('.').expect("a signature");
    for case in ordinary() {
        let login = case.login();
        let (input, _) = case.token.rsplit_once('.').expect("a signature");
        let forged = Case { token: format!("{input}.{signature}"), ..case.clone() };
        let stopped = if login.algorithm == ES512 { Step::Algorithm } else { Step::Signature };
        assert_eq!(judge(&forged, &login).map_err(|(step, _)| step), Err(stopped), "{}", case.name);
        if case.is_hardened() && login.algorithm != ES512 {
            let mut elsewhere = login.clone();
            elsewhere.audience = "other".into();
            assert_eq!(judge(&case, &elsewhere).map_err(|(step, _)| step), Err(Step::Claims), "{}", case.name);
        }
    }
}

/// The other library's opinion of a login: where it stops and what it says, if it does not agree.
fn judge(case: &Case, login: &Login) -> Result<(), (Step, String)> {
    let algorithm = theirs(login.algorithm).map_err(at(Step::Algorithm))?;
    let keys = keys(case, login).map_err(at(Step::Key))?;
    // Several keys may have the id; one of them signed.
    let opinions: Vec<_> = keys.iter().map(|key| judge_with(key, algorithm, case, login)).collect();
    match opinions.iter().position(Result::is_ok) {
        Some(_) => Ok(()),
        None => opinions.into_iter().next().unwrap_or_else(|| Err((Step::Key, "no key has the id".into()))),
    }
}

fn judge_with(key: &Jwk, algorithm: jsonwebtoken::Algorithm, case: &Case, login: &Login) -> Result<(), (Step, String)> {
    let key = DecodingKey::from_jwk(key).map_err(at(Step::Key))?;
    let (input, signature) = case.token.rsplit_once('.').ok_or("no signature").map_err(at(Step::Signature))?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(at(Step::Signature))?;
    // By name: which backend it would take by itself depends on the features that others turn on.
    let verifier = (DEFAULT_PROVIDER.verifier_factory)(&algorithm, &key).map_err(at(Step::Key))?;
    verifier.verify(input.as_bytes(), &signature).map_err(at(Step::Signature))?;
    if !case.is_hardened() {
        return Ok(());
    }
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    validation.set_issuer(&[&login.issuer]);
    validation.set_audience(&[&login.audience]);
    let claims = decode::<Value>(&case.token, &key, &validation).map_err(at(Step::Claims))?.claims;
    let meant = |audience: &Value| *audience == *login.audience;
    let audience = &claims["aud"];
    if claims["iss"] == *login.issuer
        && (meant(audience) || audience.as_array().is_some_and(|all| all.iter().any(meant)))
    {
        return Ok(());
    }
    Err((Step::Claims, format!("issuer and audience are {} and {audience}", claims["iss"])))
}

/// The keys of that id, from the set that the login's issuer is trusted by.
fn keys(case: &Case, login: &Login) -> serde_json::Result<Vec<Jwk>> {
    let fetches = case.settings.value("server.jwt_authentication.jwks_auto_fetch.enabled") == Some("true");
    let own = case.settings.value("engine.issuer_keys").map(serde_json::from_str::<Value>).transpose()?;
    let set = match own.as_ref().and_then(|issuers| issuers.get(&*login.issuer)) {
        Some(Value::String(text)) => text.clone(),
        Some(set) => set.to_string(),
        None if fetches => case.fetched.clone().unwrap_or_default(),
        None => case.settings.value("server.jwt_authentication.jwks").unwrap_or_default().to_owned(),
    };
    let read = serde_json::from_str::<JwkSet>(&set);
    // A key may stand where a set belongs.
    let mut keys = read.map(|set| set.keys).or_else(|error| match serde_json::from_str::<Jwk>(&set) {
        Ok(key) if !set.contains("\"keys\"") => Ok(vec![key]),
        _ => Err(error),
    })?;
    keys.retain(|key| key.common.key_id.as_deref().unwrap_or_default() == &*login.key_id);
    Ok(keys)
}

/// What it calls the algorithm.
fn theirs(algorithm: Algorithm) -> jsonwebtoken::errors::Result<jsonwebtoken::Algorithm> {
    match algorithm {
        Ed25519 => Ok(jsonwebtoken::Algorithm::EdDSA),
        algorithm => algorithm.as_str().parse(),
    }
}

/// How far it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Algorithm,
    Key,
    Signature,
    Claims,
}

fn at<E: ToString>(step: Step) -> impl Fn(E) -> (Step, String) {
    move |error| (step, error.to_string())
}

/// Which logins an exception is made for.
enum Logins {
    SignedWith(Algorithm),
    /// Vectors, by their ids.
    Of(&'static [&'static str]),
}

impl Logins {
    fn names(&self) -> Vec<&'static str> {
        match self {
            Self::SignedWith(algorithm) => vec![algorithm.as_str()],
            Self::Of(ids) => ids.to_vec(),
        }
    }
}

/// The name under which an exception is made for the login.
fn excuse(step: Step, case: &Case, login: &Login) -> Option<&'static str> {
    let names = EXCEPTIONS.iter().filter(|(stopped, ..)| *stopped == step).flat_map(|(_, logins, _)| logins.names());
    names.into_iter().find(|name| *name == case.name || *name == login.algorithm.as_str())
}

/// One login.
#[derive(Clone)]
struct Case {
    name: String,
    settings: Settings,
    validator: Arc<Validator>,
    /// The key set that was fetched last.
    fetched: Option<String>,
    token: String,
    user: String,
    now: i64,
}

impl Case {
    fn new(name: impl Into<String>, settings: Settings, token: String, user: &str, now: i64) -> Self {
        let validator = Arc::new(Validator::new(&settings).expect("settings that can be used"));
        Self { name: name.into(), settings, validator, fetched: None, token, user: user.into(), now }
    }

    fn login(&self) -> Login {
        let login = self.validator.validate(&self.token, &self.user, self.now);
        login.unwrap_or_else(|refusal| panic!("{}: {refusal}", self.name))
    }

    fn is_hardened(&self) -> bool {
        self.settings.profile() == Profile::Hardened
    }
}

fn cases() -> Vec<Case> {
    let last = |fetched: &[Value]| {
        let fetched = fetched.iter().rfind(|record| record["failure"].is_null())?;
        Some(fetched["answers"].as_array()?.last()?["body"].as_str()?.to_owned())
    };
    let accepted = vectors().into_iter().filter(|vector| vector.expect.user.is_some()).map(|vector| Case {
        validator: Arc::new(vector.validator().expect("settings that can be used")),
        fetched: last(&vector.row.fetched),
        name: vector.row.id,
        settings: read(&vector.settings),
        token: vector.row.token,
        user: vector.row.user,
        now: vector.row.now,
    });
    let look_alikes = LookAlike::all()
        .into_iter()
        .map(|it| Case::new(it.name, it.issuer.settings(), it.issuer.token(NOW).mint(), it.logs_in_as, NOW));
    accepted.chain(look_alikes).chain(ordinary()).collect()
}

/// Alice's login with every algorithm, under both profiles.
fn ordinary() -> Vec<Case> {
    let both = ALGORITHMS.into_iter().flat_map(|pair| [(pair, Profile::Hardened), (pair, Profile::Cockroachdb)]);
    both.map(|((algorithm, name), profile)| {
        let jwk = key(name).public("k1");
        // The database knows `Ed25519` only under a key that says `EdDSA`.
        let jwk = if algorithm == "Ed25519" { jwk.set("alg", "EdDSA") } else { jwk };
        let mut document: serde_json::Map<_, _> =
            settings(&jwks(&[jwk])).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        document.insert("engine.profile".into(), profile.as_str().into());
        let settings = read(&Value::Object(document).to_string());
        Case::new(format!("{algorithm} in {profile}"), settings, token(key(name), algorithm).text(), "alice", NOW)
    })
    .collect()
}

fn read(settings: &str) -> Settings {
    Settings::from_json(settings).expect("settings")
}

/// `decode` takes the backend of the process.
fn install() {
    // An error says that it is installed already.
    let _ = DEFAULT_PROVIDER.install_default();
}
