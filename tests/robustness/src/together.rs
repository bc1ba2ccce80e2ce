//! Is the worst of every kind at once still bounded?
//!
//! An input is a recipe: each byte chooses how much of one ingredient goes into settings, token and user. What is made is
//! valid, hostile and long; the fuzzer only has to find the mixture. The costs themselves are held by whoever runs this.

use serde_json::{Map, Value, json};
use sqljwt::{Settings, Validator};

use crate::{
    promise::{self, Attempt},
    scene::{AUDIENCE, ISSUER, KEY_ID, KEYS, NOW, PROFILES, encoded, message, signed},
};

/// How long settings, token and user may become together for a fuzzer, in bytes.
const FUZZED: usize = 1 << 16;

pub(crate) fn run(input: &[u8]) {
    let mixture = Mixture::of(input, FUZZED);
    let settings = match Settings::from_json(&mixture.settings) {
        Ok(settings) => settings,
        Err(error) => return promise::refused(&mixture.settings, &error),
    };
    match Validator::new(&settings) {
        Ok(validator) => {
            let attempt = Attempt { token: mixture.token.as_bytes(), user: &mixture.user, now: NOW };
            promise::login(&validator, attempt);
        }
        Err(error) => promise::refused(&mixture.settings, &error),
    }
}

/// Settings, a token and a user made to cost much together.
#[derive(Clone, Debug)]
pub struct Mixture {
    /// A settings document as JSON.
    pub settings: String,
    /// A token, signed or not.
    pub token: String,
    /// The requested SQL user.
    pub user: String,
}

impl Mixture {
    /// What a recipe makes when settings and token may each have that many bytes. Of what a short recipe does not name there is
    /// little.
    #[must_use]
    pub fn of(recipe: &[u8], bytes: usize) -> Self {
        let mut recipe = Recipe { bytes: recipe.iter().copied() };
        let switches = recipe.next();
        let signed_by_us = switches & 2 != 0;
        let mut settings = Map::new();
        let mut claims = Map::new();
        for (name, value) in [
            ("engine.profile", json!(PROFILES[usize::from(switches & 1)])),
            ("engine.max_token_bytes", json!(bytes.clamp(1 << 16, 1 << 20))),
            ("server.jwt_authentication.enabled", json!(true)),
            ("server.jwt_authentication.issuers", json!([ISSUER])),
            ("server.jwt_authentication.audience", json!([AUDIENCE])),
            ("server.jwt_authentication.jwks", KEYS.clone()),
        ] {
            settings.insert(name.into(), value);
        }
        claims.insert("iss".into(), ISSUER.into());
        claims.insert("exp".into(), (NOW + 60).into());
        claims.insert("aud".into(), if switches & 4 == 0 { AUDIENCE.into() } else { json!([]) });

        // Most of the room is for the map, and most of the token's for the principals.
        let map = recipe.lines(bytes / 4 * 3);
        settings.insert("server.identity_map.configuration".into(), map.into());
        let principals = recipe.principals(bytes / 2);
        let claim = match switches >> 3 & 3 {
            0 if principals.is_string() => "sub",
            0 | 1 => "names",
            2 => "/a/b/names",
            _ => "email",
        };
        settings.insert("server.jwt_authentication.claim".into(), claim.into());
        match claim {
            "/a/b/names" => claims.insert("a".into(), json!({"b": {"names": principals}})),
            _ => claims.insert(claim.into(), principals),
        };
        recipe.rest(bytes / 24, &mut settings, &mut claims);

        let header = json!({"alg": "EdDSA", "kid": if switches & 32 == 0 { KEY_ID } else { "k1x" }}).to_string();
        let claims = Value::Object(claims).to_string();
        let token = if signed_by_us {
            signed(&header, &claims)
        } else {
            format!("{}.{}", message(header.as_bytes(), claims.as_bytes()), encoded(&[7; 64]))
        };
        let user = recipe.text(bytes / 16, 0);
        Self { settings: Value::Object(settings).to_string(), token, user }
    }
}

/// The bytes of a recipe; after the last come zeros.
struct Recipe<B> {
    bytes: B,
}

impl<B: Iterator<Item = u8>> Recipe<B> {
    fn next(&mut self) -> u8 {
        self.bytes.next().unwrap_or(0)
    }

    /// A number that doubles with every step of a byte's low half.
    fn count(&mut self) -> usize {
        1 << (self.next() & 15)
    }

    /// Up to four kinds of lines of the identity map, one after the other or in turn.
    fn lines(&mut self, room: usize) -> String {
        let kinds: Vec<(u8, usize)> = (0..4).map(|_| (self.next(), self.count() * 8)).collect();
        let mut map = String::new();
        for (kind, count) in kinds {
            for number in 0..count {
                let line = line(kind, number);
                if map.len() + line.len() > room {
                    return map;
                }
                map += &line;
            }
        }
        map
    }

    /// A text, or a list of them, that the map is asked about.
    fn principals(&mut self, room: usize) -> Value {
        let (kind, count, length) = (self.next(), self.count().min(1024), self.count() * 4);
        let mut taken = 0;
        let texts = (0..count).map_while(|number| {
            let text = principal(kind, number, length);
            taken += text.len() + 3;
            (taken <= room).then_some(text)
        });
        match count {
            1 => texts.last().unwrap_or_default().into(),
            _ => texts.collect::<Vec<_>>().into(),
        }
    }

