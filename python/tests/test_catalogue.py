"""The test kit says what Rust's says: both are held against the catalogue beside the latter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_testing import LOOK_ALIKES, NOW

from sqljwt.testing import BAD_TOKENS, Issuer

CATALOGUE = json.loads((Path(__file__).parents[2] / "tests" / "testing" / "catalogue.json").read_text(encoding="utf-8"))

NUMBERS = {"n", "e", "x", "y", "crv"}
"""What is another at every run."""


def test_bad_tokens_are_those_of_the_catalogue() -> None:
    ours = {
        kind: {"code": bad.code, "about": bad.about, **({} if bad.user is None else {"user": bad.user})}
        for kind, bad in BAD_TOKENS.items()
    }
    assert ours == CATALOGUE["bad_tokens"]


def test_look_alikes_are_those_of_the_catalogue() -> None:
    assert LOOK_ALIKES.keys() == CATALOGUE["look_alikes"].keys()


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_say_what_the_catalogue_says(name: str) -> None:
    idp: Issuer = getattr(Issuer, name)()
    settings: dict[str, Any] = idp.settings()
    keys = settings.pop("server.jwt_authentication.jwks")["keys"]
    assert CATALOGUE["look_alikes"][name] == {
        "logs_in_as": LOOK_ALIKES[name],
        "header": idp.header(),
        "claims": idp.claims(now=NOW),
        "keys": [{member: value for member, value in key.items() if member not in NUMBERS} for key in keys],
        "settings": settings,
    }
