"""``who-can``, ``reach``, ``window`` and ``keys rehearse``, through a process."""

from __future__ import annotations

import json
import pathlib

import pytest
from test_cli import run

import sqljwt
from sqljwt.testing import Issuer

NOW = 1_800_000_000
IDP, OTHER = Issuer("https://idp.example"), Issuer("https://idp.example")
MAP = "server.identity_map.configuration"
LINES = "https://idp.example ops@example.com admin\nhttps://idp.example /^([a-z]+)@example\\.com$ \\1\n"
SETTINGS = {**IDP.settings(), MAP: LINES}
TOKEN = IDP.token(sub="ops@example.com", now=NOW)


@pytest.fixture
def here(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "settings.sql").write_text(sqljwt.settings_to_sql(SETTINGS))
    (tmp_path / "broken.json").write_text('{"server.jwt_authentication.enabled": "yes"}')
    (tmp_path / "token.txt").write_text(TOKEN)
    (tmp_path / "same.json").write_text(json.dumps(IDP.settings()["server.jwt_authentication.jwks"]))
    (tmp_path / "other.json").write_text(json.dumps(OTHER.settings()["server.jwt_authentication.jwks"]))
    return tmp_path


def who_can(here: pathlib.Path, *arguments: str, allow: str | None = None) -> tuple[int, str]:
    if allow is not None:
        (here / "allowed.txt").write_text(allow)
        arguments += ("--allow", "allowed.txt")
    done = run(here, "who-can", "--settings", "settings.sql", *arguments)
    return done.returncode, done.stdout + done.stderr


def test_who_can_names_ways_and_examples(here: pathlib.Path) -> None:
    status, told = who_can(here, "admin")
    assert status == 0 and told.startswith("admin  administrator\n")
    assert "  line 1  https://idp.example  sub `ops@example.com`\n" in told
    assert "  line 2  https://idp.example  sub /^([a-z]+)@example\\.com$ where `\\1` is `admin`\n    for example `admin@example.com`\n" in told
    assert told.endswith("nobody else can: every way was searched to its end\n")
    status, told = who_can(here)
    assert status == 0 and told.startswith("…  may be an administrator\n") and "\n\nadmin  administrator\n" in told
    assert who_can(here, "x-1") == (0, "nobody can become `x-1`\n")
    done = run(here, "who-can", "admin", "--settings", "settings.sql", "--json")
    assert done.stdout == f"{sqljwt.who_can(SETTINGS, 'admin').to_json()}\n"


@pytest.mark.parametrize(
    ("user", "allow", "missing"),
    [
        ("admin", LINES, 0),
        (None, LINES, 0),
        ("ADMIN", LINES, 0),
        ("admin", "# none\n\n", 2),
        ("admin", "https://idp.example ops@example.com admin # on call", 1),
        ("admin", "https://idp.example ops@example.com\nhttps://idp.example /^([a-z]+)@example\\.com$", 0),
        (None, "https://idp.example ops@example.com\nhttps://idp.example /^([a-z]+)@example\\.com$", 0),
        ("admin", "https://idp.example ops@example.com root\nhttps://idp.example /^([a-z]+)@example\\.com$ x\\1", 2),
        ("admin", "https://idp.example ops@example.com admin\nhttps://idp.example /^([a-z]+)@example\\.com$ admin", 0),
        (None, "https://idp.example ops@example.com admin\nhttps://idp.example /^([a-z]+)@example\\.com$ admin", 1),
        ("admin", LINES.replace("https://idp.example", "https://idp.example/"), 2),
        ("admin", LINES.replace("[a-z]+", "[a-z]*"), 1),
        ("admin", LINES.replace(" /^", " ^"), 1),
    ],
)
def test_a_gate_lets_through_what_is_allowed_and_nothing_else(here: pathlib.Path, user: str | None, allow: str, missing: int) -> None:
    status, told = who_can(here, *([user] if user else []), allow=allow)
    assert (status, told.count("NOT ALLOWED")) == (int(missing > 0), missing), told
    assert missing or told == "OK  every way is allowed by allowed.txt\n"


