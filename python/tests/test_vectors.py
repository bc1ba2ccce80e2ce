"""Python answers every vector: the same decision from each function, and the engine's own documents byte for byte."""

from __future__ import annotations

import dataclasses
import json
from functools import lru_cache
from typing import Any

import pytest
from vectors import Vector, vectors

import sqljwt

ALL = list(vectors())


@lru_cache(maxsize=None)
def validator_of(settings: str) -> sqljwt.Validator | sqljwt.SettingsInvalid:
    try:
        return sqljwt.Validator(settings)
    except sqljwt.SettingsInvalid as error:
        return error


def expected(decision: str, code: str | None = None, user: str | None = None) -> dict[str, Any]:
    return {"decision": decision, "code": code, "user": user}


def decided(outcome: object) -> dict[str, Any]:
    if isinstance(outcome, sqljwt.Login):
        return expected("accept", user=outcome.user)
    if isinstance(outcome, sqljwt.KeysNeeded):
        return expected("keys_needed")
    assert isinstance(outcome, (sqljwt.TokenRejected, sqljwt.SettingsInvalid)), outcome
    return expected("reject", code=outcome.code)


def validated(vector: Vector) -> object:
    validator = validator_of(vector.settings)
    if isinstance(validator, sqljwt.SettingsInvalid):
        return validator
    try:
        return validator.validate(vector.token, vector.user, now=vector.now)
    except sqljwt.LoginRefused as refusal:
        return refusal


def explained(vector: Vector) -> sqljwt.Explanation:
    validator = validator_of(vector.settings)
    if isinstance(validator, sqljwt.SettingsInvalid):
        return validator.explanation
    return validator.explain(vector.token, vector.user, now=vector.now)


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_there_are_vectors() -> None:
    assert len(ALL) > 1000


@pytest.mark.parametrize("vector", ALL, ids=lambda vector: vector.id)
def test_every_vector_is_decided_as_it_says(vector: Vector) -> None:
    outcome, explanation = validated(vector), explained(vector)
    assert decided(outcome) == vector.expect
    assert explanation.decision == vector.expect["decision"]
    assert (explanation.reason and explanation.reason.code) == vector.expect["code"]
    assert (explanation.login and explanation.login.user) == vector.expect["user"]
    if isinstance(outcome, sqljwt.Login):
        # Equality asks for every field, so none is left out.
        assert outcome == explanation.login
    if isinstance(outcome, sqljwt.TokenRejected):
        reason, client = explanation.reason, explanation.client
        assert reason and client
        assert (outcome.number, outcome.check, outcome.detail) == (reason.number, reason.check, reason.message)
        assert (outcome.remedy, outcome.setting) == (reason.remedy, reason.setting)
        assert (outcome.expected, outcome.actual) == (reason.expected, reason.actual)
        assert (outcome.client_message, outcome.client_detail) == (client.message, client.detail)
        assert vector.token not in f"{outcome}{outcome!r}" or len(vector.token) < 5


def test_the_text_call_gives_the_documents_of_the_typed_one() -> None:
    for vector in ALL:
        if not vector.settings.startswith("{") or not is_json(vector.settings):
            continue
        rest = json.dumps({"token": vector.token, "user": vector.user, "now": vector.now})[1:]
        call = f'{{"verb": "explain", "settings": {vector.settings}, {rest}'
        assert sqljwt.call(call) == explained(vector).to_json(), vector.id
        redacted = f'{{"verb": "explain", "redact": true, "settings": {vector.settings}, {rest}'
        assert sqljwt.call(redacted) == explained(vector).redacted().to_json(), vector.id


def test_dataclasses_hold_the_whole_document() -> None:
    for vector in ALL:
        explanation = explained(vector)
        ours = {name: value for name, value in dataclasses.asdict(explanation).items() if name != "_texts"}
        document = json.loads(explanation.to_json())
        del document["schema"]
        document.setdefault("keys_needed", None)
        if document["reason"]:
            document["reason"].setdefault("position", None)
        assert json.loads(json.dumps(ours)) == document, vector.id


def test_validate_many_answers_like_validate() -> None:
    by_settings: dict[str, list[Vector]] = {}
    for vector in ALL:
        by_settings.setdefault(vector.settings, []).append(vector)
    for settings, group in by_settings.items():
        validator = validator_of(settings)
        if isinstance(validator, sqljwt.SettingsInvalid):
            continue
        outcomes = validator.validate_many((vector.token, vector.user, vector.now) for vector in group)
        assert [decided(outcome) for outcome in outcomes] == [vector.expect for vector in group]
