//! What does a login cost? Each figure that the engine has to reach, next to what it reaches here.
//!
//! `cargo xtask bench`, or `cargo bench -p sqljwt --bench performance`. Every figure is a ratio of two things timed in
//! turn, or a count, so that it can be compared between machines; times stand beside them. Arguments choose figures by
//! their number: `… -- P1 P4`; `… -- login` only logs in, for a profiler.

mod scene;
mod timing;

use std::{env, hint::black_box, thread};

use jsonwebtoken::{DecodingKey, Validation, crypto::aws_lc::DEFAULT_PROVIDER};
use scene::{AUDIENCE, BEARER, ISSUER, NOW, Signer, USER, claims, ed25519, map, p256, rsa, settings, validator};
use serde_json::{Value, json};
use sqljwt::{FetchRecord, KeyCache, Response, Settings, Validator, advisor as advise};
use timing::{paired, seconds};

fn main() {
    let wanted: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if let [wanted] = wanted.as_slice()
        && wanted == "login"
    {
        return logins();
    }
    println!("{:<4}{:<62}{:>12}{:>12}", "", "figure", "target", "measured");
    let figures: [(&str, fn()); 10] = [
        ("P1", against_the_limit),
        ("P2", against_jsonwebtoken),
        ("P3", rejections),
        ("P4", identity_map),
        ("P5", keys),
        ("P6", threads),
        ("P10", new_validator),
        ("P11", explanations),
        ("P12", key_exchange),
        ("P13", advisor),
    ];
    for (name, figure) in figures {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            println!("{name}");
            figure();
        }
    }
}

/// A thousand logins and nothing else.
fn logins() {
    let validator = validator(&settings(&scene::ordinary_map()));
    let token = rsa().token(BEARER);
    (0..1000).for_each(|_| login(&validator, &token));
}

/// What a figure has to be.
enum Target {
    AtLeast(f64),
    AtMost(f64),
}
use Target::{AtLeast, AtMost};

fn row(what: &str, target: &Target, measured: f64, note: &str) {
    let (sign, bound, reached) = match *target {
        AtLeast(bound) => ("≥", bound, measured >= bound),
        AtMost(bound) => ("≤", bound, measured <= bound),
    };
    let verdict = if reached { "ok" } else { "short" };
    println!("    {what:<62}{:>12}{measured:>12.2}  {verdict:<6}{note}", format!("{sign} {bound}"));
}

/// A login that has to go through.
fn login(validator: &Validator, token: &str) {
    black_box(validator.validate(token, USER, NOW)).expect("the token may log in");
}

/// A login that has to be refused, and not by an accident.
fn refused(validator: &Validator, token: &str, code: &str) {
    let refusal = black_box(validator.validate(token, USER, NOW)).expect_err("the token may not log in");
    assert!(matches!(refusal, sqljwt::Refusal::Rejected(rejection) if rejection.code.as_str() == code));
}

/// P1: a login cannot be cheaper than its signature check.
fn against_the_limit() {
    let validator = validator(&settings(&scene::ordinary_map()));
    for (signer, target) in [(rsa(), 0.88), (p256(), 0.95), (ed25519(), 0.93)] {
        let (name, key, token) = (signer.algorithm, signer.parsed(), signer.token(BEARER));
        let (input, signature) = token.rsplit_once('.').expect("three parts");
        let signature = base64_of(signature);
        let bare = || key.verify_sig(black_box(input.as_bytes()), &signature).expect("a good signature");
        let times = paired(bare, || login(&validator, &token));
        let note = format!("{:.2} µs of {:.2} µs, {} bytes", times.second, times.first, token.len());
        row(
            &format!("{name:?}: rate of a login against its bare signature check"),
            &AtLeast(target),
            times.ratio,
            &note,
        );
        row(&format!("{name:?}: µs on top"), &AtMost(2.5), times.second - times.first, "");
        let allocations = allocation_counter::measure(|| login(&validator, &token));
        row(&format!("{name:?}: allocations"), &AtMost(12.0), allocations.count_total as f64, "");
    }
}

