"""The command line repeats no token, wherever one is written, and no key."""

from __future__ import annotations

import argparse
import io
import json
import pathlib
import sys
from typing import Iterator

import pytest

from sqljwt import cli
from sqljwt.cli.inputs import Parser
from sqljwt.said import said
from sqljwt.testing import Issuer, SigningKey

NOW = 1_800_000_000
IDP = Issuer()
TOKEN = IDP.token(sub="alice", now=NOW)
RSA = Issuer(alg="RS256").token(sub="alice", now=NOW)

SECRETS = {
    "token": TOKEN,
    "long token": Issuer(alg="RS256").token({"groups": ["x" * 50] * 100}, now=NOW),
    "rsa": RSA,
    "header": f"Authorization: Bearer {TOKEN}",
    "quoted": f'"{TOKEN}"',
    "JSON serialization": json.dumps(dict(zip(("protected", "payload", "signature"), TOKEN.split(".")))),
    "answer of a token endpoint": json.dumps({"access_token": TOKEN, "expires_in": 300}),
    "percent-encoded": TOKEN.replace(".", "%2E"),
    "wrapped": "\n".join(TOKEN[start : start + 76] for start in range(0, len(TOKEN), 76)),
    "with blanks": f"  {TOKEN} ",
    "signature": RSA.split(".")[2],
    "payload": TOKEN.split(".")[1],
    "unsigned": TOKEN.rpartition(".")[0] + ".",
    "URL": f"https://db.example/?token={TOKEN}#x",
    "shared key": json.dumps({"kty": "oct", "k": "c2VjcmV0LXNlY3JldA"}),
    "key set": json.dumps({"keys": [{"kty": "OKP", "d": "bm9ib2R5LWtub3dz"}]}, indent=2),
    "PEM": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n",
}

BASE = {
    "explain": ("--settings", "settings.json", "--now", str(NOW)),
    "validate": ("--settings", "settings.json", "--now", str(NOW)),
    "decode": (),
    "batch": ("--settings", "settings.json"),
    "keys": ("show", "--settings", "settings.json", "--now", str(NOW)),
    "roles": ("--settings", "settings.json", "--now", str(NOW)),
    "settings": ("--settings", "settings.json"),
    "reasons": (),
    "lint": ("settings.json",),
    "suggest": ("--now", str(NOW)),
    "compare": ("settings.json",),
    "who-can": ("--settings", "settings.json"),
    "reach": ("--settings", "settings.json"),
    "window": ("--settings", "settings.json", "--now", str(NOW)),
    "map": ("convert", "--issuer", "https://idp.test"),
    "log": (),
    "check": ("sso.logins.toml",),
    "mint": ("--now", str(NOW)),
    "connection": ("--user", "alice"),
    "completions": ("bash",),
}

MORE = (
    ("keys", "check", "--settings", "settings.json", "--now", str(NOW)),
    ("keys", "refresh", "--settings", "settings.json", "--keys-dir", "."),
)
"""What else a command does."""


