"""``mint``: a token that is signed with a key of one's own, to try settings with."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from ..names import Algorithm
from ..said import said
from .inputs import Unusable, harmless, no_token, read_file
from .moments import add_now_option
from .status import ACCEPTED

if TYPE_CHECKING:
    from ..testing.keys import SigningKey

EXAMPLES = """\
  sqljwt mint --iss https://idp.example --aud db-login --sub alice --jwks jwks.json > token.txt
  sqljwt mint --new-key RS256 --save-key key.pem --claim email=a@example.com --claim 'groups:=["dba"]'
  sqljwt mint --key key.pem --claims claims.json --lifetime 300
  sqljwt explain --settings settings.sql --token token.txt --keys jwks.json
"""

MARK = "sqljwt_test_token"
"""The claim that says that no identity provider has issued the token."""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "mint",
        help="make a test token, signed with a key of your own",
        description="Make a test token, signed with a key of your own: a server that does not have that key refuses it.",
        examples=EXAMPLES,
    )
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument("--key", metavar="FILE", help="the private key that signs, as PEM without a passphrase")
    keys.add_argument("--new-key", metavar="ALG", choices=get_args(Algorithm), help="make a key for this algorithm (ES256 unless given)")
    parser.add_argument("--alg", choices=get_args(Algorithm), help="the algorithm, where the key of --key fits several")
    parser.add_argument("--kid", metavar="ID", type=harmless, default="test-key", help="the key's id (test-key unless given)")
    parser.add_argument("--save-key", metavar="FILE", type=harmless, help="keep the new private key in this file, which may not exist yet")
    parser.add_argument("--jwks", metavar="FILE", type=harmless, help="write the public key set there; to standard error unless given")
    for name, what in (("iss", "the issuer"), ("aud", "the audience"), ("sub", "the subject")):
        parser.add_argument(f"--{name}", metavar="TEXT", type=no_token, help=what)
    parser.add_argument("--claims", metavar="FILE", help="more claims, a JSON object; - for standard input")
    parser.add_argument(
        "--claim",
        metavar="NAME=TEXT",
        action="append",
        type=no_token,
        default=[],
        help="one more claim; NAME:=JSON for what is no text; may be repeated",
    )
    parser.add_argument("--lifetime", metavar="SECONDS", type=int, default=3600, help="how long it is valid (3600 unless given)")
    add_now_option(parser, "the moment of issue")
    parser.set_defaults(run=_mint)


def _mint(options: argparse.Namespace) -> int:
    # Here, because no other command needs the test kit.
    from ..testing.keys import signed

    if options.save_key and options.key:
        raise Unusable("--save-key keeps a new key; the one of --key is kept already")
    claims = _claims(options)
    key = _key(options)
    token = signed(key, {"typ": "JWT", "alg": key.algorithm, "kid": key.id}, claims)
    key_set = json.dumps({"keys": [key.public_jwk()]})
    if options.save_key:
        _save(key, options.save_key)
    if options.jwks:
        Path(options.jwks).write_text(f"{key_set}\n", encoding="utf-8")
    print(token)
    print("sqljwt: a TEST token: no identity provider has issued it, and it says so in a claim of its own", file=sys.stderr)
    print(f"sqljwt: its key set is in {said(options.jwks)}" if options.jwks else key_set, file=sys.stderr)
    return ACCEPTED


def _claims(options: argparse.Namespace) -> dict[str, Any]:
    """The claims: times and mark, then the file's, then those of the command line; later ones count."""
    now = int(time.time()) if options.now is None else options.now
    claims: dict[str, Any] = {"iat": now, "exp": now + options.lifetime, MARK: True}
    if options.claims:
        try:
            more = json.loads(read_file(options.claims, "claims", "--claims"))
        except ValueError:
            raise Unusable(f"{said(options.claims)}: --claims takes a JSON object in UTF-8") from None
        if not isinstance(more, dict):
            raise Unusable(f"{said(options.claims)}: --claims takes a JSON object")
        claims.update(more)
    claims.update({name: value for name in ("iss", "aud", "sub") if (value := getattr(options, name)) is not None})
    claims.update(map(_claim, options.claim))
    return claims


def _claim(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.rstrip(":"):
        raise Unusable("--claim takes NAME=TEXT or NAME:=JSON (value withheld)")
    if not name.endswith(":"):
        return name, value
    try:
        return name[:-1], json.loads(value)
    except ValueError:
        raise Unusable(f"--claim {said(name)}=… is not JSON; for a text write NAME=TEXT") from None


def _key(options: argparse.Namespace) -> SigningKey:
    from ..testing.keys import SigningKey

    try:
        if options.key is None:
            if options.alg:
                raise Unusable("--alg belongs to --key; --new-key ALG names its own")
            return SigningKey.generate(options.kid, options.new_key or "ES256")
        return SigningKey.from_pem(options.kid, read_file(options.key, "a private key", "--key"), options.alg)
    except ModuleNotFoundError as error:
        raise Unusable(str(error)) from None
    except ValueError as error:
        raise Unusable(f"{said(options.key or '')}: {error}") from None


def _save(key: SigningKey, name: str) -> None:
    """Keep a private key where nobody else reads it; no file is overwritten."""
    with open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.to_pem())
