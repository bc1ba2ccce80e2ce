"""What the commands do beyond a plain question: other rules, fetched keys, fixes, tokens of one's own, connections, and help."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any, Iterator

import pytest
from http_issuer import HttpIssuer
from test_cli import EXPIRED, GOOD, IDP, LOGIN, NOW, here, lines, run

import sqljwt
from sqljwt import Position, Range, cli
from sqljwt.cli import fixing, manual, shells
from sqljwt.cli.moments import moment
from sqljwt.explanation import After, DocumentEdit, NewValue, Remedy

__all__ = ["here"]

ISSUER = "https://idp.test"


@pytest.fixture
def fetching(here: Path) -> Path:
    """Settings under which the server fetches the issuer's keys, and the key set that it serves."""
    settings = {**IDP.settings(), "server.jwt_authentication.jwks_auto_fetch.enabled": True}
    del settings["server.jwt_authentication.jwks"]
    (here / "fetching.json").write_text(json.dumps(settings))
    (here / "fetching.sql").write_text(f"-- a comment\n{sqljwt.settings_to_sql(settings)}")
    rows = "".join(f'{name},"{value if isinstance(value, str) else json.dumps(value)}"\n' for name, value in settings.items())
    (here / "fetching.csv").write_text(f"variable,value\n{rows}")
    (here / "keys.json").write_text(json.dumps(IDP.jwks()))
    return here


@pytest.mark.parametrize("settings", ["fetching.json", "fetching.sql", "fetching.csv"])
def test_fetched_keys_answer_what_could_not_be_said_without(fetching: Path, settings: str) -> None:
    for command in ("explain", "validate"):
        asked = (command, "--settings", settings, *LOGIN)
        done = run(fetching, *asked, stdin=GOOD)
        assert done.returncode == 3 and done.stdout.startswith("KEYS NEEDED")
        done = run(fetching, *asked, "--keys", "keys.json", stdin=GOOD)
        assert done.returncode == 0 and done.stdout.startswith("ACCEPTED"), done.stdout
        assert run(fetching, *asked, "--keys", "keys.json", stdin=EXPIRED).returncode == 1


def test_the_answer_has_the_command_that_fetches_keys(fetching: Path) -> None:
    done = run(fetching, "explain", "--settings", "fetching.sql", *LOGIN, stdin=GOOD)
    assert f"curl -sSfo keys.json \"$(curl -sSf '{ISSUER}/.well-known/openid-configuration' | jq -r .jwks_uri)\"\n" in done.stdout
    assert done.stdout.endswith("then: the same command with --keys keys.json\n")


def test_keys_of_another_kind_are_no_keys(fetching: Path) -> None:
    asked = ("explain", "--settings", "fetching.sql", *LOGIN, "--keys")
    for text, words in [("{", "not JSON"), ("[]", "no key set"), ('{"jwks_uri": "https://idp.test/keys"}', "the discovery document")]:
        (fetching / "wrong.json").write_text(text)
        done = run(fetching, *asked, "wrong.json", stdin=GOOD)
        assert done.returncode == 2 and done.stderr.startswith("sqljwt: wrong.json: ") and words in done.stderr
    for token in ("", "a.b.c", IDP.token(iss=None)):
        assert run(fetching, *asked, "keys.json", stdin=token).returncode in (1, 2)


def test_keys_of_a_stranger_hide_nothing(fetching: Path) -> None:
    stranger = IDP.token(sub="alice", iss="https://stranger.test", now=NOW)
    done = run(fetching, "explain", "--settings", "fetching.sql", *LOGIN, "--keys", "keys.json", stdin=stranger)
    assert done.stdout.startswith("REJECTED  issuer_not_allowed") and done.returncode == 1
    assert done.stderr.startswith("sqljwt: --keys is not used: ") and "https://stranger.test" in done.stderr


def test_a_batch_without_keys_has_their_status(fetching: Path) -> None:
    good = {"token": GOOD, "user": "alice", "now": NOW}
    done = run(fetching, "batch", "--settings", "fetching.json", stdin=lines(good))
    assert done.returncode == 3 and "1 without the issuer's keys" in done.stderr
    done = run(fetching, "batch", "--settings", "fetching.json", stdin=lines(good, {**good, "token": "x"}))
    assert done.returncode == 1


