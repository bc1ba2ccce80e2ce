"""``compare``: which logins change between two settings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, get_args

from .. import advisor
from ..advisor import ChangeKind, CompareDocument, ComparedSide, SettingsDifference
from ..names import Profile
from ..said import inert
from .corpus import sample_logins
from .fetched import add_fetched_option, records
from .inputs import Unusable, file_name, text_in
from .keys_told import in_order
from .moments import add_now_option
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, fitted, write_json

DESCRIPTION = """\
Say which logins, users, reasons and messages change between two settings. No login is needed: principals are constructed that the two
identity maps treat differently, and both are asked whom they become. With --logins those that there were are judged by both as well, a
line of JSON for each as `sqljwt batch` takes them: {"token", "user"?, "now"?}, or {"claims", ...} where nobody has the token any more.
The status is 1 where something changes that is at least as grave as --fail-on says.
"""

EXAMPLES = """\
  sqljwt compare production.sql changed.sql
  sqljwt compare production.sql changed.sql --logins logins.jsonl --fail-on gained
  sqljwt compare settings.sql settings.sql --new-profile hardened
  sqljwt compare production.sql changed.sql --format markdown >> "$GITHUB_STEP_SUMMARY"
"""

KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

WORDS = {
    "gained": "GAINED",
    "other_user": "OTHER USER",
    "lost": "LOST",
    "other_reason": "other reason",
    "other_message": "other message",
    "other_effect": "other effect",
}

TONES = {"gained": "cause", "other_user": "risk", "lost": "risk"}

MARKS = {"gained": "🔴", "other_user": "🟠", "lost": "🟡"}
"""In Markdown, where nothing has a colour."""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("compare", help="which logins change between two settings", description=DESCRIPTION, examples=EXAMPLES)
    parser.add_argument("old", metavar="OLD", help="the settings of today, in any of their forms; - for standard input")
    parser.add_argument("new", metavar="NEW", help="the settings that are to come")
    parser.add_argument("--logins", metavar="FILE", help="logins that there were, a line of JSON each")
    profiles = get_args(Profile)
    parser.add_argument("--profile", choices=profiles, help="whose rules decide under the old settings, whatever they say")
    parser.add_argument("--new-profile", choices=profiles, help="the same for the new ones")
    add_fetched_option(parser)
    add_now_option(parser, "the moment of logins without now")
    parser.add_argument(
        "--fail-on",
        choices=(*KINDS, "never"),
        default="lost",
        help=f"what has to change for the status 1, the gravest first: {', '.join(KINDS)}; lost unless given",
    )
    parser.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="how to say it: for people (text, the default), programs or pages"
    )
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    if [options.old, options.new, options.logins].count("-") > 1:
        raise Unusable("only one of the files can be standard input")
    usage = "compare takes two files of settings, or - for standard input"
    old, new = (text_in(name, "settings", usage) for name in (options.old, options.new))
    logins = list(sample_logins(options.logins, "--logins")) if options.logins else []
    document = advisor.compare(
        old,
        new,
        logins,
        profile=options.profile,
        new_profile=options.new_profile,
        fetched=in_order(records(options)),
        now=options.now,
    )
    if options.format == "json":
        write_json(f"{document.to_json()}\n")
    elif options.format == "markdown":
        print("\n".join(_markdown(document, options)))
    else:
        look = Look.of(sys.stdout, options)
        look.show(fitted(_told(document, options), look.width), sys.stdout)
    return REJECTED if _fails(document, options.fail_on) else ACCEPTED


def _fails(document: CompareDocument, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    grave = KINDS[: KINDS.index(fail_on) + 1]
    # What could not be searched may be of any kind.
    return not document.complete or any(change.kind in grave for change in document.changes)


def _told(document: CompareDocument, options: argparse.Namespace) -> Iterator[Line]:
    for name, side in ((options.old, document.old), (options.new, document.new)):
        yield from (("cause", 0, f"{file_name(name)}: ", fact) for fact in _faults(side))
    for change in document.changes:
        yield TONES.get(change.kind, "quiet"), 0, WORDS[change.kind], f"  {inert(change.message)}"
        yield from (("quiet", 2, "", fact) for fact in _about(change))
    if document.untold:
        yield "quiet", 0, "", f"{document.untold} more change{'' if document.untold == 1 else 's'} that are not told"
    if not document.complete:
        yield "risk", 0, "", f"{document.unsearched} questions about the identity maps could not be searched to their end"
    same = not document.changes and document.complete
    yield "accepted" if same else "fix", 0, "The same" if same else "In all", f": {inert(document.message)}"


def _faults(side: ComparedSide) -> Iterator[str]:
    for fault in side.faults:
        place = f"{inert(fault.setting)}: " if fault.setting else ""
        yield f"cannot be used: {place}{inert(fault.message)}"


def _about(change: SettingsDifference) -> Iterator[str]:
    if change.logins:
        places = ", ".join(str(place + 1) for place in change.logins)
        more = f" and {change.count - len(change.logins)} more" if change.count > len(change.logins) else ""
        yield f"login{'' if change.count == 1 else 's'} {places}{more} of the file"
    if change.setting is not None:
        yield f"by {inert(change.setting)}"
    clients = [outcome.client for outcome in (change.example.old, change.example.new)] if change.example else []
    if len(clients) == 2 and clients[0] != clients[1] and all(clients):
        old, new = (f"`{inert(client.message)}`" for client in clients if client)
        if old != new:
            yield f"the client was told {old}, and is told {new}"


def _markdown(document: CompareDocument, options: argparse.Namespace) -> Iterator[str]:
    """The same as a table, for a pull request or the summary of a run."""
    yield f"**{_cell(document.message)}**"
    for name, side in ((options.old, document.old), (options.new, document.new)):
        for fact in _faults(side):
            yield f"\n{_cell(file_name(name))}: {_cell(fact)}"
    if document.changes:
        yield "\n| | What changes | By |\n|---|---|---|"
    for change in document.changes:
        mark = f"{MARKS[change.kind]} " if change.kind in MARKS else ""
        yield f"| {mark}{WORDS[change.kind]} | {_cell(change.message)} | {_cell(change.setting or '')} |"
    if document.untold:
        yield f"\n{document.untold} more that are not told."
    if not document.complete:
        yield f"\n{document.unsearched} questions about the identity maps could not be searched to their end."


def _cell(text: str) -> str:
    """The text in a table of Markdown, where nothing of it is markup; code stays code."""
    parts = inert(text).split("`")
    if len(parts) % 2 == 0:
        return _plain(inert(text))
    return "".join(f"<code>{_plain(part)}</code>" if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    return "".join(f"&#{ord(character)};" if character in "&<>|\\*_[]`~#@:!$" else character for character in text)
