"""``--fetched`` and ``--userinfo``: by what, that somebody has fetched and written down, is a login judged?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Tuple

from .._native import Engine, Keys, UserInfo
from ..errors import FetchFailed
from ..said import said
from .inputs import Unusable, file_bytes

Records = Tuple[Tuple[str, str], ...]
"""The name of each file, and the text in it."""


def add_fetched_option(parser: argparse._ActionsContainer) -> None:
    """``--fetched FILE``."""
    parser.add_argument(
        "--fetched",
        metavar="FILE",
        help="what `sqljwt keys refresh` wrote: a file, or the folder of them; its keys count as long as the issuer said",
    )


def add_userinfo_option(parser: argparse.ArgumentParser) -> None:
    """``--userinfo FILE``."""
    parser.add_argument(
        "--userinfo",
        metavar="FILE",
        help="what the issuer's userinfo endpoint has answered to this token: the groups of people whose token does not say them",
    )


def judging(settings: str, options: argparse.Namespace, token: bytes) -> Engine:
    """The settings, with everything that the options say was fetched."""
    engine = compiled(settings, records(options))
    if options.userinfo is None:
        return engine
    body = _text(options.userinfo, "--userinfo takes a file")
    try:
        return UserInfo(token, 200, body)._judging(engine)
    except FetchFailed:
        message = "no JSON object; --userinfo takes what the issuer's userinfo endpoint has answered"
        raise Unusable(f"{said(options.userinfo)}: {message}") from None


def records(options: argparse.Namespace) -> Records:
    """The records of ``--fetched``; none without it."""
    if options.fetched is None:
        return ()
    folder = Path(options.fetched)
    names = sorted(map(str, folder.glob("*.json"))) if _is_folder(folder) else [options.fetched]
    return tuple((name, _text(name, "--fetched takes a file or a folder")) for name in names)


def compiled(settings: str, fetched: Records) -> Engine:
    """The settings, with the keys that were fetched."""
    engine = Engine(settings)
    if not fetched:
        return engine
    keys = Keys(engine)
    for name, text in fetched:
        try:
            keys.replay(text)
        except FetchFailed as error:
            raise Unusable(f"{said(name)}: {said(error.message)}; --fetched takes what `sqljwt keys refresh` wrote") from None
    return keys.judging(engine)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        # What is no path at all is complained of where it is read.
        return False


def _text(name: str, usage: str) -> str:
    try:
        return file_bytes(name, usage).decode()
    except UnicodeDecodeError as error:
        raise Unusable(f"{said(name)}: not UTF-8 at byte {error.start}") from None
