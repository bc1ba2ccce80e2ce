"""The command line, as a person or a script meets it: through a process."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from typing import IO, Any, Iterator

import pytest

import sqljwt
from sqljwt.testing import Issuer

NOW = 1_800_000_000
IDP = Issuer()
GOOD, EXPIRED = IDP.token(sub="alice", now=NOW), IDP.bad("expired", sub="alice", now=NOW)


@pytest.fixture
def here(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "settings.json").write_text(json.dumps(IDP.settings()))
    (tmp_path / "settings.sql").write_text(sqljwt.settings_to_sql(IDP.settings()))
    (tmp_path / "broken.json").write_text('{"server.jwt_authentication.enabled": "yes"}')
    (tmp_path / "good.jwt").write_text(f"{GOOD}\n")
    (tmp_path / "expired.jwt").write_text(f"{EXPIRED}\r\n")
    return tmp_path


def run(here: pathlib.Path, *arguments: str, stdin: str | bytes = "", **env: str) -> subprocess.CompletedProcess[str]:
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    done = subprocess.run(
        [sys.executable, "-m", "sqljwt", *arguments],
        cwd=here,
        input=data,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **env},
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def wire(call: dict[str, Any]) -> str:
    return f"{sqljwt.call(json.dumps(call))}\n"


LOGIN = ("--user", "alice", "--now", str(NOW))


def test_explain_prints_the_timeline(here: pathlib.Path) -> None:
    done = run(here, "explain", "--settings", "settings.sql", "--token", "good.jwt", *LOGIN)
    validator = sqljwt.Validator(here / "settings.sql")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == str(validator.explain(GOOD, "alice", now=NOW))
    done = run(here, "explain", "--settings", "settings.sql", "--token", "expired.jwt", *LOGIN)
    timeline = str(validator.explain(EXPIRED, "alice", now=NOW))
    assert done.stdout == f"{timeline}  more about it: sqljwt reasons token_expired\n"
    done = run(here, "explain", "--settings", "settings.sql", "--token", "expired.jwt", "--json", *LOGIN)
    assert done.returncode == 1
    assert done.stdout == validator.explain(EXPIRED, "alice", now=NOW).to_json() + "\n"
    done = run(here, "explain", "--settings", "settings.sql", "--token", "expired.jwt", "--json", "--redact", *LOGIN)
    assert done.stdout == validator.explain(EXPIRED, "alice", now=NOW).redacted().to_json() + "\n"


def test_validate_answers_in_a_line(here: pathlib.Path) -> None:
    done = run(here, "validate", "--settings", "settings.json", *LOGIN, stdin=GOOD)
    assert (done.returncode, done.stdout) == (0, "ACCEPTED  alice\n")
    done = run(here, "validate", "--settings", "settings.json", *LOGIN, stdin=EXPIRED)
    assert done.returncode == 1 and done.stdout.startswith("REJECTED  token_expired: ")
    done = run(here, "validate", "--settings", "settings.json", "--json", *LOGIN, stdin=EXPIRED)
    assert done.stdout == wire({"verb": "validate", "settings": IDP.settings(), "token": EXPIRED, "user": "alice", "now": NOW})
    assert GOOD not in done.stdout + done.stderr and EXPIRED not in done.stdout + done.stderr


def test_keys_that_have_to_be_fetched_have_their_own_status(here: pathlib.Path) -> None:
    settings = {**IDP.settings(), "server.jwt_authentication.jwks_auto_fetch.enabled": True}
    del settings["server.jwt_authentication.jwks"]
    (here / "fetching.json").write_text(json.dumps(settings))
    for command in ("explain", "validate"):
        for form in ((), ("--json",)):
            done = run(here, command, "--settings", "fetching.json", "--token", "good.jwt", *form, *LOGIN)
            assert done.returncode == 3 and ("KEYS NEEDED" in done.stdout or '"decision":"keys_needed"' in done.stdout)


def test_validate_obeys_no_escape_sequences(here: pathlib.Path) -> None:
    user = "a\x1b]0;x\x07\x9b2j\u202e\nrejected"
    settings = {**IDP.settings(), "engine.profile": "cockroachdb"}
    (here / "cockroachdb.json").write_text(json.dumps(settings))
    for requested in (user, "", "b"):
        token = IDP.token(sub=user, now=NOW)
        options = ("--settings", "cockroachdb.json", "--user", requested, "--now", str(NOW))
        done = run(here, "validate", *options, stdin=token)
        assert done.stdout.startswith(("ACCEPTED", "REJECTED")) and not set("\x1b\x07\x9b\u202e") & set(done.stdout), requested
        assert "\nrejected" not in done.stdout


def test_tokens_come_from_the_environment(here: pathlib.Path) -> None:
    options = ("validate", "--settings", "settings.json", "--token-env", "DB_TOKEN", *LOGIN)
    assert run(here, *options, DB_TOKEN=GOOD).returncode == 0
    done = run(here, *options)
    assert done.returncode == 2 and "DB_TOKEN" in done.stderr


def test_unusable_settings_have_their_own_status(here: pathlib.Path) -> None:
    done = run(here, "explain", "--settings", "broken.json", *LOGIN, stdin=GOOD)
    assert done.returncode == 2 and done.stdout.startswith("REJECTED  setting_wrong_type")
    assert "  at broken.json:1:39 (server.jwt_authentication.enabled)\n" in done.stdout
    done = run(here, "explain", "--settings", "broken.json", *LOGIN, "--json", stdin=GOOD)
    assert done.returncode == 2 and json.loads(done.stdout)["token"]["header"], "the token is shown all the same"
    done = run(here, "validate", "--settings", "broken.json", *LOGIN, stdin=GOOD)
    assert done.returncode == 2 and "broken.json:1:39: " in done.stdout
    done = run(here, "batch", "--settings", "broken.json")
    assert done.returncode == 2 and "broken.json:1:39: " in done.stderr and "  Fix: " in done.stderr


def test_every_fault_of_unusable_settings_is_told(here: pathlib.Path) -> None:
    (here / "broken.sql").write_text(
        "SET CLUSTER SETTING server.jwt_authentication.enabled = 'often';\n"
        "SET CLUSTER SETTING server.jwt_authentication.audiense = 'x';\n"
        "SET CLUSTER SETTING server.jwt_authentication.authorization.enabled = 'seldom';\n"
    )
    for command in ("validate", "batch", "settings"):
        done = run(here, command, "--settings", "broken.sql", *(LOGIN if command == "validate" else ()), stdin=GOOD)
        told = (done.stdout + done.stderr).splitlines()
        assert [line.rpartition("broken.sql:")[2].split(" ")[0] for line in told[::2]] == ["1:58:", "2:21:", "3:72:"], told
        assert done.returncode == 2 and len(told) == 6 and all(line.startswith("  Fix: ") for line in told[1::2])
    done = run(here, "explain", "--settings", "broken.sql", *LOGIN, stdin=GOOD)
    for place in ("1:58", "2:21", "3:72"):
        assert f"  at broken.sql:{place}" in done.stdout, done.stdout


def test_more_faults_than_anybody_mends_are_counted(here: pathlib.Path) -> None:
    (here / "broken.json").write_text(json.dumps({f"server.jwt_authentication.{number}": 1 for number in range(60)}))
    done = run(here, "settings", "--settings", "broken.json")
    assert done.returncode == 2 and done.stderr.count("  Fix: ") == 50
    assert done.stderr.endswith("\nbroken.json: 10 more faults\n")


def test_places_in_the_settings_are_told_with_their_file(here: pathlib.Path) -> None:
    token = IDP.token(sub="alice", aud="other", now=NOW)
    done = run(here, "explain", "--settings", "settings.sql", *LOGIN, stdin=token)
    [place] = [line for line in done.stdout.splitlines() if line.startswith("  at ")]
    written = (here / "settings.sql").read_text().splitlines()
    number, column = map(int, place.split(" (")[0].split(":")[1:])
    assert written[number - 1][column - 1 :].startswith("db-login") and place.startswith("  at settings.sql:")
    lines = done.stdout.splitlines()
    excerpt, caret = lines[lines.index(place) + 1 : lines.index(place) + 3]
    assert excerpt.strip() == written[number - 1]
    assert excerpt[caret.index("^") : caret.rindex("^") + 1] == "db-login"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("explian",),
        ("explain",),
        ("explain", "--settings", "missing.json"),
        ("explain", "--settings", "settings.json", "--token", "missing.jwt"),
        ("explain", "--settings", "settings.json", "--now", "soon"),
        ("explain", "--settings", "-", "--token", "-"),
        ("explain", "--settings", ".", "--token", "good.jwt"),
        ("reasons", "no_such_reason"),
        ("check", "missing.toml"),
        ("check", "settings.json"),
        ("batch", "missing.jsonl"),
    ],
)
def test_bad_usage_says_what_is_wrong(here: pathlib.Path, arguments: tuple[str, ...]) -> None:
    done = run(here, *arguments)
    assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr and "Errno" not in done.stderr


@pytest.mark.parametrize("token", [b"", b"\0", b"\xff\xfe", b"a.b.c", b"x" * 3_000_000], ids=["empty", "nul", "not utf-8", "dots", "huge"])
def test_hostile_tokens_are_rejected(here: pathlib.Path, token: bytes) -> None:
    done = run(here, "explain", "--settings", "settings.json", *LOGIN, stdin=token)
    assert (done.returncode, done.stderr) == (1, "")
    done = run(here, "decode", stdin=token)
    assert done.returncode == 1 and done.stderr.startswith("sqljwt: token_")


def test_decode_shows_and_warns(here: pathlib.Path) -> None:
    done = run(here, "decode", "--token", "good.jwt")
    assert done.returncode == 0 and '"sub": "alice"' in done.stdout and "Not verified: anybody can write this." in done.stderr
    for token in (GOOD, "a.b.c"):
        assert run(here, "decode", "--json", stdin=token).stdout == wire({"verb": "decode", "token": token})


def test_decode_obeys_no_escape_sequences(here: pathlib.Path) -> None:
    done = run(here, "decode", stdin=IDP.token(sub="\x1b[2J\x9b2J\u202e"))
    assert not set("\x1b\x9b\u202e") & set(done.stdout)
    done = run(here, "explain", "--settings", "settings.json", stdin=IDP.token(sub="\x1b[2J\x9b2J\u202e"))
    assert not set("\x1b\x9b\u202e") & set(done.stdout)


def test_settings_are_translated_both_ways(here: pathlib.Path) -> None:
    sql = run(here, "settings", "--settings", "settings.json").stdout
    written = sqljwt.Validator(here / "settings.json")
    assert sql.startswith("SET CLUSTER SETTING ") and sqljwt.Validator(sql) == written
    again = run(here, "settings", "--settings", "-", stdin=sql).stdout
    assert sqljwt.Validator(again) == written
    done = run(here, "settings", "--settings", "-", stdin="SET CLUSTER SETTING sql.defaults.distsql = 'off';")
    assert (done.returncode, done.stdout) == (0, "{\n}\n") and "sql.defaults.distsql" in done.stderr


def test_reasons_are_listed(here: pathlib.Path) -> None:
    assert json.loads(run(here, "reasons", "--json").stdout) == json.loads(wire({"verb": "reasons"}))
    assert "request a new token" in run(here, "reasons", "token_expired").stdout


def test_there_is_a_progress_bar_only_on_a_terminal(here: pathlib.Path) -> None:
    (here / "many.jsonl").write_text(lines({"token": GOOD, "user": "alice", "now": NOW}) * 1000)
    batch = ("batch", "many.jsonl", "--settings", "settings.json")
    with open(here / "out.jsonl", "wb") as out:
        shown = on_a_terminal(here, *batch, stdout=out)
    assert "━" in shown and "%  " in shown and "1,000 logins: 1,000 accepted" in shown
    done = run(here, *batch)
    assert "━" not in done.stderr and "\r" not in done.stderr
    assert (here / "out.jsonl").read_text() == done.stdout


def on_a_terminal(here: pathlib.Path, *arguments: str, stdout: IO[bytes] | None = None, **env: str) -> str:
    """What a command shows on a terminal, on both streams unless one is sent elsewhere."""
    pty = pytest.importorskip("pty", reason="pseudo-terminals are Unix's")
    main, side = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment.update({"TERM": "xterm", "PYTHONIOENCODING": "utf-8", **env})
    command = [sys.executable, "-m", "sqljwt", *arguments]
    shown = b""
    with subprocess.Popen(command, cwd=here, stdout=stdout or side, stderr=side, env=environment):
        os.close(side)
        try:
            while data := os.read(main, 1 << 16):
                shown += data
        except OSError:  # Linux says so when the last writer has closed its end.
            pass
    os.close(main)
    return shown.decode()


def lines(*requests: Any) -> str:
    return "".join(f"{request if isinstance(request, str) else json.dumps(request)}\n" for request in requests)


def test_batch_answers_each_line_in_order(here: pathlib.Path) -> None:
    request = {"token": GOOD, "user": "alice", "now": NOW}
    requests = lines(
        request,
        {**request, "token": EXPIRED},
        "not JSON",
        "",
        {**request, "settings": {"server.jwt_authentication.enabled": "yes"}},
        {**request, "settings": sqljwt.settings_to_sql(IDP.settings())},
        {"user": "alice"},
        {**request, "when": 1},
        {**request, "user": "\ud800"},
        "[" * 100_000,
        {**request, "now": "soon"},
        '{"token": "x", "token": "y"}',
        {**request, "token": None},
        {**request, "settings": []},
    )
    done = run(here, "batch", "--settings", "settings.json", stdin=requests)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    verdicts = [answer.get("decision") or answer["error"]["line"] for answer in answers]
    assert verdicts == ["accept", "reject", 3, "reject", "accept", *range(7, 15)]
    assert answers[0] == json.loads(sqljwt.Validator(here / "settings.json").explain(GOOD, "alice", now=NOW).to_json())
    assert answers[3]["reason"]["code"] == "setting_wrong_type"
    assert "sqljwt: line 3: not JSON" in done.stderr
    assert answers[2]["error"] == {"code": "line_malformed", "message": "not JSON: Expecting value", "line": 3, "column": 1}
    assert "13 logins: 2 accepted, 2 refused, 9 malformed" in done.stderr and done.returncode == 2


@pytest.mark.parametrize(("verb", "options"), [("validate", ["--short"]), ("explain", [])])
def test_batch_answers_as_the_text_call_does(here: pathlib.Path, verb: str, options: list[str]) -> None:
    for settings in (IDP.settings(), {"server.jwt_authentication.enabled": "yes", "engine.leeway_seconds": -1}):
        request = {"settings": settings, "token": EXPIRED, "user": "alice", "now": NOW}
        done = run(here, "batch", *options, stdin=lines(request))
        expected, answer = json.loads(wire({"verb": verb, **request})), json.loads(done.stdout)
        # The two count places in texts of their own.
        assert without_places(answer) == without_places(expected)
        assert (answer["reason"]["position"] is None) == (answer["reason"]["code"] == "token_expired")


def without_places(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: without_places(value) for name, value in document.items() if name not in ("position", "range")}
    return list(map(without_places, document)) if isinstance(document, list) else document


def test_batch_does_not_wait_for_more_than_a_line(here: pathlib.Path) -> None:
    command = [sys.executable, "-m", "sqljwt", "batch", "--settings", "settings.json", "--short"]
    with subprocess.Popen(command, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for _ in range(2):
            process.stdin.write(lines({"token": GOOD, "user": "alice", "now": NOW}).encode())
            process.stdin.flush()
            assert b'"accept"' in process.stdout.readline()
        process.stdin.close()
        assert process.wait(timeout=60) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one child")
def test_ctrl_c_stops_batch_promptly_and_loses_no_finished_line(here: pathlib.Path) -> None:
    request = lines({"token": GOOD, "user": "alice", "now": NOW})
    command = [sys.executable, "-m", "sqljwt", "batch", "--settings", "settings.json"]
    with open(here / "out.jsonl", "wb") as out, interruptible(command, here, stdin=subprocess.PIPE, stdout=out) as process:
        feeder = threading.Thread(target=feed_for_ever, args=(process.stdin, request.encode() * 1000))
        feeder.start()
        # It is in the midst of its work, and there is no end to it.
        while (here / "out.jsonl").stat().st_size < 1_000_000:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        feeder.join()
        assert process.stderr
        complaint = process.stderr.read().decode()
    assert "Traceback" not in complaint
    written = (here / "out.jsonl").read_text()
    counted = int(complaint.split(" logins")[0].replace(",", ""))
    assert written.endswith("\n") and written.count("\n") == counted > 0
    assert all(json.loads(line)["decision"] == "accept" for line in written.splitlines()[-100:])


@contextlib.contextmanager
def interruptible(command: list[str], here: pathlib.Path, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that Ctrl-C reaches, though these tests may be a shell's background job, which ignores it and hands that
    down; and that does not outlive its test."""

    def listen() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, preexec_fn=listen, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def feed_for_ever(stdin: IO[bytes], requests: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), stdin:
        while True:
            stdin.write(requests)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one child")
