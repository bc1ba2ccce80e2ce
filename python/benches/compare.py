"""How fast is it? Ratios on this machine: against PyJWT with the same checks, and many logins against a loop.

    pip install './python[testing]' PyJWT
    python python/benches/compare.py

Each number is the ratio of medians over rounds in which both sides take turns, so that a busy machine slows both alike. One login after
another is timed by the processor time it takes, many at once by the clock on the wall: they need idle cores to show anything.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import jwt
from jwt.utils import base64url_decode

import sqljwt
from sqljwt.testing import Algorithm, Issuer


def main() -> None:
    """Measure and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=31)
    options.add_argument("--logins", type=int, default=400, help="logins in a round")
    given = options.parse_args()
    print(f"{'':50}{'theirs':>10}{'ours':>10}{'ratio':>8}   microseconds a login, medians")
    algorithms: tuple[Algorithm, ...] = ("RS256", "ES256", "EdDSA")
    for algorithm in algorithms:
        against_pyjwt(algorithm, given.rounds, given.logins)
    for algorithm in algorithms[:2]:
        against_a_loop(algorithm, given.rounds, given.logins * 5)


def against_pyjwt(algorithm: Algorithm, rounds: int, logins: int) -> None:
    """One token at a time: signature, issuer, audience, expiry, time of issue; PyJWT's key is parsed beforehand, as ours is."""
    idp = Issuer(alg=algorithm)
    token, validator = idp.token(sub="alice"), sqljwt.Validator(idp.settings())
    key = jwt.PyJWK(idp.jwks()["keys"][0])

    def theirs() -> None:
        for _ in range(logins):
            jwt.decode(
                token, key, algorithms=[algorithm], audience="db-login", issuer=idp.url, options={"require": ["exp", "iat", "sub"]}
            )

    def ours() -> None:
        for _ in range(logins):
            validator.validate(token, "alice")

    def their_signature_check() -> None:
        for _ in range(logins):
            prepared.verify(signing_input, key.key, signature)

    # What PyJWT cannot do without: the signature check of the library that it uses.
    prepared = jwt.get_algorithm_by_name(algorithm)
    signing_input, signature = token.rpartition(".")[0].encode(), base64url_decode(token.rpartition(".")[2])
    assert prepared.verify(signing_input, key.key, signature)

    show(f"validate, {algorithm}: PyJWT {jwt.__version__}", theirs, ours, rounds, logins, time.process_time)
    show(f"validate, {algorithm}: its signature check alone", their_signature_check, ours, rounds, logins, time.process_time)


def against_a_loop(algorithm: Algorithm, rounds: int, logins: int) -> None:
    """Many tokens: a loop of `validate` against `validate_many`."""
    idp = Issuer(alg=algorithm)
    validator, rows = sqljwt.Validator(idp.settings()), [(idp.token(sub="alice"), "alice")] * logins

    def loop() -> None:
        for token, user in rows:
            validator.validate(token, user)

    def many() -> None:
        for _ in validator.validate_many(rows):
            pass

    show(f"validate_many, {algorithm}: a loop", loop, many, rounds, logins, time.perf_counter)


def show(
    name: str,
    theirs: Callable[[], None],
    ours: Callable[[], None],
    rounds: int,
    logins: int,
    clock: Callable[[], float],
) -> None:
    """Let both take turns, and print the medians."""
    times: tuple[list[float], list[float]] = ([], [])
    for work in (theirs, ours):
        work()
    for _ in range(rounds):
        for work, taken in zip((theirs, ours), times):
            started = clock()
            work()
            taken.append((clock() - started) / logins * 1e6)
    slow, fast = map(statistics.median, times)
    print(f"{name:50}{slow:10.1f}{fast:10.1f}{slow / fast:8.2f}", flush=True)


if __name__ == "__main__":
    main()
