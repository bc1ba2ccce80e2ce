"""What the commands tell beside whether somebody may log in: `keys show`, `keys check` and `roles`."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from test_asking import fetched
from test_cli import run
from test_drift import SCHEMA

import sqljwt
from sqljwt.cli.roles import WHY
from sqljwt.testing import Issuer

NOW = 1_800_000_000
ISSUER, OTHER = "https://idp.example", "https://b.example"
IDP = Issuer(ISSUER)
WEAK = {"kty": "RSA", "kid": "weak", "n": "sXch" * 43, "e": "AQAB"}
AT = ("--now", str(NOW))

SETTINGS = {
    **IDP.settings(),
    "server.jwt_authentication.jwks_auto_fetch.enabled": True,
    "server.jwt_authentication.authorization.enabled": True,
}
del SETTINGS["server.jwt_authentication.jwks"]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An issuer whose keys have rotated twice, the second time so that none stayed; a token of each time, and others."""
    idp = Issuer(ISSUER)
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS))
    (tmp_path / "two.json").write_text(json.dumps({**SETTINGS, "server.jwt_authentication.issuers": [ISSUER, OTHER]}))
    (tmp_path / "keys").mkdir()
    (tmp_path / "first.jwt").write_text(idp.token(sub="alice", now=NOW))
    records = [fetched(idp, NOW - 7200)]
    idp.rotate()
    records.append(fetched(idp, NOW - 3600))
    idp.rotate(keep=0)
    idp._published_too = [WEAK]
    records.append(fetched(idp, NOW))
    for number, record in enumerate(records):
        (tmp_path / "keys" / f"{9 - number}.json").write_text(record)
    (tmp_path / "good.jwt").write_text(idp.token(sub="alice", now=NOW, groups=["readers", "/team", "dba"]))
    (tmp_path / "without.jwt").write_text(idp.token(sub="alice", now=NOW))
    (tmp_path / "forged.jwt").write_text(Issuer(ISSUER).token(sub="alice", now=NOW, header={"kid": "key-3"}))
    (tmp_path / "keys.json").write_text(json.dumps(idp.jwks()))
    (tmp_path / "answer.json").write_text('{"sub": "alice", "groups": ["writers"]}')
    return tmp_path


FETCHED = ("--settings", "settings.json", "--fetched", "keys", *AT)


def test_keys_are_shown_with_all_there_is_to_tell(here: Path) -> None:
    done = run(here, "keys", "show", *FETCHED, "--token", "good.jwt", "--token", "first.jwt", "--token", "forged.jwt")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(run(here, "keys", "show", *FETCHED, "--json").stdout)
    thumbprint = document["issuers"][0]["keys"][1]["thumbprint"]
    assert done.stdout == f"""\
https://idp.example  keys fetched from https://idp.example/keys
  fetched 2027-01-15T08:00:00Z, fresh until 2027-01-15T08:05:00Z
  ✗ `weak`
    key_weak: key `weak` has an RSA modulus of 1032 bits, expected 2048 to 8192
    Fix: have the identity provider sign with an RSA key of at least 2048 bits, a NIST curve or Ed25519
  ✓ `key-3`  EC key on P-256  ES256  {thumbprint}
  fetch by fetch
    2027-01-15T06:00:00Z  new `key-1`
    2027-01-15T07:00:00Z  new `key-2`; 1 stayed
    2027-01-15T08:00:00Z  new `weak`, `key-3`; gone `key-1`, `key-2`; no key stayed: tokens that were issued before are refused from one \
moment to the next

✓ good.jwt: signed with key `key-3` ({thumbprint}) of https://idp.example
· first.jwt: key `key-1` of https://idp.example is not among the keys that are there: they have to be fetched first
✗ forged.jwt: signature_invalid: the signature does not verify under the named key
"""


