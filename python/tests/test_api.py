"""The promises of the public names: what they carry, show, copy and pickle."""

from __future__ import annotations

import copy
import dataclasses
import json
import pathlib
import pickle
import subprocess
import sys
import threading
import time
import typing

import pytest
from vectors import vectors

import sqljwt

ACCEPTED = next(vector for vector in vectors() if vector.expect["decision"] == "accept")
REJECTED = next(vector for vector in vectors() if vector.expect["code"] == "audience_not_allowed")
KEYS = next(vector for vector in vectors() if vector.expect["decision"] == "keys_needed")


def refusal(vector: typing.Any) -> typing.Any:
    with pytest.raises(sqljwt.LoginRefused) as refused:
        sqljwt.Validator(vector.settings).validate(vector.token, vector.user, now=vector.now)
    return refused.value


def test_every_public_name_is_there_and_documented() -> None:
    for name in sqljwt.__all__:
        named = getattr(sqljwt, name)
        # Aliases of types cannot carry a text of their own.
        assert named.__doc__ or typing.get_origin(named) in (typing.Literal, typing.Union), name


def test_settings_are_read_in_every_form(tmp_path: pathlib.Path) -> None:
    validator = sqljwt.Validator(ACCEPTED.settings)
    path = tmp_path / "settings.sql"
    path.write_text(sqljwt.settings_to_sql(validator.settings), encoding="utf-8")
    assert validator == sqljwt.Validator(validator.settings) == sqljwt.Validator(path)
    assert validator == sqljwt.Validator(path.read_text(encoding="utf-8"))
    assert sqljwt.settings_from_sql(path.read_text(encoding="utf-8")) == validator.settings
    assert hash(validator) == hash(sqljwt.Validator(path)) and validator != sqljwt.Validator({})


def test_names_that_are_not_ours_are_listed() -> None:
    validator = sqljwt.Validator("SET CLUSTER SETTING sql.defaults.distsql = 'off';")
    assert validator.ignored == ("sql.defaults.distsql",)
    assert pickle.loads(pickle.dumps(validator)).ignored == validator.ignored


def test_settings_errors_say_where() -> None:
    with pytest.raises(sqljwt.SettingsInvalid) as refused:
        sqljwt.Validator('{\n  "server.jwt_authentication.enabled": "yes"\n}')
    error = pickle.loads(pickle.dumps(refused.value))
    assert (error.code, error.setting) == ("setting_wrong_type", "server.jwt_authentication.enabled")
    assert (error.line, error.column) == (2, 40)
    assert str(error).endswith("(line 2, column 40)") and "true or false" in error.remedy
    assert error.explanation.reason.position == sqljwt.Position(2, 40)
    assert (error.others, error.untold) == ((), 0)


def test_settings_errors_hold_all_faults() -> None:
    with pytest.raises(sqljwt.SettingsInvalid) as refused:
        sqljwt.Validator('{\n  "server.jwt_authentication.enabled": "yes",\n  "engine.leeway_seconds": -1,\n  "engine.profile": "soft"\n}')
    error = pickle.loads(pickle.dumps(refused.value))
    assert str(error) == str(refused.value) and str(error).endswith("(line 2, column 40), and 2 other faults")
    assert [(fault.setting, fault.line, fault.column) for fault in error.others] == [
        ("engine.leeway_seconds", 3, 28),
        ("engine.profile", 4, 22),
    ]
    assert error.others == refused.value.others and hash(error.others[1]) and error.others[1].code == "profile_unknown"
    assert error.others[1].number == sqljwt.reason_codes()["profile_unknown"].number and error.others[1].remedy
    assert pickle.loads(pickle.dumps(error.others)) == error.others


def test_faults_of_settings_beyond_some_dozens_are_counted() -> None:
    with pytest.raises(sqljwt.SettingsInvalid, match=", and 59 other faults$") as refused:
        sqljwt.Validator({f"server.jwt_authentication.{number}": 1 for number in range(60)})
    assert len(refused.value.others) + refused.value.untold == 59 and refused.value.untold


def test_a_check_says_where_it_looked() -> None:
    explanation = sqljwt.Validator(REJECTED.settings).explain(REJECTED.token, REJECTED.user, now=REJECTED.now)
    audience = next(check for check in explanation.checks if check.check == "audience")
    assert explanation.reason and explanation.reason.range == audience.range
    assert audience.range and audience.range.start == explanation.reason.position and audience.range.end > audience.range.start
    assert audience.reads == sqljwt.Reads("claims", ("aud",))
    assert [also.profile for also in explanation.also] in ([], ["cockroachdb"], ["hardened"])
    assert pickle.loads(pickle.dumps(audience)) == audience and hash(audience)
    with pytest.raises(dataclasses.FrozenInstanceError):
        audience.range.start = audience.range.end  # type: ignore[misc]


