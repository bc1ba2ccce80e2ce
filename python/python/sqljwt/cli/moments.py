"""Moments as people write them: as the answers print them, or in Unix seconds."""

from __future__ import annotations

import argparse
import re
from datetime import datetime

RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)

SECONDS = re.compile(r"-?\d{1,18}(\.\d+)?", re.ASCII)

MILLISECONDS = 10**11
"""What is more is meant in milliseconds: in seconds it would be after the year 5000."""


def moment(text: str) -> int:
    """Whole Unix seconds; a fraction of a second has not been reached yet.

    >>> moment("1800000000") == moment("2027-01-15T08:00:00Z") == moment("2027-01-15T09:00:00.5+01:00")
    True
    """
    if SECONDS.fullmatch(text):
        seconds = int(float(text) // 1) if "." in text else int(text)
        if abs(seconds) >= MILLISECONDS:
            raise argparse.ArgumentTypeError("takes seconds; these look like milliseconds")
        return seconds
    written = RFC3339.fullmatch(text)
    if written is None:
        raise argparse.ArgumentTypeError(f"takes Unix seconds or a moment such as 2027-01-15T08:00:00Z, not '{text}'")
    date, time, offset = written.groups()
    if offset is None:
        raise argparse.ArgumentTypeError("does not say of which zone the moment is: write Z after it for UTC, or +02:00")
    try:
        return int(datetime.fromisoformat(f"{date}T{time}{'+00:00' if offset in 'Zz' else offset}").timestamp())
    except ValueError:
        raise argparse.ArgumentTypeError("takes a moment that the calendar has") from None


def add_now_option(parser: argparse._ActionsContainer, of: str) -> None:
    """``--now MOMENT``."""
    parser.add_argument(
        "--now",
        metavar="MOMENT",
        type=moment,
        help=f"{of}: Unix seconds or as answers print it, 2027-01-15T08:00:00Z; the present unless given",
    )
