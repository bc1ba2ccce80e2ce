//! What does the reader see of answers that have remedies? Each fact once, nothing cut that is copied, nothing alive.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::{Line, Tone};
use crate::{AdviceKind, After, Decision, Explanation, NewValue, Remedy, Settings, Whose, ground::reason::ReasonCode};

const SETTINGS: &str = "-- the cluster\n\
    SET CLUSTER SETTING server.jwt_authentication.enabled = true;\n\
    SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';\n\
    SET CLUSTER SETTING server.jwt_authentication.audience = 'db-login';\n";

/// `{"alg":"RS256","kid":"k1"}` and `{"iss":"https://idp.example/","aud":"web","sub":"alice"}`, signed by nobody.
const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.\
    eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlLyIsImF1ZCI6IndlYiIsInN1YiI6ImFsaWNlIn0.AA";

fn explained() -> Explanation {
    Explanation::of(Settings::from_text(SETTINGS), TOKEN, "alice", 1_800_000_000)
}

fn remedy(message: &str, statement: &str) -> Remedy {
    Remedy {
        whose: Whose::Administrator,
        message: message.into(),
        edits: None,
        change: None,
        sql: (!statement.is_empty()).then(|| vec![statement.into()]),
        document: None,
        after: None,
        risk: None,
    }
}

fn after(decision: Decision, user: Option<&str>, code: Option<ReasonCode>) -> Option<After> {
    Some(After { decision, user: user.map(String::from), code })
}

/// The explanation with these remedies of its reason.
fn with(remedies: Vec<Remedy>) -> Explanation {
    let mut explanation = explained();
    explanation.reason.as_mut().expect("a reason").remedies = remedies;
    explanation
}

const STATEMENT: &str =
    "SET CLUSTER SETTING server.jwt_authentication.issuers = '[\"https://idp.example\", \"https://idp.example/\"]';";

#[test]
fn a_tried_fix_says_what_comes_of_it_and_who_does_it() {
    let explanation = with(vec![
        Remedy {
            after: after(Decision::Accept, Some("billing"), None),
            risk: Some("everybody of this issuer".into()),
            ..remedy("accept the issuer as the token writes it", STATEMENT)
        },
        Remedy {
            after: after(Decision::Reject, None, Some(ReasonCode::UserMismatch)),
            whose: Whose::IdentityProvider,
            ..remedy("issue tokens as `https://idp.example`", "")
        },
        Remedy { whose: Whose::Client, ..remedy("ask for another token", "") },
    ]);
    let text = explanation.to_string();
    let expected = format!(
        "\n  Fix 1: accept the issuer as the token writes it\n    {STATEMENT}\n    with this: ACCEPTED as `billing`\n    \
         risk: everybody of this issuer\n  Fix 2 (identity provider): issue tokens as `https://idp.example`\n    \
         with this: next problem user_mismatch ({})\n  Fix 3 (client): ask for another token\n",
        ReasonCode::UserMismatch.number()
    );
    assert!(text.contains(&expected), "{text}");
    assert!(text.contains(", 1 with a tried fix"), "{text}");
}

#[test]
fn a_fix_alone_has_no_number_and_words_that_sum_it_up_are_left_out() {
    let words = explained().reason.expect("a reason").remedy;
    assert!(explained().to_string().contains(&format!("\n  Fix: {words}\n")));
    let text = with(vec![remedy("do this", STATEMENT)]).to_string();
    assert!(text.contains("\n  Fix: do this\n"), "{text}");
    assert!(!text.contains(&format!("\n  Fix: {words}\n")), "{text}");
}

