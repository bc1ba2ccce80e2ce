//! Settings survive every form that we write, and no text makes a reader panic.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    ground::json::quote,
    parsed::settings::{
        Dialect, Settings,
        configuration::Configuration,
        names::{Kind, SettingName},
        values::Values,
    },
};

/// Marsaglia's xorshift: the same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// A text out of pieces that some quoting, comment or line rule could trip over.
    fn nasty(&mut self) -> String {
        const PIECES: &[&str] = &[
            "'",
            "''",
            "\"",
            "\\",
            "\\n",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\0",
            "\u{1}",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "--",
            "/*",
            "*/",
            "$$",
            "$a$",
            ";",
            ",",
            "|",
            "+",
            " ",
            "é",
            "\u{1f600}",
            "\u{202e}",
            "\u{feff}",
            "x",
            "e'",
            "sqljwt:",
            "-- sqljwt: engine.profile = 1",
            "\u{e000}",
            "\u{10ffff}",
            "`",
            "{",
            "]",
            "=",
            "DEFAULT",
        ];
        (0..self.below(12)).map(|_| *self.one(PIECES)).collect()
    }

    fn value(&mut self, name: SettingName) -> String {
        match name.kind() {
            Kind::Bool => self.one(&["true", "false"]).to_string(),
            Kind::Integer(least, most) => (least + (self.next() % 1000) as i64).min(most).to_string(),
            Kind::List => format!("[{},\r\n {}]", quote(&self.nasty()), quote(&self.nasty())),
            Kind::Object => format!("{{\n{}: {{}}}}", quote(&self.nasty())),
            Kind::Text if name == SettingName::EngineProfile => quote(self.one::<&str>(&["hardened", "cockroachdb"])),
            Kind::Text | Kind::TextOrJson => quote(&self.nasty()),
        }
    }

    fn document(&mut self) -> String {
        let mut members = Vec::new();
        for name in SettingName::ALL {
            if self.below(3) > 0 {
                members.push(format!("{}: {}", quote(name.as_str()), self.value(*name)));
            }
        }
        format!("{{{}}}", members.join(",\n"))
    }
}

#[test]
fn settings_survive_sql_and_json_whatever_their_values() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2000 {
        let document = numbers.document();
        let settings = Settings::from_json(&document).unwrap_or_else(|error| panic!("{document:?}: {error}"));
        let sql = settings.to_sql();
        let from_sql = Settings::from_sql(&sql).unwrap_or_else(|error| panic!("{sql:?}: {error}"));
        assert!(from_sql == settings, "{sql:?}");
        assert_eq!(from_sql.to_sql(), sql);
        let json = settings.to_json();
        assert!(Settings::from_json(&json).unwrap() == settings, "{json:?}");
        assert!(json == "{\n}\n" || Settings::from_text(&json).unwrap() == settings);
    }
}

#[test]
fn separated_values_carry_every_text() {
    let mut numbers = Numbers(7);
    for delimiter in [",", "\t"] {
        for _ in 0..500 {
            let value = numbers.nasty();
            let field = format!("\"{}\"", value.replace('"', "\"\""));
            let text = format!("variable{delimiter}value\nserver.identity_map.configuration{delimiter}{field}\n");
            let settings = Settings::from_show(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert_eq!(settings.value("server.identity_map.configuration"), Some(&*value), "{text:?}");
        }
    }
}

#[test]
fn no_mutation_of_a_document_makes_a_reader_panic() {
    const TABLE: &str = " variable | value \n---+---\n server.identity_map.configuration | a+\n   | b|c \n(1 row)\n";
    const CSV: &str = "variable,value\nserver.jwt_authentication.issuers,\"[\"\"a\"\"]\"\n";
    let mut numbers = Numbers(42);
    for round in 0..4000 {
        let document = numbers.document();
        let mut text = match round % 4 {
            0 => document,
            1 => Settings::from_json(&document).unwrap().to_sql(),
            2 => TABLE.to_string(),
            _ => CSV.to_string(),
        };
        for _ in 0..1 + numbers.below(4) {
            let mut at = numbers.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match numbers.below(3) {
                0 => text.insert_str(at, &numbers.nasty()),
                1 => text.truncate(at),
                _ if at < text.len() => {
                    text.remove(at);
                }
                _ => {}
            }
        }
        for read in [Settings::from_text, Settings::from_json, Settings::from_sql, Settings::from_show] {
            match read(&text) {
                Err(error) => assert!(!error.message.is_empty() && !error.to_string().contains('\n'), "{text:?}"),
                Ok(settings) => {
                    for dialect in [Dialect::STRICT, Dialect::COCKROACHDB] {
                        let _ = Configuration::of(&mut Values::of(&settings), dialect);
                    }
                    let sql = settings.to_sql();
                    assert!(Settings::from_sql(&sql).unwrap() == settings, "{sql:?}");
                }
            }
        }
    }
}