def test_a_gate_is_closed_where_an_issuer_has_no_map(here: pathlib.Path) -> None:
    (here / "settings.sql").write_text(sqljwt.settings_to_sql(IDP.settings()))
    assert who_can(here, "admin", allow=LINES)[0] == 1
    assert who_can(here, allow=LINES)[0] == 1
    assert who_can(here, "admin", allow="https://idp.example admin")[0] == 0
    assert who_can(here, allow="https://idp.example /^(.*)$ \\1")[0] == 0


def test_a_gate_passes_over_users_who_are_refused_all_the_same(here: pathlib.Path) -> None:
    (here / "settings.sql").write_text(sqljwt.settings_to_sql({**SETTINGS, MAP: "https://idp.example ops@example.com root\n"}))
    status, told = who_can(here, "root")
    assert "nobody logs in so: " in told
    assert who_can(here, "root", allow="")[0] == 0


def test_a_file_of_ways_that_cannot_be_read_opens_nothing(here: pathlib.Path) -> None:
    for allow in ("https://idp.example\n", "a b c d\n"):
        status, told = who_can(here, "admin", allow=f"# ways\n{allow}")
        assert status == 2 and "allowed.txt:2: " in told
    done = run(here, "who-can", "--settings", "settings.sql", "--allow", "nowhere.txt")
    assert done.returncode == 2 and "nowhere.txt" in done.stderr
    assert run(here, "who-can", "--settings", "-", "--allow", "-").returncode == 2


@pytest.mark.parametrize("command", [("who-can",), ("reach", "a"), ("keys", "rehearse", "--keys", "same.json"), ("window", "--token", "token.txt")])
def test_settings_that_cannot_be_used_have_their_own_status(here: pathlib.Path, command: tuple[str, ...]) -> None:
    done = run(here, *command, "--settings", "broken.json")
    assert done.returncode == 2 and "broken.json:1:39: " in done.stdout + done.stderr


def test_reach_says_whom_a_principal_becomes(here: pathlib.Path) -> None:
    done = run(here, "reach", "ops@example.com", "--settings", "settings.sql")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "https://idp.example  sub `ops@example.com`"
    assert "`admin`  by line 1 of the identity map" in done.stdout and "`ops`  by line 2 of the identity map" in done.stdout
    done = run(here, "reach", "mallory@elsewhere.example", "--settings", "settings.sql")
    assert done.returncode == 1
    done = run(here, "reach", "ops@example.com", "--settings", "settings.sql", "--json", "--issuer", "https://idp.example")
    assert done.stdout == f"{sqljwt.reach(SETTINGS, 'ops@example.com', issuer='https://idp.example').to_json()}\n"
    done = run(here, "reach", "ops@example.com", "--settings", "settings.sql", "--issuer", "https://elsewhere.example")
    assert done.returncode == 1


def test_no_token_is_taken_for_a_principal(here: pathlib.Path) -> None:
    for command in (("reach", TOKEN), ("who-can", TOKEN)):
        done = run(here, *command, "--settings", "settings.sql")
        assert done.returncode == 2 and TOKEN not in done.stdout + done.stderr


def test_window_says_until_when(here: pathlib.Path) -> None:
    options = ("window", "--settings", "settings.sql", "--token", "token.txt", "--user", "admin")
    document = sqljwt.window(SETTINGS, TOKEN, "admin", now=NOW)
    assert document.until
    done = run(here, *options, "--now", str(NOW))
    assert done.returncode == 0 and done.stdout.startswith(f"ACCEPTED  {document.message}\n") and f"until {document.until.utc}: " in done.stdout
    done = run(here, *options, "--now", str(document.until.seconds))
    assert done.returncode == 1 and done.stdout.startswith("NO MORE  ")
    done = run(here, *options, "--now", str(NOW), "--json")
    assert done.stdout == f"{document.to_json()}\n"
    assert TOKEN not in done.stdout


