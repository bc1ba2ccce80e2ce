"""The manual page ``sqljwt(1)``, made from the command line's own parser: ``python -m sqljwt.cli.manual > sqljwt.1``."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Iterator

from . import _parser, status


DESCRIPTION = (
    "A token comes from a file, from standard input or from an environment variable, never from the command line, "
    "where every process list shows it."
)


def page() -> str:
    """The page in the macros of man(7); the same whenever it is made."""
    parser = _parser()
    [commands] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    helps: dict[str, str] = {action.dest: action.help or "" for action in commands._choices_actions}
    lines = [
        '.TH SQLJWT 1 "" "sqljwt" "User Commands"',
        ".SH NAME",
        f"sqljwt \\- {_text('may this JSON Web Token log in as this SQL user, and if not, why not?')}",
        ".SH SYNOPSIS",
        ".B sqljwt",
        ".I COMMAND",
        "[\\fIoptions\\fR]",
        ".SH DESCRIPTION",
        _text(DESCRIPTION),
        ".SH COMMANDS",
    ]
    for name, command in commands.choices.items():
        lines += _command(name, helps[name], command)
    lines += [".SH EXIT STATUS", ".nf", *map(_text, status.TABLE.splitlines()[1:]), ".fi"]
    lines += [".SH ENVIRONMENT", *_environment()]
    return "\n".join(lines) + "\n"


def _command(name: str, about: str, parser: Any) -> Iterator[str]:
    yield f".SS {_text(f'sqljwt {name}')}"
    yield _text(parser.description or about)
    for action in parser._actions:
        if action.dest == "help":
            continue
        names = ", ".join(f"\\fB{_text(option)}\\fR" for option in action.option_strings)
        values = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "" if action.option_strings else action.dest)
        value = f" \\fI{_text(str(values))}\\fR" if action.nargs != 0 and values else ""
        yield from (".TP", f"{names}{value}".strip(), _text(action.help or ""))
    examples = parser.epilog.partition("\n\nexit status")[0].partition("examples:\n")[2]
    yield from (".PP", ".nf", *map(_text, examples.splitlines()), ".fi")


def _environment() -> Iterator[str]:
    for name, about in (
        ("NO_COLOR", "no colours; stronger than the two below"),
        ("FORCE_COLOR, CLICOLOR_FORCE", "colours also where the output is no terminal"),
        ("COLUMNS", "how many characters a line may have"),
    ):
        yield from (".TP", f".B {name}", _text(about))


def _text(text: str) -> str:
    """The text as troff prints it: nothing in it is a request."""
    escaped = text.translate(ESCAPES)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


ESCAPES = str.maketrans({"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"})
"""Characters that troff would print as others."""

if __name__ == "__main__":
    sys.stdout.write(page())
