"""Every algorithm of the test kit signs what the engine verifies."""

from __future__ import annotations

import typing

import pytest

from sqljwt.testing import Algorithm, Issuer, assert_logs_in


@pytest.mark.parametrize("algorithm", typing.get_args(Algorithm))
def test_the_engine_verifies_what_the_kit_signs(algorithm: Algorithm) -> None:
    idp = Issuer(alg=algorithm)
    assert_logs_in(idp.settings(), idp.token(sub="alice"), "alice")
