"""Bad input: wrong types name the argument, hostile texts get a decision, and nothing ever crashes."""

from __future__ import annotations

import itertools
import json
import pathlib
import pickle
from collections import UserDict
from collections.abc import Callable
from typing import Any

import pytest

import sqljwt
from sqljwt import _native

SETTINGS = {
    "server.jwt_authentication.enabled": True,
    "server.jwt_authentication.issuers": "https://idp.test",
    "server.jwt_authentication.audience": "db-login",
}
NOW = 1_800_000_000


@pytest.fixture
def validator() -> sqljwt.Validator:
    return sqljwt.Validator(SETTINGS)


@pytest.mark.parametrize("token", [None, 1, ["a"], object(), bytearray(b"x"), memoryview(b"x")])
def test_a_token_of_another_type_is_a_type_error(validator: sqljwt.Validator, token: Any) -> None:
    for ask in (validator.validate, validator.explain):
        with pytest.raises(TypeError, match="'token'"):
            ask(token, "alice", now=NOW)
    with pytest.raises(TypeError, match="'token'"):
        sqljwt.dangerous.decode_unverified(token)


@pytest.mark.parametrize("user", [None, 1, b"alice"])
def test_a_user_of_another_type_is_a_type_error(validator: sqljwt.Validator, user: Any) -> None:
    for ask in (validator.validate, validator.explain):
        with pytest.raises(TypeError, match="'user'"):
            ask("x", user, now=NOW)


@pytest.mark.parametrize("now", ["1800000000", True, object(), b"1", 1j])
def test_a_time_of_another_type_is_a_type_error(validator: sqljwt.Validator, now: Any) -> None:
    for ask in (validator.validate, validator.explain):
        with pytest.raises(TypeError, match="'now'"):
            ask("x", "alice", now=now)


@pytest.mark.parametrize("now", [float("nan"), float("inf"), -float("inf"), 2**63, -(2**63) - 1, 1e300])
def test_a_time_that_is_no_moment_is_a_value_error(validator: sqljwt.Validator, now: float) -> None:
    with pytest.raises(ValueError, match="'now'"):
        validator.explain("x", "alice", now=now)


@pytest.mark.parametrize("settings", [None, 1, bytearray(b"{}"), memoryview(b"{}"), ["a"], {"a": object()}, {"a": {1, 2}}])
def test_settings_of_another_type_are_a_type_error(settings: Any) -> None:
    for make in (sqljwt.Validator, sqljwt.settings_to_sql):
        with pytest.raises(TypeError, match="'settings'"):
            make(settings)
    with pytest.raises(TypeError, match="'sql'"):
        sqljwt.settings_from_sql(settings)
    with pytest.raises(TypeError, match="'text'"):
        sqljwt.call(settings)


def test_numbers_that_json_cannot_say_are_a_value_error() -> None:
    with pytest.raises(ValueError, match="'settings'"):
        sqljwt.Validator({"engine.leeway_seconds": float("nan")})


class Broken(UserDict[str, Any]):
    """A row that cannot be read."""

    def __getitem__(self, name: str) -> Any:
        raise RuntimeError("broken")


HOSTILE = [
    "",
    "\0",
    "a.b.c\0",
    "\ud800.\udfff.x",
    "." * 100_000,
    "x" * 10_000_000,
    "é.é.é",
    b"\xff\xfe.\x00.\x80",
    "eyJhbGciOiJSUzI1NiJ9." * 1000,
]


