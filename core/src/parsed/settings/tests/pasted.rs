//! Documents as people really have them give the settings that stand in them, and nothing else.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    ground::{profile::Profile, reason::ReasonCode},
    parsed::settings::Settings,
};

const CLAIM: &str = "server.jwt_authentication.claim";
const AUDIENCE: &str = "server.jwt_authentication.audience";
const MAP: &str = "server.identity_map.configuration";

/// The statements of an ordinary document.
const STATEMENTS: [&str; 3] = [
    "SET CLUSTER SETTING server.jwt_authentication.claim = 'email'",
    "SET CLUSTER SETTING server.jwt_authentication.audience = 'db'",
    "SET CLUSTER SETTING server.jwt_authentication.enabled = true",
];

/// Statements that set no cluster setting, and how they are listed. In some stands what would set one elsewhere.
const OTHERS: [(&str, &str); 40] = [
    ("CREATE USER alice;", "CREATE USER"),
    ("create user alice with password 'it''s; x';", "CREATE USER"),
    ("BEGIN;", "BEGIN"),
    ("BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE;", "BEGIN"),
    ("COMMIT;", "COMMIT"),
    ("SET sql_safe_updates = false;", "SET sql_safe_updates"),
    ("SET SESSION application_name TO 'a';", "SET SESSION"),
    ("SET TIME ZONE 'UTC';", "SET TIME"),
    ("RESET application_name;", "RESET application_name"),
    ("RESET ALL;", "RESET ALL"),
    ("CREATE DATABASE IF NOT EXISTS app;", "CREATE DATABASE"),
    ("USE app;", "USE"),
    ("SELECT 1;", "SELECT"),
    ("(SELECT 1);", "a statement"),
    ("WITH a AS (SELECT 1) SELECT * FROM a;", "WITH"),
    ("SELECT 'SET CLUSTER SETTING server.jwt_authentication.claim = ''sub'';';", "SELECT"),
    ("SELECT e'\\'; SET CLUSTER SETTING server.jwt_authentication.claim = \\'sub\\';';", "SELECT"),
    ("SELECT $$; SET CLUSTER SETTING server.jwt_authentication.claim = 'sub'; $$;", "SELECT"),
    ("SELECT $a$ $$; SET CLUSTER SETTING server.jwt_authentication.claim = 'sub'; $a$;", "SELECT"),
    ("SELECT \"; SET CLUSTER SETTING server.jwt_authentication.claim = 'sub';\" FROM t;", "SELECT"),
    ("SELECT 1 -- ; SET CLUSTER SETTING server.jwt_authentication.claim = 'sub';\n;", "SELECT"),
    ("SELECT 1 /* ; /* ' */ SET CLUSTER SETTING server.jwt_authentication.claim = 'sub'; */;", "SELECT"),
    (
        "CREATE FUNCTION f() RETURNS INT AS $$\nBEGIN\nSET CLUSTER SETTING server.jwt_authentication.claim = 'sub';\n\
      END $$ LANGUAGE plpgsql;",
        "CREATE FUNCTION",
    ),
    (
        "CREATE OR REPLACE FUNCTION f() RETURNS INT BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;",
        "CREATE FUNCTION",
    ),
    ("DO $$ BEGIN EXECUTE 'SET CLUSTER SETTING server.jwt_authentication.claim = ''sub'''; END $$;", "DO"),
    ("UPDATE t SET a = 1 WHERE b = 'c';", "UPDATE"),
    ("ALTER ROLE ALL SET a = 1;", "ALTER ROLE"),
    ("ALTER DATABASE d RESET a;", "ALTER DATABASE"),
    ("ALTER VIRTUAL CLUSTER main START SERVICE SHARED;", "ALTER VIRTUAL"),
    ("ALTER VIRTUAL CLUSTER main SET REPLICATION RETENTION = '1h';", "ALTER VIRTUAL"),
    ("INSERT INTO t VALUES (x'00', b'\\xff', e'\\xff', 1.5e3, ARRAY[1], $1, '{\"a\": 1}'::JSONB);", "INSERT"),
    ("COPY t FROM STDIN;\nit's\t1\nSET CLUSTER SETTING server.jwt_authentication.claim = 'sub';\n\\.", "COPY"),
    ("GRANT SYSTEM MODIFYCLUSTERSETTING TO alice;", "GRANT"),
    ("DROP TABLE IF EXISTS \"weird;name\";", "DROP TABLE"),
    ("EXPORT INTO CSV 's3://x' FROM TABLE t;", "EXPORT"),
    ("CREATE TABLE t (a INT, b STRING ON UPDATE 'x');", "CREATE TABLE"),
    ("\\set ON_ERROR_STOP on", "\\set"),
    ("\\c defaultdb", "\\c"),
    ("\\echo it's", "\\echo"),
    ("SELECT 1 \\gset", "SELECT"),
];