def test_a_rehearsal_says_which_tokens_are_lost(here: pathlib.Path) -> None:
    options = ("keys", "rehearse", "--settings", "settings.sql", "--token", "token.txt", "--now", str(NOW))
    done = run(here, *options, "--keys", "same.json")
    assert done.returncode == 0 and "token.txt: still accepted" in done.stdout
    done = run(here, *options, "--keys", "other.json")
    assert done.returncode == 1 and "token.txt: accepted today, and not with the new set" in done.stdout and "  Fix: " in done.stdout
    done = run(here, *options, "--keys", "other.json", "--json")
    assert done.stdout == f"{sqljwt.rehearse(SETTINGS, (here / 'other.json').read_text(), [TOKEN], now=NOW).to_json()}\n"
    assert run(here, *options).returncode == 2
    done = run(here, *options, "--keys", "other.json", "--issuer", "https://elsewhere.example")
    assert done.returncode == 2 and "elsewhere" in done.stderr


@pytest.mark.parametrize("command", ["lint", "who-can", "reach", "window", "map", "suggest", "compare", "check"])
def test_every_help_has_examples(here: pathlib.Path, command: str) -> None:
    done = run(here, command, "--help")
    assert done.returncode == 0 and f"examples:\n  sqljwt {command} " in done.stdout and "exit status:" in done.stdout


def test_a_map_of_postgresql_is_written_and_told(here: pathlib.Path) -> None:
    (here / "pg_ident.conf").write_text("sso /^([a-z]+)@example\\.com$ \\1\nsso ops@example.com all\nci build@example.com ci\n")
    done = run(here, "map", "convert", "pg_ident.conf", "--issuer", "https://idp.example")
    document = sqljwt.convert_map((here / "pg_ident.conf").read_text(), "pg_ident", "https://idp.example")
    assert done.stdout == f"{document.map}\n" and done.returncode == int(document.left_out > 0)
    assert done.stderr.endswith(f"{document.exact} exact, {document.converted} with less, {document.left_out} left out\n")
    for line in document.lines:
        assert f"pg_ident.conf:{line.line}: " in done.stderr and (line.message or "") in done.stderr
    done = run(here, "map", "convert", "pg_ident.conf", "--map", "ci=https://ci.example", "--map", "sso=https://idp.example", "--json")
    issuers = {"ci": "https://ci.example", "sso": "https://idp.example"}
    assert done.stdout == f"{sqljwt.convert_map((here / 'pg_ident.conf').read_text(), 'pg_ident', issuers).to_json()}\n"
    done = run(here, "map", "convert", "pg_ident.conf", "--issuer", "https://idp.example", "--settings", "settings.sql", "--to", "sql")
    assert done.stdout.startswith("SET CLUSTER SETTING server.identity_map.configuration = ")


def test_a_map_that_nobody_takes_is_refused(here: pathlib.Path) -> None:
    (here / "rules.json").write_text("[")
    done = run(here, "map", "convert", "rules.json", "--from", "trino_rules", "--issuer", "https://idp.example")
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith("REFUSED  rules.json: ")
    for options in ((), ("--issuer", "a", "--map", "b=c"), ("--map", "b"), ("--map", "a=b", "--map", "a=c")):
        assert run(here, "map", "convert", "rules.json", *options).returncode == 2, options


def test_suggested_settings_are_sql_that_lets_the_token_in(here: pathlib.Path) -> None:
    options = ("--token", "token.txt", "--user", "admin", "--now", str(NOW))
    done = run(here, "suggest", *options, "--keys", "same.json")
    assert done.returncode == 0 and done.stdout.startswith("-- proven: ") and not done.stderr
    assert done.stdout.endswith("-- Tried: the token logs in as admin\n")
    assert all(line.startswith(("-- ", "SET CLUSTER SETTING ", "'")) for line in done.stdout.splitlines()), done.stdout
    (here / "suggested.sql").write_text(done.stdout)
    done = run(here, "validate", "--settings", "suggested.sql", *options)
    assert done.returncode == 0 and TOKEN not in done.stdout
    done = run(here, "suggest", *options)
    assert done.returncode == 0 and done.stdout.startswith("-- not proven: ")
    done = run(here, "suggest", *options, "--json")
    assert done.stdout == f"{sqljwt.suggest(TOKEN, 'admin', now=NOW).to_json()}\n"
    (here / "token.txt").write_text("a cookie")
    done = run(here, "suggest", *options)
    assert done.returncode == 1 and not done.stdout and done.stderr.startswith("Nothing is suggested: ")