def test_an_error_in_a_dict_names_the_setting_and_no_line_that_nobody_has_seen() -> None:
    for name, value in (("server.jwt_authentication.audiense", "x"), ("server.jwt_authentication.enabled", "é")):
        with pytest.raises(sqljwt.SettingsInvalid) as refused:
            sqljwt.Validator({"server.jwt_authentication.claim": "é", name: value})
        assert name in str(refused.value) and "line" not in str(refused.value)
        # A setting on a line, as in JavaScript.
        assert refused.value.line == 3


def test_an_error_in_a_dict_stands_where_javascript_finds_it() -> None:
    # Values with lines and members of their own stay on one line.
    settings = {
        "server.jwt_authentication.claim": "a\nb",
        "server.jwt_authentication.jwks": {"keys": [1, [2, 3]]},
        "server.jwt_authentication.audience": ["a", "b"],
        "server.jwt_authentication.enabled": "x",
    }
    with pytest.raises(sqljwt.SettingsInvalid) as refused:
        sqljwt.Validator(settings)
    assert (refused.value.line, refused.value.column) == (5, 40)


def test_files_of_every_encoding_are_read(tmp_path: pathlib.Path) -> None:
    texts = ('{"server.jwt_authentication.claim": "é"}', "SET CLUSTER SETTING server.jwt_authentication.claim = 'é';")
    for text in (*texts, "variable\tvalue\nserver.jwt_authentication.claim\té\n"):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
            mark = "\ufeff" if encoding == "utf-16-le" else ""
            path = tmp_path / encoding
            path.write_bytes((mark + text).encode(encoding))
            assert sqljwt.Validator(path).settings == {"server.jwt_authentication.claim": "é"}, (text, encoding)


def test_validators_pickle_as_their_settings() -> None:
    validator = sqljwt.Validator(ACCEPTED.settings)
    for again in (pickle.loads(pickle.dumps(validator)), copy.deepcopy(validator), copy.copy(validator)):
        assert again == validator and again.profile == validator.profile
        assert again.validate(ACCEPTED.token, ACCEPTED.user, now=ACCEPTED.now).user == ACCEPTED.expect["user"]


@pytest.mark.parametrize("vector", [REJECTED, KEYS], ids=["rejected", "keys needed"])
def test_refusals_explain_themselves_and_pickle_without_the_token(vector: typing.Any) -> None:
    first = refusal(vector)
    assert vector.token not in f"{first}{first!r}{vars(first)}"
    carried = pickle.dumps(first)
    assert vector.token.encode() not in carried and vector.token.split(".")[2].encode() not in carried
    again = pickle.loads(carried)
    assert str(again) == str(first) and again.explanation == first.explanation
    direct = sqljwt.Validator(vector.settings).explain(vector.token, vector.user, now=vector.now)
    assert first.explanation == direct and first.explanation is first.explanation
    client = direct.client
    assert client and (first.client_message, first.client_detail, first.sqlstate) == (client.message, client.detail, client.sqlstate)


def test_a_refusal_made_by_hand_has_no_explanation() -> None:
    with pytest.raises(AttributeError, match="by hand"):
        _ = sqljwt.KeysNeeded("https://idp.test", None, None, None, "made up", False, "no", None, "28000").explanation


def test_explanations_read_as_the_timeline_and_pickle() -> None:
    explanation = sqljwt.Validator(REJECTED.settings).explain(REJECTED.token, REJECTED.user, now=REJECTED.now)
    assert str(explanation).startswith("REJECTED  audience_not_allowed (4103)\n") and not explanation.accepted
    assert pickle.loads(pickle.dumps(explanation)) == explanation
    redacted = explanation.redacted()
    assert redacted.token is None and redacted.redacted() == redacted
    assert redacted.reason and redacted.reason.actual is None
    assert "_texts" not in repr(explanation)


def test_explanations_are_plain_data_whoever_has_asked_for_their_texts() -> None:
    ask = sqljwt.Validator(REJECTED.settings).explain
    explanation, other = (ask(REJECTED.token, REJECTED.user, now=REJECTED.now) for _ in range(2))
    redacted = explanation.redacted()
    texts = (explanation.to_json(), str(explanation), redacted.to_json(), str(redacted))
    assert other == explanation and dataclasses.replace(other) == explanation
    assert hash(other.redacted()) == hash(redacted) == hash(pickle.loads(pickle.dumps(redacted)))
    for again in (other, copy.copy(other), copy.deepcopy(other), pickle.loads(pickle.dumps(other))):
        assert dataclasses.asdict(again)["_texts"] == texts
        assert json.loads(json.dumps(dataclasses.asdict(again)))["decision"] == "reject"