def test_the_document_of_keys_is_that_of_the_wire(here: Path) -> None:
    tokens = [(here / name).read_text() for name in ("good.jwt", "first.jwt")]
    records = [json.loads((here / "keys" / f"{number}.json").read_text()) for number in (9, 8, 7)]
    call = {"verb": "keys", "settings": SETTINGS, "fetched": records, "tokens": tokens, "now": NOW}
    for action in ("show", "check"):
        done = run(here, "keys", action, *FETCHED, "--token", "good.jwt", "--token-env", "FIRST", "--json", FIRST=tokens[1])
        assert done.stdout == f"{sqljwt.call(json.dumps(call))}\n" and done.stderr == ""
    # Files may be named as they like: the fetches stand in their own order.
    shown = run(here, "keys", "show", *FETCHED).stdout
    texts = [path.read_text() for path in (here / "keys").iterdir()]
    for seed in range(5):
        shutil.rmtree(here / "keys")
        (here / "keys").mkdir()
        for number, text in enumerate(random.Random(seed).sample(texts, len(texts))):
            (here / "keys" / f"{number}.json").write_text(text)
        assert run(here, "keys", "show", *FETCHED).stdout == shown
    (here / "all.json").write_text(f"[{','.join(texts)}]")
    assert run(here, "keys", "show", "--settings", "settings.json", "--fetched", "all.json", *AT).stdout == shown


def test_keys_are_checked(here: Path) -> None:
    check = ("keys", "check", *FETCHED)
    done = run(here, *check, "--token", "good.jwt")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == ["OK", "", "", "OK"], done.stdout
    assert "Warning: key_weak: key `weak`" in done.stdout and "Warning: 2027-01-15T08:00:00Z: no key stayed" in done.stdout
    for tokens, status, words in (
        (("good.jwt", "first.jwt"), 3, "UNKNOWN  first.jwt: key `key-1`"),
        (("forged.jwt", "first.jwt"), 1, "WRONG  forged.jwt: signature_invalid"),
        (("answer.json",), 1, "WRONG  answer.json: token_"),
    ):
        done = run(here, *check, *(part for name in tokens for part in ("--token", name)))
        assert done.returncode == status and words in done.stdout, done.stdout
    done = run(here, "keys", "check", "--settings", "settings.json", *AT)
    assert done.returncode == 3 and done.stdout.startswith("UNKNOWN  https://idp.example: no keys count\n  they have not been fetched\n  Fix: ")
    done = run(here, "keys", "check", "--settings", "settings.json", "--fetched", "keys", "--now", str(NOW + 300))
    assert done.returncode == 3 and "counted until 2027-01-15T08:05:00Z" in done.stdout


def test_checking_quietly_tells_what_is_wrong(here: Path) -> None:
    (here / "one.json").write_text(json.dumps(IDP.settings()))
    (here / "one.jwt").write_text(IDP.token(sub="alice", now=NOW))
    done = run(here, "keys", "check", "-q", "--settings", "one.json", "--token", "one.jwt")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run(here, "keys", "check", "--settings", "one.json").stdout == "OK  https://idp.example: 1 of 1 key can be used\n"
    done = run(here, "keys", "check", "-q", "--settings", "one.json", "--token", "one.jwt", "--token", "forged.jwt")
    assert done.returncode == 1 and done.stdout.startswith("WRONG  forged.jwt: ") and len(done.stdout.splitlines()) == 1
    for key_set, fact in (({"keys": []}, "it has no keys"), ({"keys": [WEAK]}, "none of its keys can be used")):
        (here / "bad.json").write_text(json.dumps({**IDP.settings(), "server.jwt_authentication.jwks": key_set}))
        done = run(here, "keys", "check", "-q", "--settings", "bad.json")
        assert done.returncode == 1 and done.stdout.startswith(f"WRONG  https://idp.example: {fact}\n"), done.stdout
    (here / "nobody.json").write_text("{}")
    done = run(here, "keys", "check", "--settings", "nobody.json")
    assert done.returncode == 1 and "no issuer is configured" in done.stdout
    assert "no issuer is configured" in run(here, "keys", "show", "--settings", "nobody.json").stdout


