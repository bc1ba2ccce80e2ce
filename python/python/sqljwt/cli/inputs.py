"""Where settings and tokens come from: files, standard input, the environment."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..settings import decoded


class Unusable(Exception):
    """What was asked for cannot be done: exit status 2."""


def add_settings_option(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """``--settings FILE``."""
    parser.add_argument(
        "--settings",
        metavar="FILE",
        required=required,
        help="settings: JSON, SET CLUSTER SETTING statements or what SHOW CLUSTER SETTINGS printed; - for standard input",
    )


def add_token_options(parser: argparse.ArgumentParser) -> None:
    """``--token FILE`` and ``--token-env NAME``."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--token", metavar="FILE", default="-", help="the token; - for standard input (the default)")
    group.add_argument("--token-env", metavar="NAME", help="the environment variable that holds the token")


def settings_text(options: argparse.Namespace) -> str:
    """The text of the settings."""
    if options.settings == "-" and getattr(options, "token", None) == "-" and not options.token_env:
        raise Unusable("settings and token cannot both come from standard input; name a file for one of them")
    try:
        return decoded(_read(options.settings, "settings"))
    except UnicodeDecodeError as error:
        raise Unusable(f"{settings_name(options)}: not {error.encoding.upper()} at byte {error.start}") from None


def settings_name(options: argparse.Namespace) -> str:
    """Where the settings come from, in a message."""
    return "standard input" if options.settings == "-" else str(options.settings)


def token(options: argparse.Namespace) -> bytes:
    """The token, without the one line break that editors and ``echo`` put after it."""
    if options.token_env is not None:
        text = os.environ.get(options.token_env)
        if text is None:
            raise Unusable(f"there is no environment variable {options.token_env}")
        return os.fsencode(text)
    data = _read(options.token, "a token")
    return data[:-2] if data.endswith(b"\r\n") else data[:-1] if data.endswith(b"\n") else data


def _read(name: str, what: str) -> bytes:
    if name != "-":
        return Path(name).read_bytes()
    if sys.stdin.isatty():
        print(f"sqljwt: waiting for {what} on standard input", file=sys.stderr)
    return sys.stdin.buffer.read()