/// P2: the usual library, asked for less: no key by id, no identity map, no user.
fn against_jsonwebtoken() {
    // An error says that it is installed already.
    let _ = DEFAULT_PROVIDER.install_default();
    let validator = validator(&settings(&scene::ordinary_map()));
    for (signer, target) in [(rsa(), 1.25), (p256(), 1.0), (ed25519(), 1.0)] {
        let (token, key) = (signer.token(BEARER), signer.decoding_key());
        let mut validation = Validation::new(signer.algorithm);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        let times = paired(|| decode(&token, &key, &validation), || login(&validator, &token));
        let note = format!("{:.2} µs and {:.2} µs", times.second, times.first);
        row(&format!("{:?}: rate against jsonwebtoken", signer.algorithm), &AtLeast(target), times.ratio, &note);
    }
}

fn decode(token: &str, key: &DecodingKey, validation: &Validation) {
    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "what a program that logs users in would read")]
    struct Claims {
        iss: String,
        sub: String,
        aud: String,
        exp: i64,
    }
    black_box(jsonwebtoken::decode::<Claims>(token, key, validation)).expect("the token is good");
}

/// P3: nobody gains by sending what is refused.
fn rejections() {
    let validator = validator(&settings(&scene::ordinary_map()));
    let signer = rsa();
    let good = signer.token(BEARER);
    let with = |name: &str, value: Value| {
        let mut claims = claims(BEARER);
        claims[name] = value;
        signer.token_of(signer.kid(), &claims)
    };
    for (what, token, code) in [
        ("wrong issuer", with("iss", "https://other.example".into()), "issuer_not_allowed"),
        ("expired", with("exp", (NOW - 1000).into()), "token_expired"),
        ("wrong audience", with("aud", "another-application".into()), "audience_not_allowed"),
        ("unknown key", signer.token_of("retired-key", &claims(BEARER)), "key_not_found"),
    ] {
        let times = paired(|| refused(&validator, &token, code), || login(&validator, &good));
        let note = format!("{:.2} µs and {:.2} µs", times.first, times.second);
        row(&format!("{what}: time against that of a login"), &AtMost(1.0), times.ratio, &note);
    }
    for (what, pattern, code) in [
        ("one character", "A", "token_malformed"),
        ("dots", ".", "token_malformed"),
        ("a bad payload", "e30.~", "token_malformed"),
    ] {
        let [short, long] = [1024, 16 * 1024].map(|length| pattern.repeat(length / pattern.len()));
        let times = paired(|| refused(&validator, &long, code), || refused(&validator, &short, code));
        row(&format!("1 KiB of {what}: µs"), &AtMost(2.0), times.second, "");
        row(&format!("16 KiB of {what}: time per KiB against 1 KiB"), &AtMost(1.1), times.ratio / 16.0, "");
    }
    let header = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ";
    for (what, payload) in [("no JSON", "W1tb"), ("no base64", "W1t~")] {
        let [short, long] = [1024, 16 * 1024].map(|length| format!("{header}.{}.AAAA", payload.repeat(length / 4)));
        let refuse = |token: &str| drop(black_box(validator.validate(token, USER, NOW)).expect_err("no token"));
        let times = paired(|| refuse(&long), || refuse(&short));
        row(&format!("1 KiB of {what} as payload: µs"), &AtMost(2.0), times.second, "");
        row(&format!("16 KiB of {what}: time per KiB against 1 KiB"), &AtMost(1.1), times.ratio / 16.0, "");
    }
}