def test_a_change_of_settings_is_a_gate(here: pathlib.Path) -> None:
    (here / "wide.sql").write_text(sqljwt.settings_to_sql({**SETTINGS, MAP: LINES.replace("\\.", ".")}))
    done = run(here, "compare", "settings.sql", "settings.sql")
    assert done.returncode == 0 and done.stdout.startswith("The same: ")
    done = run(here, "compare", "settings.sql", "wide.sql")
    assert done.returncode == 1 and done.stdout.startswith("GAINED  `") and "  by server.identity_map.configuration\n" in done.stdout
    assert run(here, "compare", "wide.sql", "settings.sql", "--fail-on", "gained").returncode == 0
    assert run(here, "compare", "settings.sql", "wide.sql", "--fail-on", "never").returncode == 0
    done = run(here, "compare", "settings.sql", "wide.sql", "--json")
    assert done.stdout == f"{sqljwt.compare(here / 'settings.sql', here / 'wide.sql').to_json()}\n"
    done = run(here, "compare", "settings.sql", "wide.sql", "--format", "markdown")
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert done.returncode == 1 and len(rows) >= 3 and all(row.count("|") == 4 for row in rows), done.stdout
    done = run(here, "compare", "settings.sql", "broken.json")
    assert done.returncode == 1 and "broken.json: cannot be used: " in done.stdout
    assert run(here, "compare", "-", "-").returncode == 2


def test_logins_that_there_were_are_judged_by_both(here: pathlib.Path) -> None:
    (here / "none.sql").write_text(sqljwt.settings_to_sql({**SETTINGS, MAP: "https://idp.example nobody@example.com nobody\n"}))
    logins = [{"token": TOKEN, "user": "admin"}, {"claims": {"sub": "x@y", "exp": NOW + 60}, "issuer": "https://idp.example", "user": "x"}]
    (here / "logins.jsonl").write_text("\n\n".join(map(json.dumps, logins)))
    options = ("compare", "settings.sql", "none.sql", "--logins", "logins.jsonl", "--now", str(NOW))
    done = run(here, *options)
    assert done.returncode == 1 and "  login 1 of the file\n" in done.stdout and TOKEN not in done.stdout
    document = json.loads(run(here, *options, "--json").stdout)
    assert (document["logins"]["judged"], document["logins"]["lost"], document["logins"]["unsigned"]) == (2, 1, 1)
    for line in ("{", "[]", "{}", json.dumps({"token": TOKEN, "claims": {}}), json.dumps({"token": TOKEN, "now": "x"})):
        (here / "logins.jsonl").write_text(line)
        done = run(here, *options)
        assert done.returncode == 2 and done.stderr.startswith("sqljwt: logins.jsonl:1: ") and TOKEN not in done.stderr


def test_what_no_expected_login_goes_by_is_told(here: pathlib.Path) -> None:
    login = '[[login]]\nissuer = "https://idp.example"\nclaims = {{ sub = "{sub}" }}\nuser = "{user}"\n{outcome}\n'
    table = 'settings = "settings.sql"\n' + login.format(sub="ada@example.com", user="ada", outcome='logs_in_as = "ada"')
    table += login.format(sub="ops@example.com", user="root", outcome='rejected = "user_mismatch"')
    (here / "sso.logins.toml").write_text(table)
    done = run(here, "check", "--coverage", "-q", "sso.logins.toml")
    assert done.returncode == 0 and done.stdout.startswith("coverage of sso.logins.toml: 1 of 1 login accepted; none goes by 1 of 2 lines"), done.stdout
    assert "  line 1 of the identity map: `ops@example.com admin` of https://idp.example\n" in done.stdout and "line 2" not in done.stdout
    told = json.loads(run(here, "check", "--coverage", "--json", "sso.logins.toml").stdout)
    assert len(told["logins"]) == 2 and [line["line"] for line in told["coverage"][0]["coverage"]["lines"]["unreached"]] == [1]
    (here / "sso.logins.toml").write_text(table + login.format(sub="ops@example.com", user="admin", outcome='logs_in_as = "admin"'))
    assert "line" not in run(here, "check", "--coverage", "-q", "sso.logins.toml").stdout.replace("goes by is", "")