def test_ctrl_c_stops_validate_many_promptly(here: pathlib.Path) -> None:
    program = (
        "import sqljwt, pathlib, itertools\n"
        "token = pathlib.Path('good.jwt').read_text().strip()\n"
        f"rows = itertools.repeat((token, 'alice', {NOW}))\n"
        "outcomes = sqljwt.Validator(pathlib.Path('settings.json')).validate_many(rows)\n"
        "print(type(next(outcomes)).__name__, flush=True)\n"
        "for outcome in outcomes: pass\n"
    )
    command = [sys.executable, "-c", program]
    with interruptible(command, here, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"Login\n"
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
        assert b"KeyboardInterrupt" in complaint


def test_documents_are_utf8_whatever_the_locale(here: pathlib.Path) -> None:
    token = IDP.token(sub="zoë", now=NOW)
    options = ("--settings", "settings.json", "--now", str(NOW), "--json")
    expected = sqljwt.Validator(here / "settings.json").explain(token, "", now=NOW).to_json()
    assert "ë" in expected
    assert run(here, "explain", *options, stdin=token, PYTHONIOENCODING="ascii").stdout == f"{expected}\n"
    done = run(here, "batch", *options, stdin=lines({"token": token}), PYTHONIOENCODING="ascii")
    assert done.stdout == f"{expected}\n"


def test_a_table_of_logins_without_the_library_that_signs_is_a_usage_error(here: pathlib.Path) -> None:
    (here / "sso.logins.toml").write_text('settings = "settings.json"\n[[login]]\nissuer = "https://idp.test"\nlogs_in_as = "alice"\n')
    program = "import sys; sys.modules['cryptography'] = None; from sqljwt import cli; sys.exit(cli.main())"
    for options in ([], ["--json"]):
        command = [sys.executable, "-c", program, "check", "sso.logins.toml", *options]
        done = subprocess.run(command, cwd=here, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("sqljwt: sso.logins.toml: login 1: minting tokens takes a library that signs: pip install ")
        assert done.stderr.count("\n") == 1


def test_a_bug_in_the_engine_is_a_refusal(here: pathlib.Path) -> None:
    program = "import sys; from sqljwt import _native, cli; _native.break_on_purpose(True); sys.exit(cli.main())"
    for command in ("explain", "validate"):
        arguments = [sys.executable, "-c", program, command, "--settings", "settings.json", "--token", "good.jwt"]
        done = subprocess.run(arguments, cwd=here, capture_output=True, text=True)
        assert done.returncode == 1 and not done.stdout and done.stderr.startswith("sqljwt: the engine failed at ")


def test_a_reader_that_leaves_is_no_error(here: pathlib.Path) -> None:
    (here / "many.jsonl").write_text(lines({"token": GOOD, "user": "alice", "now": NOW}) * 2000)
    command = f"{sys.executable} -m sqljwt batch many.jsonl --settings settings.json | head -1"
    done = subprocess.run(command, shell=True, cwd=here, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr and "Error" not in done.stderr