/// P4: the size of the identity map does not show in a login.
fn identity_map() {
    let bearer = "member7@team.example";
    let literal = |number: usize, lines: usize| match number {
        _ if number == lines / 2 => bearer.to_owned(),
        _ => format!("person{number}@partner.example"),
    };
    let team = |number: usize, lines: usize| match number {
        _ if number == lines / 2 => r"/^member[0-9]+@team\.example$".to_owned(),
        _ => format!(r"/^[a-z]+[0-9]*@team{number}\.example$"),
    };
    let anywhere = |number: usize, lines: usize| match number {
        _ if number == lines / 2 => r"/^[a-z]*member[0-9]+@team[a-z.]+$".to_owned(),
        _ => format!(r"/^[a-z]+-{number}-[a-z]+@[a-z.]+$"),
    };
    growth("literals, 10 to 100,000", 1.1, bearer, 100_000, literal);
    growth("regexes with a fixed end, 10 to 10,000", 2.0, bearer, 10_000, team);
    growth("regexes without one, 10 to 1,000", 2.0, bearer, 1000, anywhere);
    growth("regexes without one, 10 to 10,000", 2.0, bearer, 10_000, anywhere);
    let mixed = map(100_000, |number| match number % 2 {
        0 => literal(number, 100_000),
        _ => team(number, 100_000),
    });
    let document = Settings::from_json(&settings(&mixed)).expect("a settings document");
    let compile = || Validator::new(&document).expect("usable settings");
    let seconds = seconds(|| drop(black_box(compile())));
    let memory = allocation_counter::measure(|| std::mem::forget(compile()));
    let note = format!(
        "{:.1} MB of text; {:.1} MB held, {:.1} MB at the peak",
        mixed.len() as f64 / 1e6,
        memory.bytes_current as f64 / 1e6,
        memory.bytes_max as f64 / 1e6
    );
    row("100,000 lines, half of them regexes: seconds to compile", &AtMost(1.0), seconds, &note);
}

/// A login through a map of many lines against one through a map of ten.
fn growth(what: &str, target: f64, bearer: &str, lines: usize, line: impl Fn(usize, usize) -> String) {
    let token = rsa().token(bearer);
    let [few, many] = [10, lines].map(|lines| settings(&map(lines, |number| line(number, lines))));
    let few = validator(&few);
    let many_settings = Settings::from_json(&many).expect("a settings document");
    let mut many = None;
    let memory = allocation_counter::measure(|| many = Some(Validator::new(&many_settings).expect("usable settings")));
    let many = many.expect("it has been made");
    let times = paired(|| login(&many, &token), || login(&few, &token));
    let note =
        format!("{:.2} µs and {:.2} µs; {:.1} MB held", times.first, times.second, memory.bytes_current as f64 / 1e6);
    row(&format!("{what}: time against ten lines"), &AtMost(target), times.ratio, &note);
}

/// P5: nor does the number of keys.
fn keys() {
    let (signer, other) = (rsa(), p256());
    let token = signer.token(BEARER);
    let set = |count: usize| -> Value {
        let others = (1..count).map(|number| other.public(&format!("key-{number}")));
        json!({"keys": others.chain([signer.public(signer.kid())]).collect::<Vec<_>>()})
    };
    let [one, many] = [1, 10_000].map(|count| validator(&scene::settings_with(&set(count), &scene::ordinary_map())));
    let times = paired(|| login(&many, &token), || login(&one, &token));
    let note = format!("{:.2} µs and {:.2} µs", times.first, times.second);
    row("10,000 keys: time of a login against one key", &AtMost(1.05), times.ratio, &note);
}

/// P6: threads do not wait for each other.
fn threads() {
    const LOGINS: usize = 50;
    let validator = validator(&settings(&scene::ordinary_map()));
    let token = rsa().token(BEARER);
    let logins = || (0..LOGINS).for_each(|_| login(&validator, &token));
    let two = || {
        thread::scope(|scope| {
            scope.spawn(logins);
            scope.spawn(logins);
        });
    };
    let one = || thread::scope(|scope| drop(scope.spawn(logins).join()));
    let times = paired(one, two);
    row("two threads: rate against one", &AtLeast(1.9), 2.0 * times.ratio, "");
}

/// P10: from a settings document to a validator.
fn new_validator() {
    let document = settings(&scene::ordinary_map());
    let read = || Settings::from_json(black_box(&document)).expect("a settings document");
    let settings = read();
    let times = paired(|| drop(black_box(Validator::new(&settings))), || drop(black_box(read())));
    let note = format!("and {:.0} µs to read the document", times.second);
    row("3 keys, 10 lines: µs", &AtMost(300.0), times.first, &note);
}

