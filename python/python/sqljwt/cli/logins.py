"""``explain``, ``validate`` and ``decode``: one token."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from .. import dangerous
from .._native import Attempt, Texts, explain, verdict_many
from ..errors import InternalError, SettingsInvalid, TokenUnreadable
from ..explanation import Explanation
from ..said import inert
from ..wire import call
from . import fixing
from .fetched import add_fetched_option, add_userinfo_option, judging
from .inputs import (
    add_override_options,
    add_settings_option,
    add_token_options,
    add_user_option,
    overridden,
    settings_name,
    settings_text,
    token,
)
from .moments import add_now_option
from .status import ACCEPTED, OF_DECISION, REJECTED, UNUSABLE
from .terminal import Line, Look, write_json

EXPLAIN = """\
  sqljwt explain --settings settings.sql --token token.txt --user alice
  sqljwt explain --settings settings.sql --token-env DB_TOKEN --profile cockroachdb -v
  sqljwt explain --settings settings.sql --token token.txt --now 2027-01-15T08:00:00Z
  sqljwt explain --settings settings.sql --token token.txt --keys keys.json
  sqljwt explain --settings settings.sql --token token.txt --fetched /var/lib/sqljwt/keys
  sqljwt explain --settings settings.sql --token token.txt --userinfo answer.json
  sqljwt explain --settings settings.sql --token token.txt --fix > fixed.sql
"""

VALIDATE = """\
  sqljwt validate --settings settings.sql --token token.txt --user alice
  sqljwt validate -q --settings settings.sql --token-env DB_TOKEN && echo accepted
"""

ASK = "or ask the issuer's userinfo endpoint with the token: then the same command with --userinfo answer.json"

DECODE = """\
  sqljwt decode --token token.txt
  echo "$DB_TOKEN" | sqljwt decode --json
"""


def add_to(commands: Any) -> None:
    """The commands' options."""
    explaining = commands.add_parser("explain", help="why a token may or may not log in, and what to do", examples=EXPLAIN)
    validate = commands.add_parser("validate", help="whether a token may log in, in one line", examples=VALIDATE)
    for parser in (explaining, validate):
        add_settings_option(parser)
        add_token_options(parser)
        add_user_option(parser)
        add_override_options(parser)
        add_fetched_option(parser)
        add_userinfo_option(parser)
        add_now_option(parser, "the moment of the login")
        parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    explaining.add_argument("--redact", action="store_true", help="leave out what token, login and settings say")
    fixing.add_to(explaining)
    much = explaining.add_mutually_exclusive_group()
    much.add_argument("-v", "--verbose", action="store_true", help="tell every check, with what was expected")
    much.add_argument("-q", "--quiet", action="store_true", help="tell the decision and its cause alone")
    explaining.set_defaults(run=_explain)
    validate.add_argument("-q", "--quiet", action="store_true", help="print nothing: the exit status is the answer")
    validate.set_defaults(run=_validate)
    decode = commands.add_parser("decode", help="show a token's content (not verified)", examples=DECODE)
    add_token_options(decode)
    decode.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    decode.set_defaults(run=_decode)


def _explain(options: argparse.Namespace) -> int:
    fixing.check(options)
    original = settings_text(options)
    given = token(options)
    settings = overridden(original, options, given)
    texts, unusable = _explained(settings, given, options)
    if options.fix:
        return fixing.run(options, original, given, Explanation._of(texts))
    explanation = Explanation._of(texts)
    if options.json:
        write_json(f"{(explanation.redacted() if options.redact else explanation).to_json()}\n")
    else:
        look = Look.of(sys.stdout, options)
        lines = texts.lines(
            file=_document_name(original, settings, options),
            document=settings,
            width=look.width,
            verbose=options.verbose,
            ascii=look.ascii,
            redact=options.redact,
        )
        look.show(_headline(lines) if options.quiet else [*lines, *_pointers(explanation, options)], sys.stdout)
    return UNUSABLE if unusable else OF_DECISION[explanation.decision]


def _explained(settings: str, given: bytes, options: argparse.Namespace) -> tuple[Texts, bool]:
    """The explanation, and whether the settings cannot be used."""
    try:
        return judging(settings, options, given).explain(given, options.user, options.now), False
    except SettingsInvalid:
        return explain(settings, given, options.user, options.now), True


def _document_name(original: str, settings: str, options: argparse.Namespace) -> str:
    """What places name: the file, unless the engine's options have no place in its form and it was written anew."""
    name = settings_name(options)
    is_anew = original.lstrip()[:1] != settings.lstrip()[:1]
    return f"{name} (as SQL, with --profile or --keys)" if is_anew and original else name


def _headline(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line[0] in ("accepted", "refused", "keys", "cause")]


def _pointers(explanation: Explanation, options: argparse.Namespace) -> list[Line]:
    """Which command tells more."""
    if explanation.reason is not None:
        more = [f"more about it: sqljwt reasons {explanation.reason.code}"]
        if explanation.userinfo_needed is not None and not options.userinfo:
            more.append(ASK)
        if any(remedy.change and remedy.after for remedy in explanation.reason.remedies):
            more.append("to make the first fix of the settings: the same command with --fix")
    elif explanation.keys_needed is not None and not options.keys:
        more = ["then: the same command with --keys keys.json"]
    else:
        return []
    return [("quiet", 2, "", text) for text in more]


def _validate(options: argparse.Namespace) -> int:
    settings = settings_text(options)
    given = token(options)
    settings = overridden(settings, options, given)
    lines: list[Line]
    try:
        attempt = Attempt(judging(settings, options, given), given, options.user, options.now)
        [verdict] = verdict_many([attempt])
    except SettingsInvalid as error:
        first, *others = error._in(settings_name(options)).split("\n")
        lines = [("refused", 0, "REJECTED", f"  {error.code}: {first}"), *(("fix", 0, "", line) for line in others)]
        verdict, status = error._verdict, UNUSABLE
    else:
        if isinstance(verdict, InternalError):
            raise verdict
        document = json.loads(verdict)
        lines, status = in_a_line(document, (document["login"] or {}).get("user")), OF_DECISION[document["decision"]]
    if options.quiet:
        return status
    if options.json:
        write_json(f"{verdict}\n")
    else:
        Look.of(sys.stdout, options).show(lines, sys.stdout)
    return status


def in_a_line(document: dict[str, Any], user: str | None) -> list[Line]:
    """What a document of the engine's has decided, and what to do about it."""
    decision, reason = document["decision"], document["reason"]
    if decision == "accept":
        return [("accepted", 0, "ACCEPTED", f"  {inert(user or '')}")]
    if decision == "keys_needed":
        needed = document["keys_needed"]
        return [
            ("keys", 0, "KEYS NEEDED", f"  the keys of issuer `{inert(needed['issuer'])}` are needed: {needed['cause']}"),
            ("fix", 2, "Fix: ", "`sqljwt explain` says how to fetch them; then give them with --keys FILE"),
        ]
    lines: list[Line] = [
        ("refused", 0, "REJECTED", f"  {reason['code']}: {inert(reason['message'])}"),
        ("fix", 2, "Fix: ", inert(reason["remedy"])),
    ]
    return lines + ([("quiet", 2, "", ASK)] if document.get("userinfo_needed") else [])


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
    print("Not verified: anybody can write this.", file=sys.stderr)
    return ACCEPTED
