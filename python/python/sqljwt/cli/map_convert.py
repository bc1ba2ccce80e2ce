"""``map``: other servers' maps of principals to users as identity maps."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, get_args

from .. import advisor
from ..advisor import ConvertedLine, ConvertMapDocument, MapDialect
from ..said import inert
from .inputs import Unusable, add_settings_option, file_name, harmless, settings_text, text_in
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, fitted, write_bytes, write_json

DESCRIPTION = """\
convert: write another server's map as an identity map, to standard output; what differs is told on standard error, line by line.
The new map gives nobody a user whom the old one does not give: what cannot be said exactly gives less, or is left out.
The status is 1 where something is left out.
"""

EXAMPLES = """\
  sqljwt map convert pg_ident.conf --issuer https://idp.example > map.txt
  sqljwt map convert pg_ident.conf --map sso=https://idp.example --map ci=https://ci.example
  sqljwt map convert user-mapping.json --from trino_rules --issuer https://idp.example --settings settings.sql --to sql
  sqljwt map convert pg_ident.conf --issuer https://idp.example --json
"""

WORDS = {"exact": ("passed", "✓+"), "converted": ("warning", "·~"), "left_out": ("failed", "✗x")}


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("map", help="another server's map as an identity map", description=DESCRIPTION, examples=EXAMPLES)
    parser.add_argument("action", choices=("convert",), help="what to do")
    parser.add_argument("file", metavar="FILE", help="the other server's map; - for standard input")
    parser.add_argument(
        "--from",
        dest="dialect",
        choices=get_args(MapDialect),
        default="pg_ident",
        help="whose map it is: PostgreSQL's pg_ident.conf (unless given), Trino's file of rules, or its one pattern",
    )
    parser.add_argument("--issuer", metavar="URL", type=harmless, help="the issuer whose principals the map is for")
    parser.add_argument(
        "--map", metavar="NAME=URL", type=_named, action="append", help="pg_ident.conf: the issuer for a map of this name; may be repeated"
    )
    add_settings_option(parser, required=False)
    parser.add_argument(
        "--to", choices=("map", "sql"), default="map", help="what to write: the map (unless given), or the statement that sets it"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="tell nothing of lines that give the same")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.set_defaults(run=_map, token_env=None)


def _named(text: str) -> tuple[str, str]:
    name, equals, issuer = harmless(text).partition("=")
    if not (name and equals and issuer):
        raise argparse.ArgumentTypeError("takes the name of a map and its issuer, as in sso=https://idp.example")
    return name, issuer


def _map(options: argparse.Namespace) -> int:
    if (options.issuer is None) == (options.map is None):
        raise Unusable("map convert takes the issuer with --issuer, or one for each map's name with --map")
    if options.file == "-" and options.settings == "-":
        raise Unusable("only one of map and settings can come from standard input")
    if options.map and len(dict(options.map)) < len(options.map):
        raise Unusable("--map takes each name once")
    text = text_in(options.file, "a map", "map convert takes a file")
    settings = settings_text(options) if options.settings else None
    document = advisor.convert_map(text, options.dialect, options.issuer or dict(options.map), settings=settings)
    if options.json:
        write_json(f"{document.to_json()}\n")
    else:
        if document.refused is None:
            _write(document, options)
        look = Look.of(sys.stderr, options)
        look.show(fitted(_told(document, options, look), look.width), sys.stderr)
    return REJECTED if document.left_out or document.refused is not None else ACCEPTED


def _write(document: ConvertMapDocument, options: argparse.Namespace) -> None:
    if options.to == "map":
        write_bytes(f"{document.map}\n".encode() if document.map else b"")
    elif document.change is not None:
        write_bytes("".join(f"{statement}\n" for statement in document.change.sql).encode())
    else:
        print("sqljwt: there is no statement to write: the map is set already, or too long for one", file=sys.stderr)


def _told(document: ConvertMapDocument, options: argparse.Namespace, look: Look) -> Iterator[Line]:
    if document.refused is not None:
        yield "refused", 0, "REFUSED", f"  {file_name(options.file)}: {inert(document.refused)}"
        return
    for line in document.lines:
        if line.outcome != "exact" or not options.quiet:
            yield from _line(line, file_name(options.file), look)
    tone = "refused" if document.left_out else "warning" if document.converted else "accepted"
    yield tone, 0, "", f"{document.exact} exact, {document.converted} with less, {document.left_out} left out"


def _line(line: ConvertedLine, name: str, look: Look) -> Iterator[Line]:
    tone, marks = WORDS[line.outcome]
    becomes = f"line {line.map_line} of the identity map" if line.map_line is not None else "left out"
    yield tone, 0, f"{marks[look.ascii]} ", f"{name}:{line.line}: {becomes}"
    if line.message is not None:
        yield "excerpt", 4, "", inert(line.message)
    if line.witness is not None:
        there, here = (", ".join(f"`{inert(user)}`" for user in users) or "nobody" for users in (line.witness.source, line.witness.here))
        yield "looks_like", 4, "Shown by: ", f"`{inert(line.witness.principal)}` becomes {there} there, {here} here"
    if line.remedy is not None:
        yield "fix", 4, "Fix: ", inert(line.remedy)
