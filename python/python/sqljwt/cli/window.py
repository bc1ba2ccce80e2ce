"""``window``: when does a login begin to be accepted, and when will it stop?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from .. import advisor
from ..advisor import WindowDocument, WindowOutcome
from ..said import inert
from .fetched import add_fetched_option, compiled, records
from .inputs import (
    add_override_options,
    add_settings_option,
    add_token_options,
    add_user_option,
    overridden,
    settings_of,
    settings_text,
    token,
)
from .keys_told import in_order
from .moments import add_now_option
from .status import OF_DECISION
from .terminal import Line, Look, fitted, write_json

DESCRIPTION = """\
Say when a login begins to be accepted and when it will stop, which check fails then, and which claims and settings say so. It is asked
of the engine at every moment that token, settings and keys name. The status is that of the login now.
"""

EXAMPLES = """\
  sqljwt window --settings settings.sql --token token.txt --user alice
  sqljwt window --settings settings.sql --token token.txt --fetched /var/lib/sqljwt/keys
  sqljwt window --settings settings.sql --token-env DB_TOKEN --json | jq -r .until.utc
"""

TONES = {"accept": "accepted", "reject": "refused", "keys_needed": "keys"}

WORDS = {"open": "ACCEPTED", "later": "NOT YET", "past": "NO MORE", "never": "NEVER", "unknown": "UNKNOWN"}


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("window", help="when a login will stop working", description=DESCRIPTION, examples=EXAMPLES)
    add_settings_option(parser)
    add_token_options(parser)
    add_user_option(parser)
    add_override_options(parser)
    add_fetched_option(parser)
    add_now_option(parser, "the present")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.set_defaults(run=_window)


def _window(options: argparse.Namespace) -> int:
    settings, given = settings_text(options), token(options)
    settings, fetched = overridden(settings, options, given), records(options)
    with settings_of(options.settings):
        compiled(settings, fetched)
    document = advisor.window(settings, given, options.user, fetched=in_order(fetched), now=options.now)
    if options.json:
        write_json(f"{document.to_json()}\n")
    else:
        look = Look.of(sys.stdout, options)
        look.show(fitted(_told(document), look.width), sys.stdout)
    return OF_DECISION[document.decision]


def _told(document: WindowDocument) -> Iterator[Line]:
    yield TONES[document.decision], 0, WORDS[document.state], f"  {inert(document.message)}"
    for word, edge in (("from", document.begins), ("until", document.ends)):
        if edge is None:
            continue
        yield "fix", 2, f"{word} {edge.at.utc}: ", inert(edge.message)
        said_by = [*edge.claims, *edge.settings]
        if said_by:
            yield "quiet", 4, "", f"by {', '.join(map(inert, said_by))}"
    if document.lasting is not None and document.lasting.code is not None:
        yield "cause", 2, "", f"at every moment: {_outcome(document.lasting)}"
    if document.renewed is not None and document.renewed.until != document.until:
        until = f"until {document.renewed.until.utc}" if document.renewed.until else "without end"
        yield "quiet", 2, "", f"with keys that are fetched again for every login: {until}"
    if len(document.turns) > 2:
        for turn in document.turns:
            yield "quiet", 2, f"{turn.at.utc}  ", f"{_outcome(turn.before)}, then {_outcome(turn.after)}"


def _outcome(outcome: WindowOutcome) -> str:
    return "accepted" if outcome.decision == "accept" else str(outcome.code or "keys_needed")
