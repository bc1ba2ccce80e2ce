"""``explain``, ``validate`` and ``decode``: one token."""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import Any

from .. import dangerous
from .._native import Attempt, Engine, explain, verdict_many
from ..errors import InternalError, SettingsInvalid, TokenUnreadable
from ..explanation import Explanation
from ..said import inert
from ..wire import call
from .inputs import add_settings_option, add_token_options, add_user_option, settings_name, settings_text, token
from .status import ACCEPTED, OF_DECISION, REJECTED, UNUSABLE
from .terminal import in_colour, write_json


def add_to(commands: Any) -> None:
    """The commands' options."""
    explaining = commands.add_parser("explain", help="why a token may or may not log in: every check, and what would mend it")
    validate = commands.add_parser("validate", help="whether a token may log in, in one line")
    for parser in (explaining, validate):
        add_settings_option(parser)
        add_token_options(parser)
        add_user_option(parser)
        parser.add_argument("--now", metavar="SECONDS", type=int, help="the moment of the login in Unix seconds; the present unless given")
        parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    explaining.add_argument("--redact", action="store_true", help="leave out what token, login and settings say")
    explaining.set_defaults(run=_explain)
    validate.set_defaults(run=_validate)
    decode = commands.add_parser("decode", help="what stands in a token, verified by nobody")
    add_token_options(decode)
    decode.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    decode.set_defaults(run=_decode)


def _explain(options: argparse.Namespace) -> int:
    settings = settings_text(options)
    given = token(options)
    try:
        texts, unusable = Engine(settings).explain(given, options.user, options.now), False
    except SettingsInvalid:
        texts, unusable = explain(settings, given, options.user, options.now), True
    explanation = Explanation._of(texts)
    explanation = explanation.redacted() if options.redact else explanation
    if options.json:
        write_json(f"{explanation.to_json()}\n")
    else:
        print(in_colour(_with_file(str(explanation), settings_name(options)), sys.stdout), end="")
    return UNUSABLE if unusable else OF_DECISION[explanation.decision]


PLACE = re.compile(r"^(  setting: [\w.]+, |  in the settings: |    at (?:[\w.]+, )?)line (\d+), column (\d+)$", re.MULTILINE)
"""Where a timeline names a place in the settings."""


def _with_file(timeline: str, file: str) -> str:
    """The timeline, with the settings' file where the engine, which knows of no files, names the line and the column."""
    return PLACE.sub(lambda place: f"{place[1]}{file}:{place[2]}:{place[3]}", timeline)


def _validate(options: argparse.Namespace) -> int:
    try:
        attempt = Attempt(Engine(settings_text(options)), token(options), options.user, options.now)
        [verdict] = verdict_many([attempt])
    except SettingsInvalid as error:
        text = f"REJECTED  {error.code}: {error._in(settings_name(options))}"
        verdict, status = error._verdict, UNUSABLE
    else:
        if isinstance(verdict, InternalError):
            raise verdict
        document = json.loads(verdict)
        text, status = _in_a_line(document), OF_DECISION[document["decision"]]
    if options.json:
        write_json(f"{verdict}\n")
    else:
        print(in_colour(text, sys.stdout))
    return status


def _in_a_line(verdict: dict[str, Any]) -> str:
    decision, reason = verdict["decision"], verdict["reason"]
    if decision == "accept":
        return f"ACCEPTED  {inert(verdict['login']['user'])}"
    if decision == "keys_needed":
        needed = verdict["keys_needed"]
        return f"KEYS NEEDED  the keys of issuer `{inert(needed['issuer'])}` are needed: {needed['cause']}"
    return f"REJECTED  {reason['code']}: {inert(reason['message'])}\n  to mend it: {inert(reason['remedy'])}"


def _decode(options: argparse.Namespace) -> int:
    data = token(options)
    if options.json:
        # What is not UTF-8 is no base64 either: the character that stands for it changes nothing.
        document = call(json.dumps({"verb": "decode", "token": data.decode("utf-8", "replace")}))
        write_json(f"{document}\n")
        return REJECTED if json.loads(document)["token"] is None else ACCEPTED
    try:
        view = dangerous.decode_unverified(data)
    except TokenUnreadable as error:
        print(f"sqljwt: {error}", file=sys.stderr)
        return REJECTED
    # Everything beyond ASCII is escaped: a token may hold what a terminal would obey.
    for name, part in (("header", view.header), ("claims", view.claims)):
        print(f"{name}: {json.dumps(part, indent=2)}")
    for name, moment in (("issued", view.issued_at), ("not before", view.not_before), ("expires", view.expires_at)):
        if moment:
            print(f"{name}: {moment.utc}")
    print("nothing here is verified: whoever wrote the token wrote whatever is in it", file=sys.stderr)
    return ACCEPTED
