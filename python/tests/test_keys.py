"""A cache of keys for whoever has an HTTP client of their own: what it says is to be asked, and what it makes of the answers."""

from __future__ import annotations

import json
import pickle
import threading
from email.message import Message
from typing import Any

import pytest

import sqljwt
from sqljwt.testing import Issuer

NOW = 1_800_000_000
IDP = Issuer("https://idp.example")
FRESH = {"Cache-Control": "max-age=300"}
DOCUMENT = b'{"issuer": "https://idp.example", "jwks_uri": "https://idp.example/keys"}'
KEYS = json.dumps(IDP.jwks()).encode()
TOKEN = IDP.token(sub="alice", now=NOW)


@pytest.fixture
def validator() -> sqljwt.Validator:
    settings = {**IDP.settings(), "server.jwt_authentication.jwks_auto_fetch.enabled": True}
    del settings["server.jwt_authentication.jwks"]
    return sqljwt.Validator(settings)


@pytest.fixture
def cache(validator: sqljwt.Validator) -> sqljwt.KeyCache:
    return sqljwt.KeyCache(validator)


def fetched(cache: sqljwt.KeyCache, now: int = NOW, keys: bytes = KEYS) -> None:
    fetch = cache.start(IDP.url, now=now)
    assert fetch is not None
    fetch = cache.answer(fetch, 200, FRESH, DOCUMENT)
    assert fetch is not None and cache.answer(fetch, 200, FRESH, keys) is None


