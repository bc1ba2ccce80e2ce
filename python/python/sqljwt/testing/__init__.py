"""Tests of one's own SSO set-up: an identity provider that lives in the test, and assertions that explain themselves.

    from sqljwt.testing import Issuer, assert_logs_in, assert_rejected

    idp = Issuer("https://idp.test")
    assert_logs_in(idp.settings(), idp.token(sub="alice"), "alice")
    assert_rejected(idp.settings(), idp.bad("expired", sub="alice"), "alice", "token_expired")

It needs ``pip install 'sqljwt[testing]'``. Its keys are made for the test and trusted nowhere else.
"""

from __future__ import annotations

from ..names import Algorithm
from .assertions import assert_logs_in, assert_rejected
from .bad_tokens import BAD_TOKENS, BadToken
from .expectations import Expectation, ExpectationsInvalid, read_expectations
from .issuer import OMIT, Issuer
from .keys import SigningKey

__all__ = [
    "BAD_TOKENS",
    "OMIT",
    "Algorithm",
    "BadToken",
    "Expectation",
    "ExpectationsInvalid",
    "Issuer",
    "SigningKey",
    "assert_logs_in",
    "assert_rejected",
    "read_expectations",
]