@pytest.mark.parametrize("token", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_tokens_get_a_decision(validator: sqljwt.Validator, token: Any) -> None:
    with pytest.raises(sqljwt.TokenRejected) as rejected:
        validator.validate(token, "alice", now=NOW)
    assert rejected.value.check in ("token", "header")
    assert validator.explain(token, "alice", now=NOW).decision == "reject"
    [outcome] = validator.validate_many([(token, "alice", NOW)])
    assert isinstance(outcome, sqljwt.TokenRejected) and outcome.code == rejected.value.code
    with pytest.raises(sqljwt.TokenUnreadable):
        sqljwt.dangerous.decode_unverified(token)


@pytest.mark.parametrize("user", ["\0", "x" * 10_000_000, "é\u0301", "\u202e", "root"], ids=range(5))
def test_hostile_users_get_a_decision(validator: sqljwt.Validator, user: str) -> None:
    assert validator.explain("x", user, now=NOW).decision == "reject"


def test_a_user_with_a_lone_surrogate_is_no_text(validator: sqljwt.Validator) -> None:
    with pytest.raises(ValueError, match="'user'.*lone surrogate"):
        validator.validate("x", "\ud800", now=NOW)
    with pytest.raises(ValueError, match="'settings'.*lone surrogate"):
        sqljwt.Validator("\ud800")
    [outcome] = validator.validate_many([("x", "\ud800", NOW)])
    assert isinstance(outcome, sqljwt.RowUnreadable) and "user" in str(outcome)


@pytest.mark.parametrize("text", ["", "\0", "[]", "{", "x" * 1_000_000, "[" * 100_000, '{"a": 1}', "\ufeff{"], ids=range(8))
def test_hostile_settings_are_refused(text: str) -> None:
    with pytest.raises(sqljwt.SettingsInvalid) as refused:
        sqljwt.Validator(text)
    assert refused.value.explanation.decision == "reject"
    assert json.loads(sqljwt.call(text)).keys() == {"schema", "error"}


def test_settings_that_are_not_utf8_are_refused(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"\xff": 1}')
    with pytest.raises(UnicodeDecodeError):
        sqljwt.Validator(path)
    with pytest.raises(OSError):
        sqljwt.Validator(tmp_path / "missing")


MARK = "\ufeff".encode()


@pytest.mark.parametrize("mark", [b"", MARK], ids=["as it is", "after a byte order mark"])
def test_settings_in_bytes_are_settings_in_a_file(tmp_path: pathlib.Path, mark: bytes) -> None:
    sql = "SET CLUSTER SETTING server.jwt_authentication.audience = 'Zürich';\n"
    for text in (json.dumps(SETTINGS, ensure_ascii=False, indent=2), sql):
        path = tmp_path / "settings"
        path.write_bytes(mark + text.encode())
        for settings in (path, path.read_bytes()):
            assert sqljwt.Validator(settings) == sqljwt.Validator(text)
            assert sqljwt.settings_to_sql(settings) == sqljwt.settings_to_sql(text)
    for source in (path, path.read_bytes()):
        assert sqljwt.settings_from_sql(source) == sqljwt.settings_from_sql(sql)


@pytest.mark.parametrize("mark", [b"", MARK], ids=["as it is", "after a byte order mark"])
def test_a_fault_in_bytes_has_the_place_that_an_editor_shows(tmp_path: pathlib.Path, mark: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(mark + b'{"no.such.setting": 1}')
    for settings in (path, path.read_bytes()):
        with pytest.raises(sqljwt.SettingsInvalid) as refused:
            sqljwt.Validator(settings)
        assert (refused.value.line, refused.value.column) == (1, 2)


@pytest.mark.parametrize("settings", [b'{"\xff": 1}', b"\xfe\xff\xd8\x00"], ids=["latin", "half a surrogate pair"])
def test_bytes_that_are_no_text_are_refused(settings: bytes) -> None:
    for read in (sqljwt.Validator, sqljwt.settings_to_sql, sqljwt.settings_from_sql):
        with pytest.raises(UnicodeDecodeError):
            read(settings)


def test_one_bad_row_spoils_no_other(validator: sqljwt.Validator) -> None:
    rows: list[Any] = [
        ("x", "alice"),
        None,
        (),
        ("x",),
        ("x", "alice", NOW, 1),
        (1, "alice"),
        ("x", None),
        ("x", "alice", "soon"),
        ("x", "alice", float("nan")),
        {"token": "x"},
        {"token": "x", "user": "alice", "when": 1},
        {"token": "x", "user": "alice", "now": NOW},
        (b"\xff", "alice"),
        "xy",
        7,
        ("x", "alice", 2**70),
        itertools.repeat("x"),
        Broken(token="x", user="alice"),
    ]
    outcomes = list(validator.validate_many(rows))
    decided = [not isinstance(outcome, sqljwt.RowUnreadable) for outcome in outcomes]
    assert [index for index, it_is in enumerate(decided) if it_is] == [0, 11, 12]
    assert all(isinstance(outcome, sqljwt.LoginRefused) and str(outcome) for outcome in outcomes)
    assert [str(outcomes[index]) for index in (3, 5, 9, 17)] == [
        "expected (token, user) or (token, user, now), not 1 values",
        "argument 'token': expected str or bytes, not int",
        "the row has no 'user'",
        "broken",
    ]


def test_rows_that_are_none_are_a_type_error(validator: sqljwt.Validator) -> None:
    with pytest.raises(TypeError, match="'rows'"):
        validator.validate_many(7)  # type: ignore[arg-type]


def test_a_bug_in_the_engine_is_an_internal_error_wherever_it_strikes(
    validator: sqljwt.Validator, capfd: pytest.CaptureFixture[str]
) -> None:
    questions: dict[str, Callable[[], object]] = {
        "Validator": lambda: sqljwt.Validator(SETTINGS),
        "settings": lambda: validator.settings,
        "validate": lambda: validator.validate("secret", "alice", now=NOW),
        "explain": lambda: validator.explain("secret", "alice", now=NOW),
        "explanation": lambda: refusal.explanation,
        "timeline": lambda: str(unwritten),
        "redacted": lambda: unwritten.redacted(),
        "decode_unverified": lambda: sqljwt.dangerous.decode_unverified("secret"),
        "settings_to_sql": lambda: sqljwt.settings_to_sql(SETTINGS),
        "settings_from_sql": lambda: sqljwt.settings_from_sql(""),
        "settings_to_json": lambda: _native.settings_to_json("{}"),
        "call": lambda: sqljwt.call("{}"),
    }
    unwritten = validator.explain("secret", "alice", now=NOW)
    with pytest.raises(sqljwt.TokenRejected) as rejected:
        validator.validate("secret", "alice", now=NOW)
    refusal, attempt = rejected.value, _native.Attempt(_native.Engine(json.dumps(SETTINGS)), "secret", "alice", NOW)
    _native.break_on_purpose(True)
    try:
        for name, ask in questions.items():
            with pytest.raises(sqljwt.InternalError) as bug:
                ask()
            assert "guard.rs" in bug.value.place and "bug" in str(bug.value), name
            assert pickle.loads(pickle.dumps(bug.value)).place == bug.value.place
        # Among many, a bug is one row's answer.
        rows: list[Any] = [("secret", "alice", NOW), None]
        many = [*validator.validate_many(rows), *_native.explain_many([attempt]), *_native.verdict_many([attempt])]
    finally:
        _native.break_on_purpose(False)
    assert [type(outcome).__name__ for outcome in many] == ["InternalError", "RowUnreadable", "InternalError", "InternalError"]
    # Nothing is printed: a panic's text could quote the token.
    assert capfd.readouterr() == ("", "")
    with pytest.raises(sqljwt.TokenRejected):
        validator.validate("secret", "alice", now=NOW)
    assert str(unwritten).startswith("REJECTED")