/// P12: keys that were fetched are exchanged without the map, and are no slower than those that are configured.
fn key_exchange() {
    let signer = rsa();
    let exchange = |lines: usize| {
        let fetching = fetching(&map(lines, |number| format!("user{number}@corp.example")));
        let record = fetched(&signer);
        let mut cache = KeyCache::new(&fetching);
        move || {
            cache.replay(&record).expect("a key set");
            drop(black_box(fetching.with_keys(&cache)));
        }
    };
    for lines in [10_000, 100_000] {
        let times = paired(exchange(lines), exchange(10));
        let note = format!("{:.1} µs and {:.1} µs, the key set read and vetted", times.first, times.second);
        row(&format!("{lines} lines: time of a key exchange against ten lines"), &AtMost(1.05), times.ratio, &note);
    }
    let configured = validator(&settings(&scene::ordinary_map()));
    let mut cache = KeyCache::new(&fetching(&scene::ordinary_map()));
    cache.replay(&fetched(&signer)).expect("a key set");
    let by_fetched_keys = fetching(&scene::ordinary_map()).with_keys(&cache);
    let token = signer.token(BEARER);
    let times = paired(|| login(&by_fetched_keys, &token), || login(&configured, &token));
    let note = format!("{:.2} µs and {:.2} µs", times.first, times.second);
    row("a login by fetched keys against one by configured keys", &AtMost(1.05), times.ratio, &note);
}

/// Settings whose keys are fetched.
fn fetching(map: &str) -> Validator {
    let mut document: Value = serde_json::from_str(&settings(map)).expect("a settings document");
    document["server.jwt_authentication.jwks_auto_fetch.enabled"] = true.into();
    validator(&document.to_string())
}

/// A fetch of a key set by discovery.
fn fetched(signer: &Signer) -> FetchRecord {
    let answer = |body: Value| Response::new(200, [("Cache-Control", "max-age=300")], body.to_string());
    let document = answer(json!({"issuer": ISSUER, "jwks_uri": format!("{ISSUER}/keys")}));
    FetchRecord::new(ISSUER, NOW, [document, answer(json!({"keys": [signer.public(signer.kid())]}))])
}

/// P11: an explanation beside the bare answer.
fn explanations() {
    let validator = validator(&settings(&scene::ordinary_map()));
    let signer: Signer = rsa();
    let good = signer.token(BEARER);
    let mut elsewhere = claims(BEARER);
    elsewhere["iss"] = format!("{ISSUER}/").into();
    let stranger = signer.token("alice@partner.example");
    for (what, token) in [
        ("a login", good),
        ("an issuer written nearly so", signer.token_of(signer.kid(), &elsewhere)),
        ("a bearer that no line maps", stranger),
        ("an unknown key", signer.token_of("retired-key", &claims(BEARER))),
    ] {
        let times = paired(
            || drop(black_box(validator.explain(&token, USER, NOW))),
            || drop(black_box(validator.validate(&token, USER, NOW))),
        );
        let note = format!("{:.1} µs and {:.1} µs", times.first, times.second);
        row(&format!("{what}: µs on top of the answer"), &AtMost(300.0), times.first - times.second, &note);
    }
}

fn base64_of(part: &str) -> Vec<u8> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url")
}

/// P13: nobody waits for advice on a large identity map.
fn advisor() {
    const LINES: usize = 100_000;
    let literal = map(LINES, |number| format!("person{number}@example.com"));
    let pattern = map(LINES, |number| format!("/^([a-z]+)@team{number}\\.example\\.com$"));
    let open = map(LINES, |number| format!("/@team{number}.example.com"));
    for (what, map) in [("texts", literal), ("anchored regexes", pattern), ("open regexes", open)] {
        let document = settings(&map).replacen('{', r#"{"engine.profile": "cockroachdb","#, 1);
        let settings = Settings::from_text(&document);
        let time = seconds(|| drop(black_box(advise::lint(settings.as_ref()))));
        row(&format!("lint of a map of {LINES} {what}, s"), &AtMost(2.0), time, "");
        let Ok(validator) = settings.and_then(|settings| Validator::new(&settings)) else { continue };
        let time = seconds(|| drop(black_box(advise::who_can(&validator, None))));
        row(&format!("all who can be become by {LINES} {what}, s"), &AtMost(2.0), time, "");
    }
}