def test_the_keys_come_in_two_questions(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    judging = validator.with_keys(cache)
    with pytest.raises(sqljwt.KeysNeeded) as needed:
        judging.validate(TOKEN, "alice", now=NOW)
    assert (needed.value.issuer, needed.value.refresh) == (IDP.url, False)
    fetch = cache.start(needed.value.issuer, refresh=needed.value.refresh, now=NOW)
    assert fetch is not None and fetch.issuer == IDP.url and fetch.headers == {"Accept": "application/json"}
    assert fetch.url == "https://idp.example/.well-known/openid-configuration" and fetch.url in repr(fetch)
    fetch = cache.answer(fetch, 200, FRESH, DOCUMENT)
    assert fetch is not None and fetch.url == "https://idp.example/keys"
    assert cache.answer(fetch, 200, FRESH, KEYS) is None
    # The validator that was made before judges by the keys that have come since, one without them does not.
    assert judging.validate(TOKEN, "alice", now=NOW).user == "alice"
    assert judging.explain(TOKEN, "alice", now=NOW).accepted
    assert [outcome.user for outcome in judging.validate_many([(TOKEN, "alice", NOW)] * 100)] == ["alice"] * 100  # type: ignore[union-attr]
    with pytest.raises(sqljwt.KeysNeeded):
        validator.validate(TOKEN, "alice", now=NOW)
    assert cache.issuers == (IDP.url,) and cache.fresh_until(IDP.url) == NOW + 300 and repr(cache) == "KeyCache(1 of 1 issuers)"
    assert cache.start(IDP.url, now=NOW) is None, "ask the validator again"
    assert cache.renew(IDP.url, now=NOW) is not None, "but ahead of time they can be fetched"


def test_somebody_else_is_waited_for(cache: sqljwt.KeyCache) -> None:
    fetch = cache.start(IDP.url, now=NOW)
    assert fetch is not None
    for begin in (cache.start, cache.renew):
        with pytest.raises(sqljwt.KeysAwaited) as awaited:
            begin(IDP.url, now=NOW + 1)
        assert awaited.value.until == NOW + 60 and str(NOW + 60) in str(awaited.value)
    failure = cache.give_up(fetch, "connection refused")
    assert failure.fault == "unreachable" and str(failure).endswith("openid-configuration` gave no answer: connection refused")
    assert failure.remedy and isinstance(failure, sqljwt.LoginRefused)
    with pytest.raises(sqljwt.KeysAwaited) as awaited:
        cache.start(IDP.url, now=NOW + 1)
    assert awaited.value.until == NOW + 5
    assert cache.start(IDP.url, now=NOW + 5) is not None


def test_a_question_is_answered_once(cache: sqljwt.KeyCache) -> None:
    fetch = cache.start(IDP.url, now=NOW)
    assert fetch is not None
    with pytest.raises(sqljwt.FetchFailed) as failed:
        cache.answer(fetch, 500, {}, b"out of order")
    assert failed.value.fault == "http_status" and "out of order" in failed.value.message
    with pytest.raises(ValueError, match="'fetch'"):
        cache.answer(fetch, 200, FRESH, DOCUMENT)
    with pytest.raises(ValueError, match="'fetch'"):
        cache.give_up(fetch, "too late")
    with pytest.raises(TypeError):
        sqljwt.Fetch()


def test_nothing_is_fetched_of_strangers(cache: sqljwt.KeyCache) -> None:
    for begin in (cache.start, cache.renew):
        with pytest.raises(sqljwt.FetchFailed) as failed:
            begin("https://stranger.example", now=NOW)
        assert failed.value.fault == "not_fetched" and failed.value.args[0] == "not_fetched"
    assert cache.record("https://stranger.example") is None and cache.fresh_until("https://stranger.example") is None


def test_header_fields_come_as_clients_give_them(validator: sqljwt.Validator) -> None:
    message = Message()
    message["Cache-Control"] = "max-age=300"
    message["Age"] = "100"
    for headers in (message, dict(message.items()), list(message.items()), iter(message.items())):
        cache = sqljwt.KeyCache(validator)
        fetch = cache.answer(cache.start(IDP.url, now=NOW), 200, {}, DOCUMENT)  # type: ignore[arg-type]
        assert cache.answer(fetch, 200, headers, KEYS) is None  # type: ignore[arg-type]
        assert cache.fresh_until(IDP.url) == NOW + 200


@pytest.mark.parametrize(
    ("name", "wrong", "kind"),
    [
        ("status", "200", TypeError),
        ("status", -1, ValueError),
        ("status", 1 << 70, ValueError),
        ("headers", None, TypeError),
        ("headers", ["a"], (TypeError, ValueError)),
        ("headers", {"a": 1}, TypeError),
        ("body", "{}", TypeError),
        ("fetch", None, TypeError),
    ],
)
def test_wrong_arguments_are_named(cache: sqljwt.KeyCache, name: str, wrong: Any, kind: Any) -> None:
    arguments: dict[str, Any] = {"fetch": cache.start(IDP.url, now=NOW), "status": 200, "headers": {}, "body": b"", name: wrong}
    with pytest.raises(kind, match=f"'{name}'"):
        cache.answer(**arguments)


def test_a_cache_is_a_cache(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    with pytest.raises(TypeError, match="'cache'"):
        validator.with_keys(None)  # type: ignore[arg-type]
    for ask in (lambda: cache.start(1), lambda: cache.record(None), lambda: cache.replay(b"[]"), lambda: cache.start("a", now="b")):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="'(issuer|records|now)'"):
            ask()


def test_what_was_fetched_is_written_down_and_read_elsewhere(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    assert cache.record(IDP.url) is None
    fetched(cache)
    record = cache.record(IDP.url)
    assert record is not None and json.loads(record)["at"] == NOW
    for text in (record, f"[{record}]"):
        elsewhere = sqljwt.KeyCache(validator)
        elsewhere.replay(text)
        assert elsewhere.record(IDP.url) == record
        assert validator.with_keys(elsewhere).validate(TOKEN, "alice", now=NOW + 299).user == "alice"
        with pytest.raises(sqljwt.KeysNeeded, match="counted until 2027-01-15T08:05:00Z"):
            validator.with_keys(elsewhere).validate(TOKEN, "alice", now=NOW + 300)
    question = {"verb": "validate", "settings": validator.settings, "fetched": [json.loads(record)]}
    answer = json.loads(sqljwt.call(json.dumps({**question, "token": TOKEN, "user": "alice", "now": NOW})))
    assert answer["decision"] == "accept"
    for wrong in ("", "{}", "[1]", record[:-1]):
        with pytest.raises(sqljwt.FetchFailed) as failed:
            cache.replay(wrong)
        assert failed.value.fault == "record_invalid"


def test_new_settings_keep_what_comes_from_the_same_place(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    fetched(cache)
    cache.follow(sqljwt.Validator({**validator.settings, "server.jwt_authentication.audience": "another"}))
    assert cache.record(IDP.url)
    cache.follow(sqljwt.Validator({**validator.settings, "engine.profile": "cockroachdb"}))
    assert cache.record(IDP.url) is None


def test_a_refusal_explains_itself_by_the_keys_of_its_moment(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    judging = validator.with_keys(cache)
    with pytest.raises(sqljwt.KeysNeeded) as needed:
        judging.validate(TOKEN, "alice", now=NOW)
    [outcome] = judging.validate_many([(TOKEN, "alice", NOW)])
    fetched(cache)
    assert isinstance(outcome, sqljwt.KeysNeeded)
    for refusal in (needed.value, outcome, pickle.loads(pickle.dumps(needed.value))):
        keys = refusal.explanation.keys_needed
        assert keys is not None and (keys.cause, keys.refresh) == (refusal.cause, False)


def test_an_unknown_key_id_asks_past_caches(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    fetched(cache, keys=b'{"keys": []}')
    with pytest.raises(sqljwt.KeysNeeded) as needed:
        validator.with_keys(cache).validate(TOKEN, "alice", now=NOW + 1)
    assert needed.value.refresh
    fetch = cache.start(IDP.url, refresh=True, now=NOW + 1)
    assert fetch is not None and fetch.headers["Cache-Control"] == "no-cache"


def test_keys_are_of_one_process(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    judging = validator.with_keys(cache)
    assert judging.settings == validator.settings and judging != validator and judging == validator.with_keys(cache)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(judging)
    for refusal in (sqljwt.FetchFailed("unreachable", "a", "b"), sqljwt.KeysAwaited(NOW)):
        copy = pickle.loads(pickle.dumps(refusal))
        assert (type(copy), vars(copy), str(copy)) == (type(refusal), vars(refusal), str(refusal))


def test_threads_judge_while_keys_are_exchanged(validator: sqljwt.Validator, cache: sqljwt.KeyCache) -> None:
    fetched(cache)
    judging, record, refused = validator.with_keys(cache), cache.record(IDP.url), []

    def logins() -> None:
        for _ in range(500):
            try:
                judging.validate(TOKEN, "alice", now=NOW)
            except sqljwt.LoginRefused as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=logins) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        cache.replay(record or "")
    assert not refused