@pytest.mark.parametrize("settings", ["settings.json", "settings.sql"])
def test_another_profile_decides(here: Path, settings: str) -> None:
    asked = ("explain", "--settings", settings, *LOGIN, "--json")
    for profile in ("hardened", "cockroachdb"):
        assert json.loads(run(here, *asked, "--profile", profile, stdin=EXPIRED).stdout)["profile"] == profile
    assert run(here, *asked, "--profile", "lax", stdin=EXPIRED).returncode == 2


def test_moments_are_taken_as_answers_print_them(here: Path) -> None:
    for written in (str(NOW), "2027-01-15T08:00:00Z", "2027-01-15t09:00:00.9+01:00", f"{NOW}.7"):
        assert moment(written) == NOW
        assert run(here, "validate", "--settings", "settings.json", "--user", "alice", "--now", written, stdin=GOOD).returncode == 0
    for wrong in ("2027-01-15", "2027-01-15T08:00:00", "2027-02-30T08:00:00Z", f"{NOW}000", "soon", "nan", "1e9", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            moment(wrong)


def test_reasons_have_names_and_numbers(here: Path) -> None:
    assert run(here, "reasons", "4003").stdout == run(here, "reasons", "token_expired").stdout
    near = {"token_expird": "token_expired", "Token-Expired": "token_expired", "4004x": "lists them", "4109": "did you mean"}
    for wrong, right in near.items():
        done = run(here, "reasons", wrong)
        assert done.returncode == 2 and right in done.stderr, done.stderr
    assert run(here, "explain", "--settings", "settings.json", *LOGIN, stdin=EXPIRED).stdout.endswith("sqljwt reasons token_expired\n")


def remedy(start: tuple[int, int], end: tuple[int, int], text: str, decision: Any = "accept") -> Remedy:
    edit = DocumentEdit(Range(Position(*start), Position(*end)), text)
    return Remedy(
        whose="administrator",
        message="accept the audience of the token",
        change=(NewValue("server.jwt_authentication.audience", ["db-login", "web"]),),
        sql=("SET CLUSTER SETTING server.jwt_authentication.audience = '...';",),
        document=(edit,),
        after=After(decision, "alice" if decision == "accept" else None, None),
        risk="every token for `web`",
    )


@pytest.fixture
def web(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A login that another audience in the settings would let in; the command that fixes it."""
    settings = sqljwt.settings_to_sql(IDP.settings()).splitlines()
    (here / "commented.sql").write_bytes(("-- ours\n" + "\r\n".join(settings) + "\n-- the end").encode())
    (here / "web.jwt").write_text(IDP.token(sub="alice", aud="web", now=NOW))
    monkeypatch.chdir(here)
    return ["explain", "--settings", "commented.sql", "--token", "web.jwt", *LOGIN, "--fix"]


def found(name: str) -> Range:
    """Where the audience stands."""
    text = Path(name).read_text(encoding="utf-8")
    number, line = next((number, line) for number, line in enumerate(text.split("\n"), 1) if "audience" in line)
    column = line.index("db-login") + 1
    return Range(Position(number, column), Position(number, column + len("db-login")))


def test_a_fix_is_made_and_nothing_else_changes(
    web: list[str], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    place = found("commented.sql")
    first = remedy((place.start.line, place.start.column), (place.end.line, place.end.column), '["db-login", "web"]')
    monkeypatch.setattr(fixing, "first", lambda explanation: first)
    before = Path("commented.sql").read_bytes()
    expected = before.replace(b"db-login", b'["db-login", "web"]')
    assert cli.main(web) == 0
    written = capfdbinary.readouterr()
    assert written.out == expected and Path("commented.sql").read_bytes() == before
    assert b"Fixed: accept the audience" in written.err and b"ACCEPTED as `alice`" in written.err and b"risk: every token" in written.err
    assert cli.main([*web, "--in-place"]) == 0
    assert capfdbinary.readouterr().out == b"" and Path("commented.sql").read_bytes() == expected
    assert cli.main(web) == 0 and capfdbinary.readouterr().out == expected, "there is nothing left to fix"
    assert not list(Path().glob("*-new"))


def test_a_fix_that_does_not_do_what_it_promises_is_not_made(
    web: list[str], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = Path("commented.sql").read_bytes()
    monkeypatch.setattr(fixing, "first", lambda explanation: remedy((1, 1), (1, 1), "-- "))
    assert cli.main([*web, "--in-place"]) == 2
    monkeypatch.setattr(fixing, "first", lambda explanation: None)
    assert cli.main([*web, "--in-place"]) == 1
    assert b"NOT FIXED" in capfdbinary.readouterr().err and Path("commented.sql").read_bytes() == before


def test_the_engines_own_fix_does_what_it_says(web: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    token = Path("web.jwt").read_text()
    explanation = sqljwt.Validator(Path("commented.sql")).explain(token, "alice", now=NOW)
    first = fixing.first(explanation)
    status = cli.main(web)
    written = capfdbinary.readouterr().out
    if first is None or first.after is None:
        assert (status, written) == (1, b"")
    else:
        assert sqljwt.Validator(written).explain(token, "alice", now=NOW).decision == first.after.decision
        assert written.startswith(b"-- ours\n")


def test_options_that_say_two_things_are_refused(here: Path) -> None:
    asked = ("explain", "--settings", "settings.sql", "--token", "expired.jwt", *LOGIN)
    for wrong in (("--in-place",), ("--fix", "--json"), ("--fix", "--redact")):
        assert run(here, *asked, *wrong).returncode == 2
    assert run(here, "explain", "--settings", "-", "--token", "expired.jwt", "--fix", "--in-place", stdin="{}").returncode == 2


def test_a_token_of_ones_own_logs_in_where_its_key_is_known(here: Path) -> None:
    mint = ("mint", "--iss", ISSUER, "--aud", "db-login", "--now", str(NOW))
    for algorithm in ("ES256", "RS256", "EdDSA"):
        made = run(here, *mint, "--sub", "alice", "--new-key", algorithm, "--jwks", "own.json", "--save-key", f"{algorithm}.pem")
        assert made.returncode == 0 and "TEST token" in made.stderr and "own.json" in made.stderr
        asked = ("validate", "--settings", "settings.sql", *LOGIN)
        assert run(here, *asked, stdin=made.stdout).returncode == 1
        assert run(here, *asked, "--keys", "own.json", stdin=made.stdout).stdout == "ACCEPTED  alice\n"
        again = run(here, *mint, "--claim", "sub=alice", "--key", f"{algorithm}.pem")
        assert json.loads(again.stderr.splitlines()[-1]) == json.loads((here / "own.json").read_text())
        assert run(here, *asked, "--keys", "own.json", stdin=again.stdout).returncode == 0
        if os.name == "posix":
            assert stat.S_IMODE((here / f"{algorithm}.pem").stat().st_mode) == 0o600
    claims = sqljwt.dangerous.decode_unverified(made.stdout.strip()).claims
    assert claims is not None and claims["sqljwt_test_token"] is True and claims["exp"] == NOW + 3600


def test_claims_come_from_files_and_options(here: Path) -> None:
    (here / "claims.json").write_text('{"sub": "bob", "groups": ["a"]}')
    made = run(here, "mint", "--claims", "claims.json", "--claim", "email=a=b", "--claim", 'n:={"x": 1}', "--sub", "carol")
    claims = sqljwt.dangerous.decode_unverified(made.stdout.strip()).claims
    assert claims is not None
    assert (claims["sub"], claims["groups"], claims["email"], claims["n"]) == ("carol", ["a"], "a=b", {"x": 1})


@pytest.mark.parametrize(
    "wrong",
    [
        ("--claim", "sub"),
        ("--claim", "=x"),
        ("--claim", "x:={"),
        ("--key", "settings.sql"),
        ("--new-key", "HS256"),
        ("--alg", "RS256"),
        ("--claims", "settings.sql"),
    ],
)
def test_what_no_token_can_be_made_of_is_said(here: Path, wrong: tuple[str, ...]) -> None:
    done = run(here, "mint", *wrong)
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr


def test_no_key_is_overwritten(here: Path) -> None:
    assert run(here, "mint", "--save-key", "settings.sql").returncode == 2
    assert "SET CLUSTER" in (here / "settings.sql").read_text()


def test_a_key_that_does_not_fit_its_algorithm_is_refused(here: Path) -> None:
    run(here, "mint", "--new-key", "RS256", "--save-key", "rsa.pem")
    done = run(here, "mint", "--key", "rsa.pem", "--alg", "ES256")
    assert done.returncode == 2 and "not with ES256" in done.stderr
    header = sqljwt.dangerous.decode_unverified(run(here, "mint", "--key", "rsa.pem", "--alg", "PS512").stdout.strip()).header
    assert header is not None and header["alg"] == "PS512"


def test_minting_without_the_library_that_signs_is_a_usage_error(here: Path) -> None:
    (here / "cryptography.py").write_text("raise ModuleNotFoundError(name='cryptography')\n")
    done = run(here, "mint", PYTHONPATH=os.pathsep.join(filter(None, [str(here), os.environ.get("PYTHONPATH", "")])))
    assert done.returncode == 2 and done.stderr == "sqljwt: minting tokens takes a library that signs: pip install 'sqljwt[testing]'\n"


BUILD = ("connection", "--host", "db.example", "--user", "al ice@x", "--database", "a/b")


def test_a_connection_is_built_and_read_again(here: Path) -> None:
    for form in ("url", "keywords"):
        built = run(here, *BUILD, "--form", form)
        assert built.returncode == 0 and "eyJ" not in built.stdout
        done = run(here, "connection", "--read", "-", stdin=built.stdout)
        assert done.returncode == 0, done.stdout
        for part in ("host:      db.example", "user:      al ice@x", "database:  a/b", "options:   --crdb:jwt_auth_enabled=true"):
            assert part in done.stdout.splitlines(), done.stdout
    assert "/a%2Fb?sslmode=verify-full&options=--crdb%3Ajwt_auth_enabled%3Dtrue" in run(here, *BUILD).stdout


def test_a_token_is_printed_on_request_alone(here: Path) -> None:
    for form in ("url", "keywords", "env"):
        for source in (("--token", "good.jwt"), ("--token-env", "DB_TOKEN")):
            done = run(here, *BUILD, "--form", form, *source, DB_TOKEN=GOOD)
            assert done.returncode == 0 and GOOD not in done.stdout + done.stderr
            assert GOOD in run(here, *BUILD, "--form", form, *source, "--with-token", DB_TOKEN=GOOD).stdout
    shell = run(here, *BUILD, "--form", "env", "--token", "good.jwt").stdout
    done = subprocess.run(["sh", "-c", f'{shell}\necho "$PGUSER $PGPASSWORD"'], cwd=here, capture_output=True, text=True)
    assert done.stdout == f"al ice@x {GOOD}\n"


def test_what_a_terminal_would_obey_is_no_part_of_a_connection(here: Path) -> None:
    for option in ("--host", "--user", "--database"):
        done = run(here, *BUILD, option, "a\x1b[2J")
        assert done.returncode == 2 and "\x1b" not in done.stdout + done.stderr
    (here / "no.jwt").write_text("a\x1b[2J.b.c")
    done = run(here, *BUILD, "--token", "no.jwt", "--with-token")
    assert done.returncode == 2 and done.stdout == ""


@pytest.mark.parametrize(
    ("connection", "words", "status"),
    [
        ("postgresql://alice@db/defaultdb?sslmode=verify-full", "missing: options=", 1),
        ("postgresql://alice@db/x?sslmode=verify-full&options=-ccrdb:jwt_auth_enabled%3Dfalse", "do not switch", 1),
        ("postgresql://db/x?options=-c%20crdb:jwt_auth_enabled%3Dtrue", "missing: the SQL user", 1),
        ("host=db user=alice options=--crdb:jwt_auth_enabled=true", "Warning: sslmode", 0),
        ("postgresql://alice:s3cret@db/x?options=--crdb:jwt_auth_enabled%3Dtrue", "the place of the password is none", 1),
        ("https://db.example", "no connection URL", 2),
        ("postgresql://[x", "cannot be read", 2),
        ("hello", "neither a URL", 2),
    ],
)
def test_what_is_missing_from_a_connection_is_said(here: Path, connection: str, words: str, status: int) -> None:
    done = run(here, "connection", "--read", connection)
    assert done.returncode == status and words in done.stdout + done.stderr, done.stdout + done.stderr
    assert "s3cret" not in done.stdout + done.stderr


def test_a_token_in_a_connection_is_not_repeated(here: Path) -> None:
    for text in (f"postgresql://alice:{GOOD}@db/x", f"host=db user=alice password={GOOD}", f"postgresql://alice@db/x?password={GOOD}"):
        done = run(here, "connection", "--read", text)
        assert "Warning: a token stands in the text" in done.stdout
        assert not any(part in done.stdout + done.stderr for part in GOOD.split("."))


def test_every_command_has_examples_that_parse(here: Path) -> None:
    [commands] = [action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)]
    for name, parser in commands.choices.items():
        shown = run(here, name, "--help").stdout
        assert "exit status:\n  0  yes" in shown and "  3  nobody can say yet" in shown
        examples = [line for line in shown.splitlines() if line.startswith(f"  sqljwt {name}")]
        assert examples, name
        for example in examples:
            command = example.split("|")[0].split(">")[0].split("&&")[0].split("#")[0]
            cli._parser().parse_args(shlex.split(command)[1:])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_know_every_option(here: Path, shell: str) -> None:
    script = run(here, "completions", shell).stdout
    [commands] = [action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)]
    for command in shells.described(commands):
        assert command.name in script
        for option in command.options:
            for name in option.names:
                assert (name if shell != "fish" else f"-l {name[2:]}" if name[:2] == "--" else f"-s {name[1:]}") in script
    if shutil.which(shell) is None:
        return
    (here / "script").write_text(script)
    checked = subprocess.run([shell, "--no-execute" if shell == "fish" else "-n", "script"], cwd=here, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="it is bash that completes")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("ex", ["explain"]),
        ("explain --prof", ["--profile"]),
        ("explain --profile h", ["hardened"]),
        ("explain --settings set", ["settings.json", "settings.sql"]),
        ("completions f", ["fish"]),
        ("decode --token good", ["good.jwt"]),
    ],
)
def test_bash_completes(here: Path, words: str, offered: list[str]) -> None:
    (here / "script").write_text(run(here, "completions", "bash").stdout)
    array = " ".join(f"'{word}'" for word in ("sqljwt", *words.split()))
    asked = f'source ./script; COMP_WORDS=({array}); COMP_CWORD={len(words.split())}; _sqljwt; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", asked], cwd=here, capture_output=True, text=True)
    assert (sorted(done.stdout.split()), done.stderr) == (offered, "")


def test_the_manual_page_is_current() -> None:
    kept = Path(__file__).parents[1] / "man/sqljwt.1"
    assert kept.read_text(encoding="utf-8") == manual.page(), f"run `python -m sqljwt.cli.manual > {kept}`"


@pytest.mark.skipif(shutil.which("groff") is None, reason="it is groff that reads manual pages")
def test_the_manual_page_has_no_fault() -> None:
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=manual.page(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def refreshed(fetching: Path) -> Iterator[tuple[Path, HttpIssuer]]:
    """A folder with settings whose issuer is on this machine."""
    issuer = HttpIssuer()
    (fetching / "here.json").write_text(json.dumps(issuer.settings(**{"server.jwt_authentication.client.timeout": "1s"})))
    (fetching / "keys").mkdir()
    yield fetching, issuer
    issuer.close()


def test_keys_are_written_down_and_read_by_the_other_commands(refreshed: tuple[Path, HttpIssuer]) -> None:
    here, issuer = refreshed
    refresh = ("keys", "refresh", "--settings", "here.json", "--keys-dir", "keys")
    file = here / "keys" / f"{hashlib.sha256(issuer.url.encode()).hexdigest()}.json"
    # A link in the file's place is replaced, and what it led to stays as it was.
    (here / "victim").write_text("untouched")
    file.symlink_to(here / "victim")
    done = run(here, *refresh)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith(f"FETCHED  {issuer.url}: fresh until 20"), done
    assert (here / "victim").read_text() == "untouched" and not file.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o644 and list((here / "keys").iterdir()) == [file]
    record = file.read_text()
    assert json.loads(record)["issuer"] == issuer.url

    good = issuer.idp.token(sub="alice")
    for fetched in ("keys", str(file)):
        asked = ("--settings", "here.json", "--fetched", fetched)
        for command in ("explain", "validate"):
            done = run(here, command, *asked, "--user", "alice", stdin=good)
            assert done.returncode == 0 and done.stdout.startswith("ACCEPTED"), done
            assert run(here, command, *asked, "--user", "bob", stdin=good).returncode == 1
        done = run(here, "batch", *asked, "--short", stdin=lines({"token": good, "user": "alice"}))
        assert done.returncode == 0 and "1 accepted" in done.stderr
        request = {"token": good, "user": "alice", "settings": issuer.settings()}
        assert run(here, "batch", "--fetched", fetched, stdin=lines(request)).returncode == 0
    assert run(here, "validate", "--settings", "here.json", "--user", "alice", stdin=good).returncode == 3

    # What is there stays when the keys cannot be had.
    issuer.go_down()
    done = run(here, *refresh)
    assert done.returncode == 1 and done.stdout.startswith(f"FAILED  {issuer.url}: unreachable: ") and "  Fix: " in done.stdout
    assert file.read_text() == record
    issuer.come_back()
    # Servers that lack keys leave a mark, which is done with once they are asked for.
    wanted = here / "keys" / "wanted"
    wanted.mkdir()
    (wanted / file.stem).touch()
    (wanted / "another").touch()
    assert run(here, *refresh).returncode == 0 and [mark.name for mark in wanted.iterdir()] == ["another"]
    issuer.freshness = ""
    done = run(here, *refresh)
    assert done.returncode == 1 and done.stdout.startswith(f"STALE  {issuer.url}: ")


def test_keys_are_fetched_of_the_issuers_that_are_named(refreshed: tuple[Path, HttpIssuer]) -> None:
    here, issuer = refreshed
    settings = issuer.settings(**{"server.jwt_authentication.issuers": [issuer.url, "https://127.0.0.1:1"]})
    (here / "two.json").write_text(json.dumps({**settings, "server.jwt_authentication.client.timeout": "1s"}))
    refresh = ("keys", "refresh", "--settings", "two.json", "--keys-dir", "keys")
    done = run(here, *refresh, "--issuer", issuer.url, "-q")
    assert (done.returncode, done.stdout) == (0, "") and len(list((here / "keys").iterdir())) == 1
    done = run(here, *refresh)
    assert done.returncode == 1 and [line.split()[0] for line in done.stdout.splitlines()] == ["FETCHED", "FAILED", "Fix:"]
    done = run(here, *refresh, "--issuer", "https://stranger.example")
    assert done.returncode == 2 and issuer.url in done.stderr and "stranger" not in done.stderr
    done = run(here, "keys", "refresh", "--settings", "settings.json", "--keys-dir", "keys")
    assert done.returncode == 2 and "fetch no keys" in done.stderr
    done = run(here, "keys", "refresh", "--settings", "here.json", "--keys-dir", "missing")
    assert done.returncode == 2 and "a folder that is there" in done.stderr


def test_records_that_are_none_are_named(fetching: Path) -> None:
    asked = ("validate", "--settings", "fetching.json", *LOGIN, "--fetched")
    for data, words in ((b"{}", "has no `answers`"), (b"\xff", "not UTF-8"), (GOOD.encode(), "is not JSON"), (b"[]", "")):
        (fetching / "record.json").write_bytes(data)
        done = run(fetching, *asked, "record.json", stdin=GOOD)
        assert (done.returncode == 2 and done.stderr.startswith("sqljwt: record.json: ") or not words) and words in done.stderr, done
    assert run(fetching, *asked, "missing.json", stdin=GOOD).returncode == 2