#[test]
fn a_statement_is_never_broken_and_all_other_lines_keep_the_width() {
    let explanation = with(vec![remedy("a few words that do not fit on a line of a narrow terminal", STATEMENT)]);
    for width in [40, 80, 120] {
        let lines = explanation.timeline().document(SETTINGS).width(width).verbose(true).lines();
        for line in &lines {
            let text = line.to_string();
            let is_word = !line.text.contains(' ');
            assert!(text.chars().count() <= width || line.tone == Tone::Statement || is_word, "{width}: {text}");
            assert_eq!(text, text.trim_end());
        }
        assert!(lines.iter().any(|line| line.tone == Tone::Statement && line.text == STATEMENT));
        let flat = |lines: &[Line]| {
            let words: Vec<String> = lines.iter().map(ToString::to_string).collect();
            words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let quiet = |lines: Vec<Line>| {
            let kept = lines.into_iter().filter(|line| !matches!(line.tone, Tone::Excerpt | Tone::Caret));
            flat(&kept.collect::<Vec<_>>())
        };
        assert_eq!(quiet(lines), quiet(explanation.timeline().verbose(true).lines()), "the same words at any width");
    }
}

#[test]
fn the_map_is_pasted_as_it_stands_and_other_line_breaks_are_not() {
    let of = |setting, statement: &str| {
        let change = Some(vec![NewValue { setting, value: None }]);
        with(vec![Remedy { change, ..remedy("do this", statement) }]).to_string()
    };
    let map = of("server.identity_map.configuration", "SET CLUSTER SETTING x = 'a b c\nd\te f';");
    assert!(map.contains("\n    SET CLUSTER SETTING x = 'a b c\n    d e f';\n"), "{map}");
    for harmful in ["SET x = 'a\nb';", "SET x = 'a\u{200b}b';", "SET x = '\u{1b}[2J';"] {
        let text = of("server.jwt_authentication.audience", harmful);
        assert!(text.contains("take `sql` of the JSON answer") && !text.contains("SET x"), "{text}");
    }
}

#[test]
fn every_fact_is_told_once() {
    let mut explanation = explained();
    let message = explanation.reason.as_ref().expect("a reason").message.clone();
    let mut echo = explanation.advice.first().expect("advice").clone();
    for kind in [AdviceKind::NearMiss, AdviceKind::NextFailure, AdviceKind::Warning] {
        echo = crate::Advice { kind, message: message.clone(), remedy: None, ..echo };
        explanation.advice.push(echo.clone());
    }
    let text = explanation.to_string();
    assert_eq!(text.matches(&*message).count(), 1, "{text}");
    let lines = explanation.lines();
    for line in lines.iter().filter(|line| line.text.len() > 30) {
        assert_eq!(lines.iter().filter(|other| other.text == line.text).count(), 1, "{line}");
    }
}

#[test]
fn words_beside_a_tried_fix_are_told_where_they_name_something_else() {
    let tried = "accept `https://idp.example/` too in server.jwt_authentication.issuers";
    let lets_in = Remedy { after: after(Decision::Accept, Some("alice"), None), ..remedy(tried, STATEMENT) };
    for (words, is_told) in [
        ("write `https://idp.example/` in server.jwt_authentication.issuers", false),
        ("set the manifest's version to 2 and keep server.jwt_authentication.issuers", true),
        ("ask somebody", true),
    ] {
        let mut explanation = with(vec![lets_in.clone()]);
        let code = explanation.reason.as_ref().map(|reason| reason.code);
        let mut near = explanation.advice.first().expect("advice").clone();
        near = crate::Advice { kind: AdviceKind::NearMiss, code, remedy: Some(words.into()), ..near };
        explanation.advice = vec![near];
        assert_eq!(explanation.to_string().contains(words), is_told, "{words}: {explanation}");
    }
}

#[test]
fn the_line_at_fault_is_shown_with_its_file() {
    let explanation = explained();
    let lines = explanation.timeline().file("sso.sql").document(SETTINGS).lines();
    let place = lines.iter().position(|line| line.tone == Tone::Place).expect("a place");
    let [at, excerpt, caret] = lines.get(place..place + 3).expect("three lines") else { panic!("three lines") };
    assert_eq!(at.to_string(), "  at sso.sql:3:58 (server.jwt_authentication.issuers)");
    assert_eq!(excerpt.text, "SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';");
    assert_eq!(caret.text.find('^'), excerpt.text.find("https"));
    assert_eq!(caret.text.matches('^').count(), "https://idp.example".len());
    assert!(!explanation.to_string().contains('^'), "nobody has given the text");
}

#[test]
fn long_lists_are_cut_at_five() {
    let issuers: Vec<String> = (0..9).map(|number| format!("\"https://{number}.example\"")).collect();
    let settings = SETTINGS.replace("https://idp.example", &format!("[{}]", issuers.join(",")));
    let explanation = Explanation::of(Settings::from_text(&settings), TOKEN, "alice", 1_800_000_000);
    let text = explanation.to_string();
    assert!(text.contains("`https://4.example` and 4 more\n") && !text.contains("https://5.example"), "{text}");
}

#[test]
fn keys_to_fetch_come_with_the_command_unless_a_shell_would_read_it_otherwise() {
    let fetched = |issuer: &str| {
        let mut settings = serde_json::Map::new();
        settings.insert("server.jwt_authentication.enabled".into(), true.into());
        settings.insert("server.jwt_authentication.issuers".into(), issuer.into());
        settings.insert("server.jwt_authentication.audience".into(), "web".into());
        settings.insert("server.jwt_authentication.jwks_auto_fetch.enabled".into(), true.into());
        let settings = serde_json::Value::Object(settings).to_string();
        Explanation::of(Settings::from_text(&settings), TOKEN, "alice", 1_800_000_000).to_string()
    };
    let text = fetched("https://idp.example/");
    let command = "\n    curl -sSfo keys.json \"$(curl -sSf 'https://idp.example/.well-known/openid-configuration' | jq -r .jwks_uri)\"\n";
    assert!(text.starts_with("KEYS NEEDED  of issuer `https://idp.example/`\n") && text.contains(command), "{text}");
    for address in ["https://a'$(id)'", "https://ä", "x"] {
        let map = format!("{{\"issuer_jwks_map\": {{\"https://idp.example/\": \"{address}\"}}}}");
        assert!(!fetched(&map).contains("curl"), "{address}");
    }
}

#[test]
fn ascii_has_marks_of_its_own() {
    let explanation = with(vec![remedy("wait …", "")]);
    for line in explanation.timeline().ascii(true).verbose(true).document(SETTINGS).lines() {
        assert!(line.to_string().is_ascii(), "{line}");
    }
    assert!(explanation.timeline().verbose(true).to_string().contains("✗ issuer"));
}
