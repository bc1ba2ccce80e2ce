"""The command line: ``sqljwt``, also ``python -m sqljwt``.

Tokens come from a file, from standard input or from an environment variable, never from the command line, where every process
list shows them; one that was put there all the same is repeated by no message.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence

from .. import __version__
from ..errors import InternalError, SettingsInvalid
from ..said import is_withheld, said
from . import batch, catalogue, compare, connection, expectations, keys, lint, log, logins, map_convert, minting, reach, roles, shells, suggest, who_can, window
from .inputs import HINT, Parser, Unusable, settings_name
from .status import INTERRUPTED, REJECTED, UNUSABLE

EXAMPLES = """\
  sqljwt explain --settings settings.sql --token token.txt --user alice
  sqljwt COMMAND --help
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot draw a character of a value shows a question mark; it does not stop the command.
            stream.reconfigure(errors="replace")
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read the output has read enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REJECTED
    except Unusable as error:
        return _complain(str(error))
    except SettingsInvalid as error:
        return _complain(error._in(settings_name(options)))
    except InternalError as error:
        _complain(str(error))
        return REJECTED
    except OSError as error:
        return _complain_of(f"{os.fsdecode(error.filename)}: {error.strerror}" if error.filename else str(error))
    except ValueError as error:
        return _complain_of(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        # Its text, and a traceback's last line, could quote what was typed.
        place = traceback.extract_tb(error.__traceback__)[-1]
        _complain(f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}; this is a bug, please report it")
        return REJECTED


def _complain_of(text: str) -> int:
    """Complain in words that are not the engine's, and may quote what was typed."""
    return _complain(f"{said(text)}; {HINT}" if is_withheld(text) else said(text))


def _complain(text: str) -> int:
    print(f"sqljwt: {text}", file=sys.stderr)
    return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="sqljwt",
        description="May this JSON Web Token log in as this SQL user, and if not, why not?",
        examples=EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"sqljwt {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in (logins, window, suggest, lint, compare, who_can, reach, roles, batch, log, keys, catalogue, expectations, map_convert, minting, connection, shells):
        module.add_to(commands)
    for command in commands.choices.values():
        colours = ("auto", "always", "never")
        command.add_argument("--color", choices=colours, default="auto", help="colours: on a terminal (auto), always or never")
    return parser
