"""``roles``: what a login would do to the roles of its SQL user, and why a group is no role. Nothing is granted by asking."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Iterator

from .._native import roles_document
from ..said import inert
from .fetched import add_fetched_option, add_userinfo_option, judging
from .inputs import (
    add_override_options,
    add_settings_option,
    add_token_options,
    add_user_option,
    harmless,
    overridden,
    settings_text,
    token,
)
from .logins import in_a_line
from .moments import add_now_option
from .status import OF_DECISION
from .terminal import Line, Look, fitted, write_json

DESCRIPTION = """\
Say which roles a login would grant and revoke, by the groups of its token: the database makes the memberships of whoever logs in
what the groups say, so what was granted by hand is lost. A dry run: it opens no connection, and nothing is granted by it.
"""

EXAMPLES = """\
  sqljwt roles --settings settings.sql --token token.txt --user alice
  sqljwt roles --settings settings.sql --token token.txt --user alice --member writers --member auditors --member ledger:auditors
  sqljwt roles --settings settings.sql --token-env DB_TOKEN --existing-role readers --existing-role writers
  sqljwt roles --settings settings.sql --token token.txt --userinfo answer.json --json
"""

WHY = {
    "prefix": "its name does not begin as engine.group_prefix says",
    "not_allowed": "its role does not stand in engine.group_allow",
    "admin": "`admin` is given by no prefix, only by engine.group_allow",
    "no_name": "no role can have this name",
    "no_role": "the database has no role of this name",
}
"""Why a group is no role."""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "roles", help="what a login would do to somebody's roles (dry run)", description=DESCRIPTION, examples=EXAMPLES
    )
    add_settings_option(parser)
    add_token_options(parser)
    add_user_option(parser)
    parser.add_argument(
        "--member",
        metavar="ROLE",
        type=_membership,
        action="append",
        default=[],
        help="a role that the user has now; ROLE:THROUGH for one that comes with another; may be repeated",
    )
    parser.add_argument(
        "--existing-role",
        metavar="ROLE",
        type=_role,
        action="append",
        help="a role of the database, may be repeated; unless given every group counts that can be a role",
    )
    add_override_options(parser)
    add_fetched_option(parser)
    add_userinfo_option(parser)
    add_now_option(parser, "the moment of the login")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.set_defaults(run=_roles)


def _role(name: str) -> str:
    if not name:
        raise argparse.ArgumentTypeError("takes the name of a role")
    return harmless(name)


def _membership(text: str) -> str | tuple[str, str]:
    # No role has a colon in its name.
    role, colon, through = text.partition(":")
    return (_role(role), _role(through)) if colon else _role(role)


def _roles(options: argparse.Namespace) -> int:
    settings, given = settings_text(options), token(options)
    engine = judging(overridden(settings, options, given), options, given)
    text = roles_document(engine, given, options.user, options.member, options.existing_role, options.now)
    document = json.loads(text)
    if options.json:
        write_json(f"{text}\n")
    else:
        look = Look.of(sys.stdout, options)
        look.show(fitted(_lines(document), look.width), sys.stdout)
    return OF_DECISION[document["decision"]]


def _lines(document: dict[str, Any]) -> Iterator[Line]:
    yield from in_a_line(document, document["user"])
    if document["summary"] is not None:
        yield "excerpt", 2, "", inert(document["summary"])
    if document["statements"]:
        yield "", 0, "", ""
        yield from (("statement", 4, "", inert(statement)) for statement in document["statements"])
    ignored = document["plan"]["ignored"] if document["plan"] else []
    if ignored:
        yield "", 0, "", ""
        yield from (("quiet", 2, "ignored: ", f"`{inert(group['group'])}`: {WHY[group['why']]}") for group in ignored)