def test_a_key_set_that_was_fetched_by_hand_is_one_issuers(here: Path) -> None:
    done = run(here, "keys", "show", "--settings", "settings.json", "--keys", "keys.json", *AT, "--token", "good.jwt")
    assert done.returncode == 0 and done.stdout.startswith("https://idp.example  keys of keys.json\n  ✗ `weak`\n")
    assert "✓ good.jwt: signed with key `key-3`" in done.stdout
    two = ("keys", "check", "--settings", "two.json", "--keys", "keys.json", *AT)
    done = run(here, *two)
    assert done.returncode == 2 and "say with --issuer whose it is" in done.stderr
    for whose in (("--issuer", ISSUER), ("--token", "good.jwt")):
        done = run(here, *two, *whose)
        assert done.returncode == 3 and "OK  https://idp.example: 1 of 2 keys" in done.stdout and "UNKNOWN  https://b.example" in done.stdout
    assert run(here, *two, "--issuer", ISSUER, "--issuer", OTHER).returncode == 0
    done = run(here, *two, "--issuer", "https://stranger.example")
    assert done.returncode == 2 and "stranger" not in done.stderr
    done = run(here, *two[:4], "--issuer", ISSUER, "--keys", "good.jwt")
    assert done.returncode == 2 and done.stderr.startswith("sqljwt: good.jwt: not JSON")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "--settings", "settings.json", "--keys-dir", "keys"), "does not take --keys-dir"),
        (("show", "--settings", "settings.json", "-q"), "does not take --quiet"),
        (("check", "--settings", "settings.json", "--keys-dir", "keys"), "does not take --keys-dir"),
        (("refresh", "--settings", "settings.json"), "--keys-dir"),
        (("refresh", "--settings", "settings.json", "--keys-dir", "keys", "--token", "good.jwt"), "does not take --token"),
        (("refresh", "--settings", "settings.json", "--keys-dir", "keys", "--json"), "does not take --json"),
        (("show", "--settings", "-", "--token", "-"), "only one of settings and tokens"),
        (("show", "--settings", "settings.json", "--token", "-", "--token", "-"), "only one of settings and tokens"),
        (("show", "--settings", "settings.json", "--token-env", "MISSING"), "no environment variable MISSING"),
        (("show", "--settings", "answer.json"), "answer.json:1:2: "),
        (("show", "--settings", "settings.json", "--fetched", "good.jwt"), "good.jwt: "),
        (("show",), "--settings"),
        ((), "action"),
    ],
)
def test_what_cannot_be_shown_is_said(here: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(here, "keys", *arguments)
    assert done.returncode == 2 and words in done.stderr and done.stdout == "" and "Traceback" not in done.stderr


def test_nothing_in_keys_is_obeyed_by_a_terminal(here: Path) -> None:
    evil = "\x1b[2J\u202eX\n\x9b"
    hostile = {**IDP.jwks()["keys"][0], "kid": evil}
    unusable = {"kty": evil, "kid": f"{evil}2"}
    settings = {**IDP.settings(), "server.jwt_authentication.jwks": {"keys": [hostile, unusable]}}
    (here / "hostile.json").write_text(json.dumps(settings))
    (here / "hostile.jwt").write_text(IDP.token(sub="alice", now=NOW, header={"kid": evil}))
    (here / "stranger.jwt").write_text(IDP.token(sub="alice", iss=f"https://{evil}", now=NOW, header={"kid": evil}))
    (here / "failed.json").write_text(json.dumps({"issuer": ISSUER, "at": NOW, "answers": [], "failure": evil}))
    spoilt = {"issuer": ISSUER, "at": NOW - 1, "answers": [{"status": 500, "body": evil}], "failure": evil}
    (here / "spoilt.json").write_text(json.dumps([spoilt, {**spoilt, "failure": None}]))
    asked = [
        ("--settings", "hostile.json", "--token", "hostile.jwt", "--token", "stranger.jwt"),
        ("--settings", "settings.json", "--fetched", "failed.json"),
        ("--settings", "settings.json", "--fetched", "spoilt.json"),
    ]
    for action in ("show", "check"):
        for arguments in asked:
            done = run(here, "keys", action, *arguments, *AT)
            assert done.returncode in (0, 1, 3) and len(done.stdout) > 40, done.stderr
            assert not set("\x1b\x9b\u202e") & set(done.stdout + done.stderr), (arguments, done.stdout)
            assert not any(line.startswith("X") for line in done.stdout.splitlines())


def test_keys_fit_the_terminal(here: Path) -> None:
    asked = ("keys", "show", *FETCHED, "--token", "good.jwt")
    narrow = run(here, *asked, COLUMNS="60").stdout
    assert all(len(line) <= 60 for line in narrow.splitlines()), narrow
    words = run(here, *asked).stdout.split()
    assert sorted(narrow.split()) == sorted(words)
    ascii = run(here, *asked, PYTHONIOENCODING="ascii").stdout
    assert "  + `key-3`" in ascii and "  x `weak`" in ascii and ascii.isascii()
    coloured = run(here, "keys", "check", *FETCHED, "--color", "always").stdout
    assert coloured.startswith("\x1b[32mOK\x1b[0m  https://idp.example")


def of_roles(*more: str) -> tuple[str, ...]:
    return ("roles", *FETCHED, "--user", "alice", *more)


def test_a_login_says_what_it_would_do_to_roles(here: Path) -> None:
    members = ("--member", "writers", "--member", "ledger:writers", "--existing-role", "readers", "--existing-role", "writers")
    done = run(here, *of_roles("--token", "good.jwt", *members))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == """\
ACCEPTED  alice
  this login would grant `readers` to `alice` and revoke `writers`, and with them goes `ledger`; 2 groups are no roles here: `/team` and `dba`

    REVOKE "writers" FROM "alice";
    GRANT "readers" TO "alice";

  ignored: `/team`: no role can have this name
  ignored: `dba`: the database has no role of this name
"""
    records = [json.loads((here / "keys" / f"{number}.json").read_text()) for number in (7, 8, 9)]
    asked: dict[str, Any] = {"verb": "roles", "settings": SETTINGS, "fetched": records, "token": (here / "good.jwt").read_text()}
    asked.update(user="alice", now=NOW, memberships=["writers", {"role": "ledger", "through": "writers"}], existing_roles=["readers", "writers"])
    done = run(here, *of_roles("--token", "good.jwt", *members, "--json"))
    assert done.stdout == f"{sqljwt.call(json.dumps(asked))}\n"


def test_a_login_that_changes_nothing_says_so(here: Path) -> None:
    done = run(here, "roles", *FETCHED, "--user", "bob", "--token", "good.jwt", "--member", "writers")
    assert done.returncode == 1 and done.stdout.startswith("REJECTED  user_mismatch: ") and "REVOKE" not in done.stdout
    done = run(here, "roles", "--settings", "settings.json", "--token", "good.jwt", *AT)
    assert done.returncode == 3 and done.stdout.startswith("KEYS NEEDED  ")
    off = {name: value for name, value in SETTINGS.items() if "authorization" not in name}
    (here / "off.json").write_text(json.dumps(off))
    done = run(here, "roles", "--settings", "off.json", "--fetched", "keys", "--token", "good.jwt", *AT, "--member", "writers")
    assert done.stdout == "ACCEPTED  alice\n  groups are not synchronised: this login changes no role\n" and done.returncode == 0
    (here / "empty.jwt").write_text(IDP.token(sub="alice", now=NOW, groups=[]))
    (here / "direct.json").write_text(json.dumps({**IDP.settings(), "server.jwt_authentication.authorization.enabled": True}))
    done = run(here, "roles", "--settings", "direct.json", "--token", "empty.jwt", *AT, "--member", "writers")
    assert done.returncode == 1 and done.stdout.startswith("REJECTED  groups_empty: ")
    assert '    REVOKE "writers" FROM "alice";\n' in done.stdout and "the login itself is refused" in done.stdout
    done = run(here, "roles", "--settings", "answer.json", "--token", "good.jwt")
    assert done.returncode == 2 and done.stderr.startswith("sqljwt: answer.json:1:2: ")


@pytest.mark.parametrize("wrong", ["", ":", "a:", ":b", "a\x1b[2J", "a:b\u202e", "x" * 300])
def test_what_is_no_role_is_no_member(here: Path, wrong: str) -> None:
    done = run(here, *of_roles("--token", "good.jwt", "--member", wrong))
    assert done.returncode == 2 and not set("\x1b\u202e") & set(done.stdout + done.stderr) and "x" * 300 not in done.stderr
    if ":" not in wrong:
        assert run(here, *of_roles("--token", "good.jwt", "--existing-role", wrong)).returncode == 2


def test_hostile_groups_are_told_and_not_obeyed(here: Path) -> None:
    groups = ["\x1b[2J", "a\u202eb", 'x"; DROP ROLE y; --', "two\nlines", "readers"]
    (here / "hostile.jwt").write_text(IDP.token(sub="alice", now=NOW, groups=groups))
    (here / "direct.json").write_text(json.dumps({**IDP.settings(), "server.jwt_authentication.authorization.enabled": True}))
    done = run(here, "roles", "--settings", "direct.json", "--token", "hostile.jwt", *AT)
    assert done.returncode == 0 and not set("\x1b\u202e") & set(done.stdout)
    statements = [line for line in done.stdout.splitlines() if line.startswith("    ")]
    assert statements == ['    GRANT "readers" TO "alice";']
    assert sum(line.startswith("  ignored: ") for line in done.stdout.splitlines()) == 4


def test_groups_that_an_issuer_was_asked_for_count_for_one_token(here: Path) -> None:
    asked = ("--user", "alice", "--token", "without.jwt")
    for command in ("roles", "validate", "explain"):
        done = run(here, command, *FETCHED, *asked)
        assert done.returncode == 1 and done.stdout.startswith("REJECTED  userinfo_needed"), done.stdout
        assert "the same command with --userinfo answer.json\n" in done.stdout
        done = run(here, command, *FETCHED, *asked, "--userinfo", "answer.json")
        assert done.returncode == 0 and done.stdout.startswith("ACCEPTED"), done.stdout
    assert 'GRANT "writers" TO "alice";' in run(here, "roles", *FETCHED, *asked, "--userinfo", "answer.json").stdout
    done = run(here, "explain", *FETCHED, *asked, "--userinfo", "answer.json", "--fix")
    assert done.returncode == 0 and "nothing to fix" in done.stderr
    (here / "mallory.json").write_text('{"sub": "mallory", "groups": ["admin"]}')
    done = run(here, "validate", *FETCHED, *asked, "--userinfo", "mallory.json")
    assert done.returncode == 1 and done.stdout.startswith("REJECTED  groups_invalid: ") and "--userinfo" not in done.stdout
    # What is known of a person says nothing of a token that has groups.
    done = run(here, "roles", *FETCHED, "--user", "alice", "--token", "good.jwt", "--userinfo", "answer.json")
    assert "writers" not in done.stdout
    for wrong in (b"{", b"[]", b"\xff", b"", json.dumps({"sub": "x" * 2_000_000}).encode()):
        (here / "wrong.json").write_bytes(wrong)
        done = run(here, "validate", *FETCHED, *asked, "--userinfo", "wrong.json")
        assert done.returncode == 2 and done.stderr.startswith("sqljwt: wrong.json: ") and done.stdout == ""
    assert run(here, "validate", *FETCHED, *asked, "--userinfo", "missing.json").returncode == 2


def test_every_reason_why_a_group_is_no_role_has_words() -> None:
    assert list(WHY) == SCHEMA["ignored_group"]["properties"]["why"]["enum"]


def test_a_plan_makes_the_roles_what_the_groups_say() -> None:
    validator = sqljwt.Validator({**IDP.settings(), "server.jwt_authentication.authorization.enabled": True})
    names = [f"r{number}" for number in range(6)]
    choose = random.Random(7)

    def some() -> list[str]:
        return choose.sample(names, choose.randrange(len(names)))

    for _ in range(300):
        groups, direct, existing = [*some(), "r0"], some(), some()
        inherited = [(role, through) for through in direct for role in choose.sample(names, 1)]
        token = IDP.token(sub="alice", now=NOW, groups=groups)
        document = validator.roles(token, "alice", memberships=[*direct, *inherited], existing_roles=existing, now=NOW)
        plan = document.plan
        assert document.accepted and plan is not None
        wanted = set(groups) & set(existing)
        assert (set(direct) - set(plan.revoke)) | set(plan.grant) == wanted
        assert not set(plan.grant) & set(direct) and set(plan.revoke) <= set(direct)
        assert {ignored.group for ignored in plan.ignored} == set(groups) - set(existing)
        # What goes with a role is neither a role of one's own afterwards nor comes with one that stays.
        staying = {role for role, through in inherited if through in wanted}
        assert set(plan.lost) == {role for role, _ in inherited} - staying - wanted - set(direct)
        assert len(document.statements) == bool(plan.grant) + bool(plan.revoke)
