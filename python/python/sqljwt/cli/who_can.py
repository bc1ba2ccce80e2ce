"""``who-can``: who can become a SQL user, or which users can be become at all; and whether each way is one that is allowed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .. import advisor
from ..advisor import ReachableUser, Way, WhoCanDocument
from ..said import inert, said
from .inputs import Unusable, add_settings_option, harmless, settings_text, text_in
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, fitted, write_json

DESCRIPTION = """\
Say who can become this SQL user: which issuers, and which lines of the identity map, each with a principal that becomes it.
Without a user: which SQL users can be become at all, the most dangerous first; what has an
ellipsis is a family, all whose names begin and end so.

With --allow it is a gate. The file has a way on each line: an issuer, a principal or a /regex, and the SQL user, as the identity map
has them; without the user any will do, and # begins a comment. Regexes are compared as texts: copy the map's lines. A way that is not
in the file, or that could not be searched to its end, is told, and the status is 1.
"""

EXAMPLES = """\
  sqljwt who-can --settings settings.sql
  sqljwt who-can admin --settings settings.sql
  sqljwt who-can --settings settings.sql --allow allowed.txt
  sqljwt who-can admin --settings settings.sql --json
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("who-can", help="who can become which SQL user", description=DESCRIPTION, examples=EXAMPLES)
    parser.add_argument("user", nargs="?", metavar="USER", type=harmless, help="the SQL user; all unless given")
    add_settings_option(parser)
    parser.add_argument("--allow", metavar="FILE", help="the ways that are allowed; any other is an error")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.set_defaults(run=_who_can, token_env=None)


def _who_can(options: argparse.Namespace) -> int:
    if options.settings == "-" and options.allow == "-":
        raise Unusable("only one of settings and allowed ways can come from standard input")
    allowed = None if options.allow is None else _allowed(options.allow)
    document = advisor.who_can(settings_text(options), options.user)
    lines: list[Line]
    if allowed is None:
        status, lines = ACCEPTED, list(_told(document))
    else:
        findings = list(_not_allowed(document, allowed))
        status = REJECTED if findings else ACCEPTED
        lines = findings or [("accepted", 0, "OK", f"  every way is allowed by {said(options.allow)}")]
    if options.json:
        write_json(f"{document.to_json()}\n")
    else:
        look = Look.of(sys.stdout, options)
        look.show(fitted(lines, look.width), sys.stdout)
    return status


def _told(document: WhoCanDocument) -> Iterator[Line]:
    if not document.users:
        whom = f"`{inert(document.user)}`" if document.user else "any SQL user"
        yield "excerpt", 0, "", f"nobody can become {whom}"
    for number, user in enumerate(document.users):
        if number:
            yield "", 0, "", ""
        yield _headline(user)
        yield from (line for way in user.ways for line in _way(way))
    if document.untold:
        yield "risk", 0, "", f"{document.untold} more way{'' if document.untold == 1 else 's'} that are not told"
    if any(not way.proved for user in document.users for way in user.ways):
        yield "risk", 0, "", "a way without an example could not be searched to its end: it may give more, or nothing"
    elif document.users and document.complete:
        yield "quiet", 0, "", "nobody else can: every way was searched to its end"


def _headline(user: ReachableUser) -> Line:
    tone = "risk" if user.standing == "administrator" and user.code is None else "fix"
    about = [] if user.standing == "ordinary" else ["may be an administrator" if user.family else f"{user.standing}"]
    if user.code is not None:
        about.append(f"nobody logs in so: {user.code}")
    return tone, 0, inert(user.user), f"  {'; '.join(about)}" if about else ""


def _way(way: Way) -> Iterator[Line]:
    line = f"line {way.line}" if way.line is not None else "no line: as it is"
    yield "excerpt", 2, f"{line}  ", f"{inert(way.issuer)}  {inert(way.claim)} {_who(way)}"
    if way.example is not None and way.example != way.principal:
        yield "quiet", 4, "", f"for example `{inert(way.example)}`"
    if not way.proved:
        yield "risk", 4, "", "not proved"


def _who(way: Way) -> str:
    if way.principal is not None:
        return f"`{inert(way.principal)}`"
    holds = f" where `\\1` is `{inert(way.capture)}`" if way.capture is not None else ""
    return f"/{inert(way.pattern or '')}{holds}"


@dataclass(frozen=True)
class Allowed:
    """A line of the file of allowed ways."""

    issuer: str
    who: str
    user: str | None

    def allows(self, user: ReachableUser, way: Way) -> bool:
        """Whether the way is this one."""
        if way.issuer != self.issuer or self.who != (f"/{way.pattern}" if way.principal is None else way.principal):
            return False
        if self.user is None:
            return True
        # What the map's line gives: the names are compared as the server stores them.
        given = self.user.replace("\\1", "…" if user.family else way.capture or "\\1", 1) if way.principal is None else self.user
        return given.lower() == user.user.lower()


def _allowed(name: str) -> list[Allowed]:
    allowed = []
    for number, line in enumerate(text_in(name, "allowed ways", "--allow takes a file").splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) not in (2, 3):
            raise Unusable(f"{said(name)}:{number}: a way is an issuer, a principal or a /regex, and, if only one is meant, a SQL user")
        allowed.append(Allowed(words[0], words[1], words[2] if len(words) == 3 else None))
    return allowed


def _not_allowed(document: WhoCanDocument, allowed: list[Allowed]) -> Iterator[Line]:
    """What is wrong with the ways."""
    for user in document.users:
        # Nobody logs in by ways to a user who is refused all the same.
        for way in user.ways if user.code is None else ():
            if not any(line.allows(user, way) for line in allowed):
                yield "refused", 0, "NOT ALLOWED", f"  `{inert(user.user)}`"
                yield from _way(way)
            elif not way.proved:
                yield "risk", 0, "NOT PROVED", f"  `{inert(user.user)}`"
                yield from _way(way)
    if document.untold:
        yield "risk", 0, "NOT TOLD", f"  {document.untold} more way{'' if document.untold == 1 else 's'}"