def test_a_text_is_written_once_however_many_threads_ask() -> None:
    ask = sqljwt.Validator(REJECTED.settings).explain
    for _ in range(50):
        explanation, start = ask(REJECTED.token, REJECTED.user, now=REJECTED.now), threading.Barrier(4)
        timelines: list[str] = []

        def work(explanation: sqljwt.Explanation, start: threading.Barrier, timelines: list[str]) -> None:
            start.wait()
            timelines.append(str(explanation))

        threads = [threading.Thread(target=work, args=(explanation, start, timelines)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(timelines) == 4 and all(timeline is timelines[0] for timeline in timelines)


def test_reprs_show_no_secrets() -> None:
    settings = sqljwt.Validator(ACCEPTED.settings)
    assert repr(settings) == f"Validator({settings.profile}, {len(settings.settings)} settings)"


def test_logins_are_plain_data() -> None:
    login = sqljwt.Validator(ACCEPTED.settings).validate(ACCEPTED.token, ACCEPTED.user, now=ACCEPTED.now)
    assert pickle.loads(pickle.dumps(login)) == login and hash(login)
    assert dataclasses.asdict(login)["user"] == login.user
    with pytest.raises(dataclasses.FrozenInstanceError):
        login.user = "root"  # type: ignore[misc]


def test_the_present_is_the_default() -> None:
    validator = sqljwt.Validator(ACCEPTED.settings)
    before = validator.explain(ACCEPTED.token, ACCEPTED.user, now=time.time())
    assert validator.explain(ACCEPTED.token, ACCEPTED.user).decision == before.decision


def test_a_fraction_of_a_second_has_not_been_reached() -> None:
    validator = sqljwt.Validator(ACCEPTED.settings)
    login = validator.validate(ACCEPTED.token, ACCEPTED.user, now=ACCEPTED.now)
    assert login.expires_at is not None
    assert validator.validate(ACCEPTED.token, ACCEPTED.user, now=login.expires_at - 0.001)
    with pytest.raises(sqljwt.TokenRejected, match="token_expired"):
        validator.validate(ACCEPTED.token, ACCEPTED.user, now=float(login.expires_at))


def test_rows_are_read_lazily_and_answered_in_order() -> None:
    validator = sqljwt.Validator(ACCEPTED.settings)
    read = 0

    def rows() -> typing.Iterator[tuple[str, str, int]]:
        nonlocal read
        for index in range(5000):
            read += 1
            yield ACCEPTED.token, ACCEPTED.user if index % 7 else "somebody_else", ACCEPTED.now

    outcomes = validator.validate_many(rows())
    next(outcomes)
    assert read < 2000
    rest = [isinstance(outcome, sqljwt.Login) for outcome in outcomes]
    assert rest == [bool(index % 7) for index in range(1, 5000)]


def test_many_threads_share_one_validator() -> None:
    validator, users = sqljwt.Validator(ACCEPTED.settings), []

    def work() -> None:
        for _ in range(200):
            users.append(validator.validate(ACCEPTED.token, ACCEPTED.user, now=ACCEPTED.now).user)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert users == [ACCEPTED.expect["user"]] * 1600


@pytest.mark.parametrize("question", ["validate", "timeline"])
def test_the_interpreters_lock_is_released_while_it_works(question: str) -> None:
    validator, went_on = sqljwt.Validator(ACCEPTED.settings), threading.Event()
    login = (ACCEPTED.token, ACCEPTED.user)
    unwritten = [validator.explain(*login, now=ACCEPTED.now) for _ in range(2000)]
    questions: dict[str, typing.Callable[[], object]] = {
        "validate": lambda: validator.validate(*login, now=ACCEPTED.now),
        "timeline": lambda: str(unwritten.pop()),
    }
    ask = questions[question]
    at_the_gate = threading.Lock()

    def work() -> None:
        with at_the_gate:
            went_on.set()

    before = sys.getswitchinterval()
    at_the_gate.acquire()
    thread = threading.Thread(target=work)
    thread.start()
    # From here on nobody takes the lock from this thread: it has to be given away.
    sys.setswitchinterval(3600)
    try:
        at_the_gate.release()
        for _ in range(100_000):
            if went_on.is_set():
                break
            ask()
        assert went_on.is_set()
    finally:
        sys.setswitchinterval(before)
        thread.join()


def test_importing_loads_neither_the_command_line_nor_the_test_kit() -> None:
    program = "import sys, sqljwt; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "sqljwt.validator" in loaded
    heavy = ("argparse", "cryptography", "pytest", "yaml", "sqljwt.cli", "sqljwt.testing")
    assert not [name for name in loaded if f"{name}.".startswith(tuple(f"{module}." for module in heavy))]
