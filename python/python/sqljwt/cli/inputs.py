"""Where settings and tokens come from: files, standard input, the environment."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from ..said import is_token, is_withheld, said
from ..settings import decoded

HINT = "a token is no argument: it comes from a file, from standard input or, with --token-env NAME, from a variable"
"""For whoever seems to have written one on the command line."""


class Unusable(Exception):
    """What was asked for cannot be done: exit status 2."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints repeat no secret."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and leave."""
        super().error(f"{said(message)}; {HINT}" if is_withheld(message) else said(message))


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


def add_user_option(parser: argparse.ArgumentParser) -> None:
    """``--user NAME``."""
    parser.add_argument(
        "--user", metavar="NAME", type=_user, default="", help="the requested SQL user; the token's only one unless given"
    )


def _user(name: str) -> str:
    if is_token(name):
        # The answer would repeat it.
        raise argparse.ArgumentTypeError("takes the name of a SQL user (value withheld)")
    return name


def settings_text(options: argparse.Namespace) -> str:
    """The text of the settings."""
    if options.settings == "-" and getattr(options, "token", None) == "-" and not options.token_env:
        raise Unusable("settings and token cannot both come from standard input; name a file for one of them")
    data = _read(options.settings, "settings", "--settings takes a file, or - for standard input")
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise Unusable(f"{settings_name(options)}: not {error.encoding.upper()} at byte {error.start}") from None


def settings_name(options: argparse.Namespace) -> str:
    """Where the settings come from, in a message."""
    return "standard input" if options.settings == "-" else said(str(options.settings))


def token(options: argparse.Namespace) -> bytes:
    """The token, without the one line break that editors and ``echo`` put after it."""
    if options.token_env is not None:
        return _variable(options.token_env)
    data = _read(options.token, "a token", "--token takes a file; for a variable use --token-env NAME")
    return data[:-2] if data.endswith(b"\r\n") else data[:-1] if data.endswith(b"\n") else data


def _variable(name: str) -> bytes:
    text = os.environ.get(name)
    if text is not None:
        return os.fsencode(text)
    if is_withheld(name):
        raise Unusable("--token-env takes the name of a variable; for a file use --token FILE (value withheld)")
    raise Unusable(f"there is no environment variable {said(name)}")


def _read(name: str, what: str, usage: str) -> bytes:
    if name == "-":
        if sys.stdin.isatty():
            print(f"sqljwt: waiting for {what} on standard input", file=sys.stderr)
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        if is_withheld(name):
            raise Unusable(f"{usage} (value withheld)") from None
        raise Unusable(f"{said(name)}: {getattr(error, 'strerror', None) or error}") from None
