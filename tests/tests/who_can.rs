//! Who can become whom? Every way is told, and every way that is told is one.

use sqljwt::{
    ReasonCode, Settings, Validator,
    advisor::{ReachedUser, Standing, WhoCanDocument, reach, who_can},
};

const ISSUER: &str = "https://idp.example";

fn validator(profile: &str, map: &str) -> Validator {
    let document = serde_json::json!({
        "engine.profile": profile,
        "server.jwt_authentication.enabled": true,
        "server.jwt_authentication.issuers": ISSUER,
        "server.jwt_authentication.audience": "db-login",
        "server.identity_map.configuration": map,
    });
    Validator::new(&Settings::from_text(&document.to_string()).unwrap()).unwrap()
}

fn mapped(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{ISSUER} {line}\n")).collect()
}

fn reached(validator: &Validator, principal: &str) -> Vec<ReachedUser> {
    reach(validator, None, principal).issuers.remove(0).users
}

fn users(answer: &WhoCanDocument) -> Vec<&str> {
    answer.users.iter().map(|user| user.user.as_str()).collect()
}

#[test]
fn a_user_is_reached_by_each_line_that_gives_it_with_who_does() {
    let map = mapped(&[
        "1234 alice",
        r"/^([a-z]+)@example\.com$ \1",
        r"/^dev:(.+)$ dev_\1",
        "/^team-[0-9]+$ alice",
        r"/^([0-9]+)$ \1",
    ]);
    let answer = who_can(&validator("hardened", &map), Some("Alice"));
    assert_eq!(answer.user.as_deref(), Some("alice"));
    let [alice] = answer.users.as_slice() else { panic!("{answer:?}") };
    let ways: Vec<_> = alice.ways.iter().map(|way| (way.line.unwrap(), way.example.as_deref().unwrap())).collect();
    assert_eq!(ways, [(1, "1234"), (2, "alice@example.com"), (4, "team-0")]);
    assert_eq!(alice.ways[0].principal.as_deref(), Some("1234"));
    assert_eq!(alice.ways[1].capture.as_deref(), Some("alice"));
    assert!(answer.complete && alice.code.is_none());

    let answer = who_can(&validator("hardened", &map), Some("dev_root"));
    assert_eq!(answer.users[0].ways[0].example.as_deref(), Some("dev:root"));
    let nobody = who_can(&validator("hardened", &map), Some("bob-9"));
    assert!(nobody.users.is_empty() && nobody.complete);
}

#[test]
fn an_issuer_without_lines_lets_every_name_through() {
    let validator = validator("hardened", "other x y");
    let answer = who_can(&validator, Some("admin"));
    assert_eq!(answer.users[0].ways[0].line, None);
    assert_eq!(answer.users[0].standing, Standing::Administrator);
    let all = who_can(&validator, None);
    assert_eq!(users(&all), ["…"]);
    assert_eq!((all.users[0].family, all.users[0].standing), (true, Standing::Administrator));
}

#[test]
fn the_most_dangerous_comes_first_and_what_is_reserved_says_so() {
    let map = mapped(&["1 zoe", "2 root", r"/^dev:([a-z]+)$ dev_\1", r"/^([a-z]+)@x\.org$ \1", "3 admin"]);
    let answer = who_can(&validator("cockroachdb", &map), None);
    assert_eq!(users(&answer), ["…", "admin", "dev_…", "zoe", "root"]);
    assert_eq!(answer.users[4].code.unwrap().as_str(), "user_reserved");
    assert!(answer.users[..4].iter().all(|user| user.code.is_none()));
}

#[test]
fn what_a_principal_reaches_is_what_the_checks_would_say() {
    let validator = validator("hardened", &mapped(&[r"/^(.+)@x\.org$ \1", "root@x.org alice"]));
    let told: Vec<_> = reached(&validator, "root@x.org")
        .into_iter()
        .map(|user| (user.user, user.line, user.code.map(ReasonCode::as_str)))
        .collect();
    assert_eq!(told, [("root".into(), Some(1), Some("user_reserved")), ("alice".into(), Some(2), None)]);
    let invalid = reached(&validator, "a b@x.org");
    assert_eq!(invalid[0].code.unwrap().as_str(), "mapped_user_invalid");
    assert!(reached(&validator, "nobody").is_empty());
    assert!(reach(&validator, Some("https://other.example"), "x").issuers.is_empty());
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn line(&mut self) -> String {
        let name = ["a", "b", "ab", "admin", "A", "root"];
        let user = self.of(&["a", "b", "admin", "root", "dev"]);
        match self.below(4) {
            0 => format!("{} {user}", self.of(&name)),
            1 => format!("{}@x.org {user}", self.of(&name)),
            2 => format!("/^{}@[xy]\\.org$ {user}", self.of(&["[ab]+", "a?", ".*", "(?:a|bb)"])),
            _ => {
                let group = self.of(&["[a-z]+", ".*", "a|b", "[ab]{1,2}", "(?i)admin"]);
                let template = self.of(&["\\1", "dev_\\1", "\\1.x", "a\\1b"]);
                format!("/^({group}){}$ {template}", self.of(&["@x\\.org", "", "@[xy]\\.org", "b*"]))
            }
        }
    }

    fn principal(&mut self) -> String {
        let name = self.of(&["a", "b", "ab", "bb", "Admin", "admin", "root", "", "aBb", "dev", "k\u{212a}"]);
        format!("{name}{}", self.of(&["", "@x.org", "@y.org", "b", "@x_org"]))
    }
}

#[test]
fn every_user_that_a_random_principal_reaches_is_covered_by_an_answer() {
    let mut random = Random(0xface);
    let (mut asked, mut covered) = (0, 0);
    for round in 0..100 {
        let lines: Vec<String> = (0..random.below(4)).map(|_| random.line()).collect();
        let map = mapped(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        let validator = validator(if round % 2 == 0 { "cockroachdb" } else { "hardened" }, &map);
        let all = who_can(&validator, None);
        for _ in 0..100 {
            let principal = random.principal();
            asked += 1;
            for user in reached(&validator, &principal).into_iter().filter(|user| user.code.is_none()) {
                covered += 1;
                let answer = who_can(&validator, Some(&user.user));
                let way = answer.users.iter().flat_map(|user| &user.ways).find(|way| way.line == user.line);
                let way = way.unwrap_or_else(|| panic!("{map}\n{principal} is {user:?}, not in {answer:?}"));
                if let Some(example) = &way.example {
                    assert!(reached(&validator, example).iter().any(|also| also.user == user.user), "{map}\n{example}");
                }
                let named = all.users.iter().any(|told| {
                    let (before, after) = told.user.split_once('…').unwrap_or((&told.user, ""));
                    user.user.starts_with(before) && user.user.ends_with(after)
                });
                assert!(named, "{map}\n{user:?} is not in {all:?}");
            }
        }
    }
    assert!(asked == 10_000 && covered > 1000, "{asked} {covered}");
}
