"""The command line: ``sqljwt``, also ``python -m sqljwt``.

Tokens come from a file, from standard input or from an environment variable, never from the command line, where every process
list shows them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..errors import InternalError, SettingsInvalid
from . import batch, catalogue, expectations, logins
from .inputs import Unusable, settings_name
from .status import INTERRUPTED, REJECTED, UNUSABLE

EPILOGUE = """\
exit status: 0 accepted, 1 rejected, 2 usage or settings error
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot draw a character shows a question mark; it does not stop the command.
            stream.reconfigure(errors="replace")
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except (Unusable, OSError, UnicodeDecodeError) as error:
        if isinstance(error, BrokenPipeError):
            # Whoever read the output has read enough; nothing more can be written, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return REJECTED
        return _complain(f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error))
    except SettingsInvalid as error:
        return _complain(f"{error._at(settings_name(options))}\n  to mend it: {error.remedy}")
    except InternalError as error:
        _complain(str(error))
        return REJECTED
    except KeyboardInterrupt:
        return INTERRUPTED


def _complain(text: str) -> int:
    print(f"sqljwt: {text}", file=sys.stderr)
    return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sqljwt",
        description="May this JSON Web Token log in as this SQL user, and if not, why not?",
        epilog=EPILOGUE,
    )
    parser.add_argument("--version", action="version", version=f"sqljwt {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (logins, batch, catalogue, expectations):
        command.add_to(commands)
    return parser
