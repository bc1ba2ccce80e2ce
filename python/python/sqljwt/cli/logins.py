"""``explain``, ``validate`` and ``decode``: one token."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import Any

from .. import dangerous
from ..errors import KeysNeeded, SettingsInvalid, TokenRejected, TokenUnreadable
from ..explanation import Decision, Explanation
from ..validator import Validator
from .inputs import add_settings_option, add_token_options, settings_text, token
from .terminal import in_colour


def add_to(commands: Any) -> None:
    """The commands' options."""
    explain = commands.add_parser("explain", help="why a token may or may not log in: every check, and what would mend it")
    validate = commands.add_parser("validate", help="whether a token may log in, in one line")
    for parser in (explain, validate):
        add_settings_option(parser)
        add_token_options(parser)
        parser.add_argument("--user", metavar="NAME", default="", help="the requested SQL user; the token's only one unless given")
        parser.add_argument("--now", metavar="SECONDS", type=int, help="the moment of the login in Unix seconds; the present unless given")
        parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    explain.add_argument("--redact", action="store_true", help="leave out what token, login and settings say")
    explain.set_defaults(run=_explain)
    validate.set_defaults(run=_validate)
    decode = commands.add_parser("decode", help="what stands in a token, verified by nobody")
    add_token_options(decode)
    decode.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    decode.set_defaults(run=_decode)


def _explain(options: argparse.Namespace) -> int:
    try:
        validator = Validator(settings_text(options))
        explanation, unusable = validator.explain(token(options), options.user, now=options.now), False
    except SettingsInvalid as error:
        explanation, unusable = error.explanation, True
    _show(explanation.redacted() if options.redact else explanation, options)
    return 2 if unusable else 0 if explanation.accepted else 1


def _show(explanation: Explanation, options: argparse.Namespace) -> None:
    if options.json:
        print(explanation.to_json())
    else:
        print(in_colour(str(explanation), sys.stdout), end="")


def _validate(options: argparse.Namespace) -> int:
    answer: dict[str, Any]
    try:
        validator = Validator(settings_text(options))
        login = validator.validate(token(options), options.user, now=options.now)
    except TokenRejected as refusal:
        answer = {"code": refusal.code, "message": refusal.detail, "remedy": refusal.remedy}
        decision: Decision = "reject"
        text = f"REJECTED  {refusal}\n  to mend it: {refusal.remedy}"
        status = 1
    except KeysNeeded as refusal:
        answer = {"issuer": refusal.issuer, "kid": refusal.kid, "cause": refusal.cause}
        decision = "keys_needed"
        text = f"KEYS NEEDED  {refusal}"
        status = 1
    except SettingsInvalid as error:
        answer = {"code": error.code, "message": error.message, "remedy": error.remedy}
        decision = "reject"
        text = f"REJECTED  {error.code}: {error}\n  to mend it: {error.remedy}"
        status = 2
    else:
        answer = {"login": dataclasses.asdict(login)}
        decision = "accept"
        text = f"ACCEPTED  {login.user}"
        status = 0
    print(json.dumps({"decision": decision, **answer}) if options.json else in_colour(text, sys.stdout))
    return status


def _decode(options: argparse.Namespace) -> int:
    try:
        view = dangerous.decode_unverified(token(options))
    except TokenUnreadable as error:
        print(json.dumps({"code": error.code}) if options.json else f"sqljwt: {error}", file=None if options.json else sys.stderr)
        return 1
    if options.json:
        print(json.dumps(dataclasses.asdict(view)))
        return 0
    # Everything beyond ASCII is escaped: a token may hold what a terminal would obey.
    for name, part in (("header", view.header), ("claims", view.claims)):
        print(f"{name}: {json.dumps(part, indent=2)}")
    for name, moment in (("issued", view.issued_at), ("not before", view.not_before), ("expires", view.expires_at)):
        if moment:
            print(f"{name}: {moment.utc}")
    print("nothing here is verified: whoever wrote the token wrote whatever is in it", file=sys.stderr)
    return 0
