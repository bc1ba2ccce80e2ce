"""What is Python's own in the vectors: exceptions, dataclasses and `validate_many` say what the engine's documents say."""

from __future__ import annotations

import dataclasses
import json
from functools import lru_cache
from itertools import groupby, zip_longest
from typing import Any

from vectors import Vector, vectors

import sqljwt

ALL = list(vectors())


@lru_cache(maxsize=None)
def validator_of(settings: str, fetched: str, userinfo: str, token: str) -> sqljwt.Validator | sqljwt.SettingsInvalid:
    try:
        validator = sqljwt.Validator(settings)
    except sqljwt.SettingsInvalid as error:
        return error
    cache = sqljwt.KeyCache(validator)
    cache.replay(fetched)
    validator = validator.with_keys(cache)
    return validator.with_user_info(token, 200, userinfo) if userinfo else validator


def of(vector: Vector) -> sqljwt.Validator | sqljwt.SettingsInvalid:
    # What a userinfo endpoint says is of one token; all else is of many.
    return validator_of(vector.settings, vector.fetched, vector.userinfo, vector.token if vector.userinfo else "")


def validated(vector: Vector) -> object:
    validator = of(vector)
    if isinstance(validator, sqljwt.SettingsInvalid):
        return validator
    try:
        return validator.validate(vector.token, vector.user, now=vector.now)
    except sqljwt.LoginRefused as refusal:
        return refusal


def explained(vector: Vector) -> sqljwt.Explanation:
    validator = of(vector)
    if isinstance(validator, sqljwt.SettingsInvalid):
        return validator.explanation
    return validator.explain(vector.token, vector.user, now=vector.now)


def decided(outcome: object) -> dict[str, Any]:
    """What a vector expects, of what came out."""
    if isinstance(outcome, sqljwt.Login):
        return {"decision": "accept", "code": None, "user": outcome.user}
    if isinstance(outcome, sqljwt.KeysNeeded):
        return {"decision": "keys_needed", "code": None, "user": None}
    assert isinstance(outcome, (sqljwt.TokenRejected, sqljwt.SettingsInvalid)), outcome
    return {"decision": "reject", "code": outcome.code, "user": None}


def members(outcome: Any, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(outcome, name) for name in names)


def test_there_are_vectors() -> None:
    assert len(ALL) > 1000


def test_validate_gives_or_raises_what_the_explanation_says() -> None:
    for vector in ALL:
        outcome, explanation = validated(vector), explained(vector)
        reason = explanation.reason
        assert decided(outcome) == vector.expect, vector.id
        if isinstance(outcome, sqljwt.Login):
            assert outcome == explanation.login, vector.id
        elif isinstance(outcome, sqljwt.KeysNeeded):
            # What can be done is for documents: to find it takes as long as an explanation.
            names = [field.name for field in dataclasses.fields(sqljwt.KeysToFetch) if field.name != "remedies"]
            assert members(outcome, *names) == members(explanation.keys_needed, *names), vector.id
        elif isinstance(outcome, sqljwt.TokenRejected):
            names = ["code", "number", "check", "setting", "expected", "actual"]
            assert members(outcome, *names, "detail") == members(reason, *names, "message"), vector.id
        else:
            assert isinstance(outcome, sqljwt.SettingsInvalid)
            names = ["code", "number", "setting", "message"]
            assert members(outcome, *names) == members(reason, *names), vector.id
            place = reason and reason.position or sqljwt.Position(None, None)  # type: ignore[arg-type]
            assert members(outcome, "line", "column") == (place.line, place.column), vector.id
            # Beside the others a warning says how many are untold.
            others = [advice for advice in explanation.advice if advice.kind == "next_failure"]
            for fault, advice in zip_longest(outcome.others, others):
                names = ["code", "setting", "message", "remedy"]
                assert members(fault, *names) == members(advice, *names), vector.id
                assert (fault.number, "settings") == (sqljwt.reason_codes()[fault.code].number, advice.check), vector.id
                place = advice.position or sqljwt.Position(None, None)  # type: ignore[arg-type]
                assert members(fault, "line", "column") == (place.line, place.column), vector.id
        if isinstance(outcome, (sqljwt.TokenRejected, sqljwt.KeysNeeded)):
            client = members(explanation.client, "message", "detail", "sqlstate")
            assert members(outcome, "client_message", "client_detail", "sqlstate") == client, vector.id
            assert vector.token not in f"{outcome}{outcome!r}" or len(vector.token) < 5, vector.id


def test_dataclasses_hold_the_whole_document() -> None:
    for vector in ALL:
        explanation = explained(vector)
        ours = {name: value for name, value in dataclasses.asdict(explanation).items() if name != "_texts"}
        document = json.loads(explanation.to_json())
        del document["schema"]
        document.setdefault("keys_needed", None)
        document.setdefault("userinfo_needed", None)
        assert renamed(json.loads(json.dumps(ours))) == document, vector.id


def renamed(ours: Any) -> Any:
    """With `for`, which is a keyword of Python's, by its own name."""
    if isinstance(ours, list):
        return [renamed(item) for item in ours]
    if isinstance(ours, dict):
        return {"for" if name == "whose" else name: renamed(value) for name, value in ours.items()}
    return ours


def test_validate_many_answers_like_validate() -> None:
    def under(vector: Vector) -> tuple[str, ...]:
        return vector.settings, vector.fetched, vector.userinfo, vector.token if vector.userinfo else ""

    for by, group in groupby(sorted(ALL, key=under), under):
        validator, asked = validator_of(*by), list(group)
        if isinstance(validator, sqljwt.Validator):
            outcomes = list(validator.validate_many((vector.token, vector.user, vector.now) for vector in asked))
            assert [repr(outcome) for outcome in outcomes] == [repr(validated(vector)) for vector in asked]
            assert [decided(outcome) for outcome in outcomes] == [vector.expect for vector in asked]