fn read(text: &str) -> Settings {
    Settings::from_text(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Whether the document gives what [`STATEMENTS`] set, and nothing else.
fn assert_ordinary(settings: &Settings, text: &str) {
    assert_eq!(settings.value(CLAIM), Some("email"), "{text}");
    assert_eq!(settings.value(AUDIENCE), Some("db"), "{text}");
    assert_eq!(settings.value("server.jwt_authentication.enabled"), Some("true"), "{text}");
    assert_eq!(settings.values().count(), 3, "{text}");
}

#[test]
fn other_statements_are_read_past_wherever_they_stand_and_listed() {
    for (other, listed) in OTHERS {
        for place in 0..=STATEMENTS.len() {
            let mut lines: Vec<String> = STATEMENTS.iter().map(|statement| format!("{statement};")).collect();
            lines.insert(place, other.to_string());
            let text = lines.join("\n");
            let settings = read(&text);
            assert_ordinary(&settings, &text);
            assert_eq!(settings.ignored(), [listed], "{text}");
            assert!(Settings::from_sql(&text).is_ok_and(|sql| sql == settings), "{text}");
        }
    }
}

#[test]
fn what_was_meant_to_set_something_is_never_read_past() {
    for text in [
        "SET CLUSTR SETTING server.jwt_authentication.claim = 'a';",
        "SETT CLUSTER SETTING server.jwt_authentication.claim = 'a';",
        "server.jwt_authentication.claim = 'a';",
        "ALTER SYSTEM SET server.jwt_authentication.claim = 'a';",
        "SET server.identity_map.configuration = 'a';",
        "BEGIN\nSET CLUSTER SETTING server.jwt_authentication.claim = 'a';",
        "SELECT 1 SET CLUSTER SETTING server.jwt_authentication.claim = 'a';",
        "CREATE USER alice\nRESET CLUSTER SETTING server.jwt_authentication.claim;",
        "SELECT 'open;",
        "SELECT $$open;",
        "SELECT \"open;",
        "SELECT e'open\\';",
        "SELECT 1 /* open;",
        "SET CLUSTER SETTING server.jwt_authentication.nothing = 'a';",
        "ALTER VIRTUAL CLUSTER main SET CLUSTER SETTING server.jwt_authentication.nothing = 'a';",
    ] {
        let text = format!("{};\n{text}", STATEMENTS[0]);
        assert!(
            Settings::from_text(&text).is_err_and(|error| error.position.is_some_and(|place| place.line > 1)),
            "{text}"
        );
    }
    for text in ["SELECT 1;", "BEGIN; COMMIT;", "hello", "\\q"] {
        let read = Settings::from_text(text);
        assert!(text == "\\q" || read.is_err_and(|error| error.code == ReasonCode::SettingsInvalid), "{text}");
    }
}

const PROMPTS: [&str; 10] = [
    "> ",
    "root@localhost:26257/defaultdb> ",
    "root@localhost:26257/defaultdb  OPEN> ",
    "alice@db.example.com:26257/app> ",
    "root@[::1]:26257/defaultdb> ",
    "root@:26257/? ERROR> ",
    "demo@127.0.0.1:26257/demoapp/movr> ",
    "defaultdb=> ",
    "defaultdb=# ",
    "defaultdb=*# ",
];

const ANSWERS: [&str; 6] = [
    "",
    "SET CLUSTER SETTING\n",
    "SET CLUSTER SETTING\n\nTime: 10ms total (execution 9ms / network 1ms)\n\n",
    "NOTICE: it's done\nSET CLUSTER SETTING\n\nTime: 10ms\n",
    "Time: 10ms total\n",
    "ERROR: at or near \"x\": it's wrong\nSQLSTATE: 42601\nHINT: try \\h\n",
];

#[test]
fn a_session_of_either_shell_gives_what_was_typed() {
    for prompt in PROMPTS {
        for answer in ANSWERS {
            let mut text = String::from("# Welcome to the CockroachDB SQL shell.\n# It's free.\n#\n");
            for statement in STATEMENTS {
                text += &format!("{prompt}{statement};\n{answer}");
            }
            assert_ordinary(&read(&text), &text);
            let text = format!("{text}{prompt}CREATE USER alice;\nCREATE ROLE\n\n{prompt}\\q\n");
            let settings = read(&text);
            assert_ordinary(&settings, &text);
            assert_eq!(settings.ignored(), ["CREATE USER", "\\q"], "{text}");
        }
    }
}

#[test]
fn tables_between_statements_are_answers() {
    let table = "  username | options | member_of\n-----------+---------+------------\n  it's     |         | {}\n(1 row)\n\n\
                 Time: 4ms total\n\n";
    for (prompt, table) in [
        ("root@h:26257/d> ", table),
        ("d=# ", " claim \n-------\n it's; SET CLUSTER SETTING x\n(1 row)\n\n"),
        ("> ", "+---+\n| a |\n+---+\n| ' |\n+---+\n(1 row)\n"),
    ] {
        let [first, second, third] = STATEMENTS;
        let text = format!(
            "{prompt}SHOW USERS;\n{table}{prompt}{first};\n{prompt}TABLE t;\n{table}{prompt}{second};\n\
                            {prompt}{third};\n"
        );
        let settings = read(&text);
        assert_ordinary(&settings, &text);
        assert_eq!(settings.ignored(), ["TABLE"], "{text}");
    }
}

#[test]
fn the_shells_marks_are_no_part_of_a_statement_nor_of_a_string() {
    for (prompt, mark) in
        [("root@h:26257/d> ", "             -> "), ("d=# ", "d-# "), ("d=> ", "d'> "), ("d=# ", "d$# ")]
    {
        for (open, close) in [("'", "'"), ("$$", "$$"), ("e'", "'")] {
            let text = format!(
                "{prompt}SET CLUSTER SETTING\n{mark}{MAP}\n{mark}= {open}# map\n{mark}https://a /^(.*)$ x\n{mark}\n\
                 {mark} https://a b c{close};\nSET CLUSTER SETTING\n"
            );
            let settings = read(&text);
            assert_eq!(settings.value(MAP), Some("# map\nhttps://a /^(.*)$ x\n\n https://a b c"), "{text}");
            let offset = settings.value(MAP).unwrap().find(" b c").unwrap();
            let position = crate::parsed::settings::Places::of(&settings)
                .position(crate::parsed::settings::SettingName::IdentityMap, offset)
                .unwrap();
            let line = text.lines().nth(5).unwrap();
            assert_eq!((position.line, position.column as usize), (6, line.find(" b c").unwrap() + 1), "{text}");
        }
    }
    let text = format!("SET CLUSTER SETTING {MAP} = 'a\n-> b';");
    assert_eq!(read(&text).value(MAP), Some("a\n-> b"));
}

#[test]
fn statements_about_a_virtual_cluster_are_read_in_every_spelling() {
    for kind in ["VIRTUAL CLUSTER", "virtual cluster", "TENANT", "tenant"] {
        for cluster in ["main", "\"main\"", "'main'", "ALL", "[1]", "[10+1]", "my_app", "\"set\"", "$1"] {
            let text = format!(
                "ALTER {kind} {cluster} SET CLUSTER SETTING {CLAIM} = 'email';\n\
                 alter {kind} {cluster} set cluster setting \"{AUDIENCE}\" to 'db';\n\
                 ALTER {kind} {cluster} SET CLUSTER SETTING {MAP} := 'x';\n\
                 ALTER {kind} {cluster} RESET CLUSTER SETTING {MAP};\n\
                 ALTER {kind} {cluster} SET CLUSTER SETTING server.jwt_authentication.enabled = DEFAULT;\n\
                 ALTER {kind} {cluster} SET CLUSTER SETTING sql.x = 1;"
            );
            let settings = read(&text);
            assert_eq!(settings.value(CLAIM), Some("email"), "{text}");
            assert_eq!(settings.value(AUDIENCE), Some("db"), "{text}");
            assert_eq!(settings.values().count(), 2, "{text}");
            assert_eq!(settings.ignored(), ["sql.x"], "{text}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_document_in_any_form() {
    for text in [
        format!("{{\"{CLAIM}\": \"email\"}}"),
        format!("SET CLUSTER SETTING {CLAIM} = 'email';"),
        format!("-- x\nSET CLUSTER SETTING {CLAIM} = 'email';"),
        format!("variable\tvalue\n{CLAIM}\temail\n"),
        format!("variable,value\n{CLAIM},email\n"),
        format!(" variable | value\n----------+-------\n {CLAIM} | email\n"),
        format!("[{{\"variable\": \"{CLAIM}\", \"value\": \"email\"}}]"),
    ] {
        let marked = format!("\u{feff}{text}");
        assert_eq!(read(&marked), read(&text), "{text}");
        assert_eq!(read(&marked).value(CLAIM), Some("email"), "{text}");
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&Settings::decode(&utf16).unwrap()), read(&text));
        let misread: String = text.chars().flat_map(|c| [c, '\0']).collect();
        assert!(Settings::from_text(&misread).is_err_and(|error| error.message.contains("UTF-16")), "{text}");
    }
    let place = Settings::from_text("\u{feff}{\"x\": 1}").unwrap_err().position.unwrap();
    assert_eq!((place.line, place.column), (1, 2));
    // Inside a value it is the database's, which takes it for a part of the first issuer's name.
    let values = format!("{{\"{MAP}\": \"\\ufeffhttps://a b c\"}}");
    assert_eq!(read(&values).value(MAP), Some("\u{feff}https://a b c"));
}

#[test]
fn an_error_knows_the_profile_wherever_the_document_states_it() {
    let set = |name: &str, value: &str| format!("SET CLUSTER SETTING {name} = {value};\n");
    let profile = set("engine.profile", "'cockroachdb'");
    let option = "-- sqljwt: engine.profile = \"cockroachdb\"\n".to_string();
    let member = "\"engine.profile\": \"cockroachdb\"";
    let mut documents = Vec::new();
    for fault in [
        set("server.jwt_authentication.nope", "1"),
        set("server.jwt_authentication.enabled", "'often'"),
        set("server.jwt_authentication.claim", ""),
        "RESET CLUSTER SETTING\n;\n".into(),
        "server.jwt_authentication.claim = 'x';\n".into(),
    ] {
        for profile in [&profile, &option] {
            documents.extend([format!("{profile}{fault}"), format!("{fault}{profile}")]);
        }
    }
    for fault in ["\"x\": 1", "\"server.jwt_authentication.enabled\": 1", "\"x\" 1", "\"engine.leeway_seconds\": -1"] {
        documents.extend([format!("{{{member}, {fault}}}"), format!("{{{fault}, {member}}}")]);
    }
    for fault in ["server.jwt_authentication.nope\tx", "server.jwt_authentication.enabled\toften", "a\tb\tc"] {
        for rows in [format!("engine.profile\tcockroachdb\n{fault}"), format!("{fault}\nengine.profile\tcockroachdb")] {
            documents.push(format!("variable\tvalue\n{rows}\n"));
            documents.push(format!("variable,value\n{rows}\n").replace('\t', ","));
        }
    }
    for text in documents {
        let error = Settings::from_text(&text).err().unwrap_or_else(|| panic!("{text} is read"));
        assert_eq!(error.profile, Profile::Cockroachdb, "{text}");
        let hardened = Settings::from_text(&text.replace("cockroachdb", "hardened")).unwrap_err();
        assert_eq!(hardened.profile, Profile::Hardened, "{text}");
    }
}