    /// Lists that are compared with lists.
    fn rest(&mut self, room: usize, settings: &mut Map<String, Value>, claims: &mut Map<String, Value>) {
        let mut names = |prefix: &str| {
            let (count, length) = (self.count() * 4, usize::from(self.next() & 127));
            let filling = "n".repeat(length);
            let mut taken = 0;
            let names = (0..count).map_while(|number| {
                let name = format!("{prefix}{filling}{number:x}");
                taken += name.len() + 3;
                (taken <= room).then_some(name)
            });
            names.collect::<Vec<_>>()
        };
        let mut issuers = names("https://idp.");
        issuers.push(ISSUER.into());
        settings.insert("server.jwt_authentication.issuers".into(), issuers.into());
        let mut audiences = names("db-");
        audiences.push(AUDIENCE.into());
        settings.insert("server.jwt_authentication.audience".into(), audiences.into());
        let mut stated = names("db");
        stated.extend(claims["aud"].as_str().map(str::to_owned));
        claims.insert("aud".into(), stated.into());
        let required = names("c");
        required.iter().for_each(|name| drop(claims.insert(name.clone(), 0.into())));
        settings.insert("engine.required_claims".into(), required.into());
        for name in names("clam") {
            claims.insert(name, "alice".into());
        }
        let groups = names("g");
        settings.insert("server.jwt_authentication.authorization.enabled".into(), (groups.len() > 4).into());
        claims.insert("groups".into(), if groups.len() % 2 == 0 { groups.join(",").into() } else { groups.into() });
    }

    fn text(&mut self, room: usize, number: usize) -> String {
        let (kind, length) = (self.next(), self.count() * 4);
        principal(kind, number, length.min(room / 4))
    }
}

/// A line of the identity map.
fn line(kind: u8, number: usize) -> String {
    let rest = match kind % 22 {
        0 => format!("a{number:x} u{number:x}"),
        1 => format!("a u{number:x}"),
        2 => "a b".into(),
        3 => format!(r"/^(.*)$ \1x{number:x}"),
        4 => format!("/^.*$ u{number:x}"),
        5 => format!(r"/^[a-z]+\.team{number}\.[a-z]+$ u{number:x}"),
        6 => format!("/^(?:[ab]|[ac])*a(?:[ab]|[ac]){{150}}[x-y]$ u{number:x}"),
        7 => format!(r"/^([a-z]+)@dept{number}\.example\.com$ \1"),
        8 => format!("/^(?:[ab]?){{{}}}c*$ u{number:x}", 1 + number % 999),
        9 => format!("/^(a|aa)+b?{number}$ u{number:x}"),
        10 => format!("/^(?i)straße{number}\\pL*$ u{number:x}"),
        11 => format!("/^[\\pL\\pN]+{number}$ u{number:x}"),
        12 => format!("/^(?:{})$ u{number:x}", ["a", "b", "ab", "ba"].repeat(8).join("|")),
        13 => format!("/^(?:a{{30}}){{30}}.*{number}$ u{number:x}"),
        14 => format!("/^{}a{}$ u{number:x}", "(?:".repeat(100), ")*".repeat(100)),
        15 => format!("/^.*a.*a.*a.*a.*a.*z{number}$ u{number:x}"),
        16 => format!("/^[a-c]{{{}}}d$ u{number:x}", 1 + number % 500),
        17 => format!("/^\\b(?:a\\b|\\Ba)*{number}$ u{number:x}"),
        18 => format!("^a.*{number}$ u{number:x}"),
        19 => format!("A{number} u{number:x}"),
        20 => return format!("{ISSUER}/{number} a b\n"),
        _ => return format!("# {number}\n"),
    };
    format!("{ISSUER} {rest}\n")
}

/// A principal of about that many bytes.
fn principal(kind: u8, number: usize, length: usize) -> String {
    let repeated = |unit: &str| unit.repeat(length.div_ceil(unit.len().max(1)));
    match kind % 14 {
        0 => "a".into(),
        1 => format!("a{number:x}"),
        2 => repeated("a") + &format!("{number}"),
        3 => repeated("ab") + &"b".repeat(number % 7),
        4 => format!("{}.team{number}.q", repeated("x")),
        5 => format!(" {}{number} ", repeated("a")),
        6 => repeated("É") + &format!("{number}"),
        7 => repeated("e\u{301}\u{323}") + &format!("{number}"),
        8 => repeated("\u{212a}ſ") + &format!("{number}"),
        9 => format!("{}@dept{number}.example.com", repeated("a")),
        10 => repeated("a.team7.") + &format!("{number}"),
        11 => "a".repeat(900) + &repeated("c"),
        12 => repeated("\u{1}\u{202e}") + &format!("{number}"),
        _ => repeated("STRASSE") + &format!("{number}"),
    }
}

/// Recipes that put one hard kind of line and one hard kind of principal together, with lists of every kind beside them.
#[must_use]
pub fn recipes() -> Vec<Vec<u8>> {
    let mut recipes = Vec::new();
    for line in 0..22_u8 {
        for principal in 0..14_u8 {
            let switches = line.wrapping_mul(14).wrapping_add(principal) & 0b11_1111;
            // As many of the line as fit; a long principal for the even kinds, many for the odd ones.
            let (count, length) = if (line + principal) % 2 == 0 { (6, 15) } else { (15, 7) };
            let mut recipe = vec![switches, line, 15, 0, 0, 0, 0, 0, 0, principal, count, length];
            recipe.extend([15, 100].repeat(6));
            recipes.push(recipe);
        }
    }
    recipes
}
