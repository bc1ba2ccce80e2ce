"""``reach``: whom a principal becomes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from .. import advisor
from ..advisor import ReachDocument, ReachOfIssuer
from ..reasons import reason_codes
from ..said import inert
from .inputs import add_settings_option, harmless, settings_text
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, fitted, write_json

DESCRIPTION = """\
Say which SQL users a principal becomes, at each issuer or at one: by which line of the identity map, or why nobody logs in so.
The principal is the value of the claim that the settings name. The status is 1 where it becomes nobody.
"""

EXAMPLES = """\
  sqljwt reach alice@example.com --settings settings.sql
  sqljwt reach alice@example.com --settings settings.sql --issuer https://idp.example
  sqljwt reach alice@example.com --settings settings.sql --json | jq -r '.issuers[].users[].user'
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("reach", help="which SQL users a principal becomes", description=DESCRIPTION, examples=EXAMPLES)
    parser.add_argument("principal", metavar="PRINCIPAL", type=harmless, help="the value of the claim that names the bearer")
    add_settings_option(parser)
    parser.add_argument("--issuer", metavar="URL", type=harmless, help="of this issuer alone")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.set_defaults(run=_reach, token_env=None)


def _reach(options: argparse.Namespace) -> int:
    document = advisor.reach(settings_text(options), options.principal, issuer=options.issuer)
    if options.json:
        write_json(f"{document.to_json()}\n")
    else:
        look = Look.of(sys.stdout, options)
        look.show(fitted(_told(document, look), look.width), sys.stdout)
    logs_in = any(user.code is None for issuer in document.issuers for user in issuer.users)
    return ACCEPTED if logs_in else REJECTED


def _told(document: ReachDocument, look: Look) -> Iterator[Line]:
    if not document.issuers:
        yield "cause", 0, "", "no issuer is configured: see server.jwt_authentication.issuers"
    for number, issuer in enumerate(document.issuers):
        if number:
            yield "", 0, "", ""
        yield from _of_issuer(document.principal, issuer, look)


def _of_issuer(principal: str, issuer: ReachOfIssuer, look: Look) -> Iterator[Line]:
    yield "fix", 0, inert(issuer.issuer), f"  {inert(issuer.claim)} `{inert(principal)}`"
    if issuer.code is not None:
        yield "cause", 2, "", f"{issuer.code}: {reason_codes()[issuer.code].summary}"
    elif not issuer.users:
        yield "cause", 2, "", "no line of the identity map gives a SQL user"
    for user in issuer.users:
        tone, marks = ("passed", "✓+") if user.code is None else ("failed", "✗x")
        by = f"by line {user.line} of the identity map" if user.line is not None else "as it is: the issuer has no line in the identity map"
        yield tone, 2, f"{marks[look.ascii]} ", f"`{inert(user.user)}`  {by}"
        if user.code is not None:
            yield "cause", 4, "", f"{user.code}: {inert(user.why or '')}"
    if issuer.untold:
        yield "quiet", 2, "", f"{issuer.untold} more"