def parsers() -> dict[str, argparse.ArgumentParser]:
    [commands] = [action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(commands.choices)


def places(secret: str) -> Iterator[tuple[str, ...]]:
    """Everywhere on the command line where something can be written."""
    yield (secret,)
    yield ("--version", secret)
    yield (f"--version={secret}",)
    yield (f"--{secret}",)
    each = parsers()
    for base in (*((name, *BASE[name]) for name in each), *MORE):
        name, parser = base[0], each[base[0]]
        yield (*base, secret)
        yield (*base, secret, secret)
        yield (*base, f"--{secret}")
        yield (*base, f"-{secret}")
        yield (*base, "--", secret)
        yield (name, secret)
        for option in (option for action in parser._actions for option in action.option_strings):
            yield (*base, option, secret)
            yield (*base, f"{option}={secret}")
            if option.startswith("--"):
                yield (*base, f"{option[:4]}={secret}")
                yield (*base, option[:5], secret)


@pytest.fixture
def here(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    (tmp_path / "settings.json").write_text(json.dumps(IDP.settings()))
    (tmp_path / "sso.logins.toml").write_text('settings = "settings.json"\n[[login]]\nissuer = "https://idp.test"\nlogs_in_as = "alice"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit status of a command, and all that it writes."""
    sys.stdin = io.TextIOWrapper(io.BytesIO(b""))
    try:
        status = cli.main(arguments)
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    finally:
        sys.stdin = sys.__stdin__
    return status, "".join(capsys.readouterr())


def pieces(secret: str) -> Iterator[str]:
    """What may not be read anywhere: the long words of a secret, and each of their ends."""
    for word in secret.replace(".", " ").replace('"', " ").split():
        if len(word) >= 16 and word not in ("access_token", "Authorization:"):
            yield from (word[:16], word[-16:])


@pytest.mark.parametrize("kind", SECRETS)
def test_no_place_on_the_command_line_repeats_a_secret(here: pathlib.Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    secret, tried = SECRETS[kind], 0
    assert list(pieces(secret))
    for arguments in places(secret):
        status, written = run(capsys, *arguments)
        leaked = [piece for piece in pieces(secret) if piece in written]
        assert not leaked, (arguments, written)
        assert status in (0, 1, 2) and "Traceback" not in written, (arguments, written)
        tried += 1
    assert tried > 100


def test_every_command_is_among_these() -> None:
    assert parsers().keys() == BASE.keys()
    assert all(isinstance(parser, Parser) for parser in parsers().values())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("explain", "--settings", "settings.json", "--token", TOKEN), "--token takes a file; for a variable use --token-env NAME"),
        (("explain", "--settings", "settings.json", "--token-env", TOKEN), "--token-env takes the name of a variable"),
        (("explain", "--settings", TOKEN), "--settings takes a file"),
        (("explain", "--settings", "settings.json", "--user", TOKEN), "--user: takes the name of a SQL user"),
        (("explain", "--settings", "settings.json", TOKEN), "a token is no argument"),
        (("decode", TOKEN), "a token is no argument"),
        (("batch", TOKEN), "a token is no argument"),
        (("check", TOKEN), "a token is no argument"),
        (("explain", "--settings", "settings.json", "--now", TOKEN), "a token is no argument"),
        (("explain", "--settings", "settings.json", "--userinfo", TOKEN), "--userinfo takes a file"),
        (("keys", "show", "--settings", "settings.json", "--token", TOKEN), "--token takes a file; for a variable use --token-env NAME"),
        (("keys", "check", "--settings", "settings.json", "--token-env", TOKEN), "--token-env takes the name of a variable"),
        (("keys", "check", "--settings", "settings.json", "--keys", TOKEN), "--keys takes a file"),
        (("roles", "--settings", "settings.json", "--member", TOKEN), "--member: looks like a token or a key"),
        (("roles", "--settings", "settings.json", "--member", f"ledger:{TOKEN}"), "--member: looks like a token or a key"),
    ],
)
def test_the_right_way_is_said(here: pathlib.Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    status, written = run(capsys, *arguments)
    assert status == 2 and words in written and "withheld" in written


@pytest.mark.parametrize(
    "name",
    [
        "missing.jwt",
        "keycloak-settings.json",
        "/home/somebody/work/sso/production/settings-of-the-staging-cluster.sql",
        "/private/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/token.txt",
        "d9428888-122b-11e1-b85c-61cd3cbb3210.json",
        "Einstellungen für Zürich.json",
        "C:\\Users\\Zoë\\Documents\\settings.json",
    ],
)
def test_a_name_that_is_wrong_is_said_in_full(here: pathlib.Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    for arguments in (("explain", "--settings", name), ("decode", "--token", name), ("batch", name), ("check", name)):
        status, written = run(capsys, *arguments)
        assert (status, written) == (2, f"sqljwt: {name}: No such file or directory\n"), arguments
    assert run(capsys, "decode", "--token-env", name) == (2, f"sqljwt: there is no environment variable {name}\n")


def test_what_a_terminal_would_obey_is_not_said() -> None:
    assert said("a\x1b[2J\u202eb\n") == r"a\u{1b}[2J\u{202e}b\u{a}"


@pytest.mark.parametrize("option", ["--settings", "--token", "--token-env"])
def test_a_nul_is_a_usage_error(here: pathlib.Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    status, written = run(capsys, "explain", "--settings", "settings.json", option, "a\0b")
    assert status == 2 and "Traceback" not in written and written.count("\n") == 1


def test_a_bug_of_the_command_line_repeats_nothing(
    here: pathlib.Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for error in (RuntimeError(TOKEN), KeyError(TOKEN), TypeError(TOKEN), ValueError(TOKEN), OSError(TOKEN), OSError(2, "no", TOKEN)):

        def broken(options: argparse.Namespace, error: Exception = error) -> bytes:
            raise error

        monkeypatch.setattr("sqljwt.cli.logins.token", broken)
        status, written = run(capsys, "decode")
        assert status in (1, 2) and written and not any(piece in written for piece in pieces(TOKEN)), written


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("a.toml", f'settings = "{TOKEN}"\n[[login]]\ntoken = "x"\nlogs_in_as = "a"\n'),
        ("a.toml", f'settings = "settings.json"\n[[login]]\ntoken_file = "{TOKEN}"\nlogs_in_as = "a"\n'),
        ("a.toml", f'settings = "settings.json"\n[[login]]\ntoken = "x"\nrejected = "{TOKEN}"\n'),
        ("a.toml", f'settings = "settings.json"\n[[login]]\ntoken = "x"\nlogs_in_as = "a"\n"{TOKEN}" = 1\n'),
        ("a.toml", f'settings = "settings.json"\n[[login]]\nissuer = "https://idp.test"\nbad = "{TOKEN}"\nlogs_in_as = "a"\n'),
        ("a.toml", f'settings = "settings.json"\n[[login]]\ntoken = {TOKEN}\nlogs_in_as = "a"\n'),
        ("a.toml", f'settings = "settings.json"\n[[login]]\ntoken = "x"\nlogs_in_as = "a"\n[{TOKEN}]\n[{TOKEN}]\n'),
        ("a.yaml", f"settings: settings.json\nlogin:\n  - token: {TOKEN}\n   user: alice\n"),
        ("a.yaml", f"settings: settings.json\nlogin: *{TOKEN.replace('.', '')}\n"),
        ("a.yaml", f"settings: settings.json\nlogin: !{TOKEN} x\n"),
        ("a.yaml", f"{TOKEN}\n"),
    ],
)
def test_a_faulty_table_of_logins_repeats_no_token(here: pathlib.Path, capsys: pytest.CaptureFixture[str], name: str, table: str) -> None:
    (here / name).write_text(table)
    status, written = run(capsys, "check", name)
    assert status == 2 and written.startswith("sqljwt: ") and written.count("\n") == 1
    assert not any(piece in written for piece in pieces(TOKEN)), written


def test_a_request_in_a_batch_repeats_no_token(here: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "requests.jsonl").write_text(f"{TOKEN}\n{json.dumps({TOKEN: 1})}\n{json.dumps(TOKEN)}\n{json.dumps({'token': [TOKEN]})}\n")
    status, written = run(capsys, "batch", "requests.jsonl", "--settings", "settings.json")
    assert status == 2 and "4 malformed" in written
    assert not any(piece in written for piece in pieces(TOKEN)), written


def test_keys_of_the_test_kit_are_not_in_their_repr() -> None:
    key = SigningKey.generate("key-1")
    assert "private" not in repr(key).lower()
