"""``sqljwt check --write``: a first table of expectations, of logins that there were."""

from __future__ import annotations

import json
import pathlib
import sys

import pytest
from test_cli import run

import sqljwt
from sqljwt.testing import Issuer
from sqljwt.testing.expectations import read_expectations

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="Python before 3.11 reads no TOML by itself")

IDP, OTHER = Issuer("https://idp.example"), Issuer("https://other.example")
MAP = "server.identity_map.configuration"
SETTINGS = {**IDP.settings(), MAP: "https://idp.example /^([a-zé]+)@example\\.com$ \\1\nhttps://idp.example ops@example.com dba\n"}
OLD = 1_000_000_000


@pytest.fixture
def here(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "settings.sql").write_text(sqljwt.settings_to_sql(SETTINGS), encoding="utf-8")
    return tmp_path


def written(here: pathlib.Path, *requests: object, status: int = 0) -> str:
    (here / "logins.jsonl").write_text("".join(f"{json.dumps(request)}\n" for request in requests))
    (here / "t.logins.toml").unlink(missing_ok=True)
    done = run(here, "check", "--write", "t.logins.toml", "--settings", "db/settings.sql", "--from", "logins.jsonl")
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def test_what_comes_out_now_is_expected_from_then_on(here: pathlib.Path) -> None:
    old = IDP.token(sub="ops@example.com", now=OLD, jti="one", weird={"a.b": [1, None]})
    told = written(
        here,
        {"token": old, "user": "dba"},
        {"token": IDP.token(sub="ops@example.com", now=OLD + 1, jti="two"), "user": "dba"},
        {"claims": {"iss": IDP.url, "aud": IDP.audience, "sub": "rené@example.com"}},
        {"token": OTHER.token(sub="ops@example.com"), "user": "dba"},
        {"claims": {"iss": IDP.url, "aud": ["elsewhere"], "sub": "ops@example.com"}, "user": "dba"},
    )
    assert told == "t.logins.toml: 4 logins\n"
    table = (here / "t.logins.toml").read_text(encoding="utf-8")
    assert old not in table and "jti" not in table and "weird" not in table and 'settings = "db/settings.sql"' in table
    expectations = read_expectations(here / "t.logins.toml")
    assert [each.logs_in_as or each.rejected for each in expectations] == ["dba", "rené", "issuer_not_allowed", "audience_not_allowed"]
    assert run(here, "check", "t.logins.toml").returncode == 0
    (here / "db" / "settings.sql").write_text(sqljwt.settings_to_sql({**SETTINGS, MAP: "https://idp.example ops@example.com other\n"}))
    done = run(here, "check", "t.logins.toml")
    assert done.returncode == 1 and "2 as expected, 2 not" in done.stdout


def test_claims_that_look_like_toml_are_texts(here: pathlib.Path) -> None:
    names = ['a"b\\c\n\t\x7f\u2028😀"""', "' = [", "#"]
    written(here, *({"claims": {"iss": IDP.url, "aud": IDP.audience, "sub": name}} for name in names))
    assert run(here, "check", "t.logins.toml").returncode == 0
    assert len(read_expectations(here / "t.logins.toml")) == len(names)


def test_what_no_table_can_say_is_passed_over(here: pathlib.Path) -> None:
    good = {"claims": {"iss": IDP.url, "aud": IDP.audience, "sub": "ops@example.com"}}
    told = written(here, good, {"token": "not a token"}, {"claims": {"sub": "x"}}, {"claims": {"iss": IDP.url, "sub": None}})
    assert told.startswith("t.logins.toml: 1 login; 3 passed over: ")
    written(here, {"token": "not a token"}, status=2)
    assert not (here / "t.logins.toml").exists()


def test_files_are_not_overwritten_and_options_go_together(here: pathlib.Path) -> None:
    written(here, {"claims": {"iss": IDP.url, "sub": "a"}})
    before = (here / "t.logins.toml").read_bytes()
    options = ["check", "--write", "t.logins.toml", "--settings", "db/settings.sql", "--from", "logins.jsonl"]
    done = run(here, *options)
    assert done.returncode == 2 and "is there already" in done.stderr and (here / "t.logins.toml").read_bytes() == before
    for wrong in (options[:-2], [*options, "x.toml"], ["check", "--settings", "a", "x.toml"], ["check"], [*options[:2], "x.yaml", *options[3:]]):
        assert run(here, *wrong).returncode == 2, wrong
    for line in ("[]", "{", '{"user": 1}', "{}"):
        (here / "logins.jsonl").write_text(f"\n{line}\n")
        done = run(here, *options)
        assert done.returncode == 2 and "logins.jsonl:2: " in done.stderr
