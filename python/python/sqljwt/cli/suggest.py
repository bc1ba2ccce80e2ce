"""``suggest``: settings from a sample token."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from .. import advisor
from ..advisor import SuggestDocument, SuggestRefusal
from ..said import inert
from .inputs import add_token_options, add_user_option, harmless, read_file, token
from .moments import add_now_option
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, fitted, write_json

DESCRIPTION = """\
Suggest settings under which this token logs in as this SQL user, and nobody else does: issuer, audience, claim, keys and the narrowest
line of the identity map. What is written is SQL, with the reasons as comments; its first line says whether the token was proven by a key
of --keys. A token that was not may be anybody's work: compare what it says with what your identity provider says of itself.
"""

EXAMPLES = """\
  sqljwt suggest --token token.txt --user alice --keys jwks.json > settings.sql
  sqljwt suggest --token-env DB_TOKEN
  sqljwt suggest --token token.txt --user alice --json | jq -r .sql
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("suggest", help="settings from a sample token", description=DESCRIPTION, examples=EXAMPLES)
    add_token_options(parser)
    add_user_option(parser)
    parser.add_argument("--keys", metavar="FILE", help="the key set (JWKS) that the issuer serves; without it nothing is proven")
    parser.add_argument(
        "--user-names", metavar="SERVER", type=harmless, help="whose rules there are for names of SQL users, as engine.user_names has them"
    )
    add_now_option(parser, "the present")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.set_defaults(run=_suggest)


def _suggest(options: argparse.Namespace) -> int:
    keys = read_file(options.keys, "a key set", "--keys") if options.keys else None
    document = advisor.suggest(token(options), options.user, keys=keys, user_names=options.user_names, now=options.now)
    if options.json:
        write_json(f"{document.to_json()}\n")
    elif document.refused is not None:
        look = Look.of(sys.stderr, options)
        look.show(fitted(_refused(document.refused), look.width), sys.stderr)
    else:
        Look.of(sys.stdout, options).show(_script(document), sys.stdout)
    return ACCEPTED if document.refused is None else REJECTED


def _refused(refusal: SuggestRefusal) -> Iterator[Line]:
    code = f"{refusal.code}: " if refusal.code else ""
    yield "cause", 0, "Nothing is suggested: ", f"{code}{inert(refusal.message)}"
    if refusal.remedy:
        yield "fix", 2, "Fix: ", inert(refusal.remedy)


def _script(document: SuggestDocument) -> Iterator[Line]:
    """SQL to be run; all that is no setting is a comment."""
    # Not `splitlines`: it also splits at characters that are part of a value.
    first_line, *statements = (document.sql or "").removesuffix("\n").split("\n")
    yield "accepted" if document.proven else "risk", 0, inert(first_line), ""
    provider = f" of {document.provider}" if document.provider else ""
    yield "quiet", 0, "", f"-- {_kind(document)}{provider}; SQL user {inert(document.user or '')}"
    for setting in document.settings:
        yield "quiet", 0, "", f"-- {setting.setting}: {inert(setting.why)}"
        if setting.risk:
            yield "risk", 0, "--   Risk: ", inert(setting.risk)
    yield from (("statement", 0, "", inert(statement)) for statement in statements)
    yield from _decisions(document)
    yield from _judged(document)


def _kind(document: SuggestDocument) -> str:
    return f"{document.kind.replace('_', ' ')} token" if document.kind else "token"


def _decisions(document: SuggestDocument) -> Iterator[Line]:
    for setting in document.optional:
        yield "quiet", 0, "", f"-- To be decided: {setting.setting} = {inert(setting.value)}: {inert(setting.why)}"
        if setting.risk:
            yield "risk", 0, "--   Risk: ", inert(setting.risk)
    for line in document.wider:
        yield "quiet", 0, "", f"-- A wider line of the identity map: {inert(line.line)}"
        yield "risk", 0, "--   Risk: ", inert(line.risk)


def _judged(document: SuggestDocument) -> Iterator[Line]:
    for finding in document.lint or ():
        yield "quiet", 0, "", f"-- lint, {finding.severity} {finding.rule}: {inert(finding.message)}"
    trial = document.trial
    if trial is not None and trial.decision == "accept":
        yield "accepted", 0, "-- Tried: ", f"the token logs in as {inert(trial.user or '')}"
    elif trial is not None:
        yield "quiet", 0, "", f"-- Tried: {trial.code or trial.decision}: {inert(trial.message or 'the keys have to be fetched first')}"
