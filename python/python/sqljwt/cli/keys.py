"""``keys``: the keys of identity providers, fetched and written down for servers that read them from files."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FetchFailed, KeysAwaited
from ..said import inert
from ..validator import Validator
from .inputs import Unusable, add_settings_option, settings_text
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look

if TYPE_CHECKING:
    from ..fetch import Fetcher

DESCRIPTION = """\
Fetch the keys of the issuers whose keys the settings fetch, and write each fetch into a file of its own: the issuer's SHA-256
in hexadecimal, and .json. A file is replaced as a whole, and stays as it is where the keys cannot be had. Whoever reads one
judges by its keys as long as the issuer said, and refuses after that: have it run by a timer, more often than they change.
"""

EXAMPLES = """\
  sqljwt keys refresh --settings settings.sql --keys-dir /var/lib/sqljwt/keys
  sqljwt keys refresh --settings settings.sql --keys-dir keys --issuer https://idp.example
  sqljwt explain --settings settings.sql --token token.txt --fetched keys
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "keys", help="fetch the issuers' keys, for servers that read them from files", description=DESCRIPTION, examples=EXAMPLES
    )
    parser.add_argument("action", choices=("refresh",), help="fetch and write them")
    add_settings_option(parser)
    parser.add_argument("--keys-dir", metavar="FILE", required=True, help="the folder, which has to be there")
    parser.add_argument("--issuer", metavar="URL", action="append", help="of this issuer alone; may be repeated")
    parser.add_argument("-q", "--quiet", action="store_true", help="print only what is wrong")
    parser.set_defaults(run=_refresh, token_env=None)


def _refresh(options: argparse.Namespace) -> int:
    from ..fetch import Fetcher

    fetcher = Fetcher(Validator(settings_text(options)))
    issuers = _chosen(fetcher.cache.issuers, options.issuer)
    folder = Path(options.keys_dir)
    if not folder.is_dir():
        raise Unusable("--keys-dir takes a folder that is there")
    failed, look = 0, Look.of(sys.stdout, options)
    for number, issuer in enumerate(issuers, 1):
        _show_progress(f"fetching {number} of {len(issuers)}: {inert(issuer)}")
        is_well, lines = _refreshed(fetcher, issuer, folder)
        _show_progress("")
        failed += not is_well
        if not (is_well and options.quiet):
            look.show(lines, sys.stdout)
    return REJECTED if failed else ACCEPTED


def _chosen(fetched: tuple[str, ...], asked: list[str] | None) -> tuple[str, ...]:
    if not fetched:
        raise Unusable("these settings fetch no keys: see server.jwt_authentication.jwks_auto_fetch.enabled")
    if asked is None:
        return fetched
    if not set(asked) <= set(fetched):
        raise Unusable(f"--issuer takes an issuer whose keys these settings fetch: {', '.join(map(inert, fetched))}")
    return tuple(issuer for issuer in fetched if issuer in asked)


def _refreshed(fetcher: Fetcher, issuer: str, folder: Path) -> tuple[bool, list[Line]]:
    """Whether all is well with an issuer's keys now, and what there is to say."""
    try:
        fetcher.renew(issuer)
    except FetchFailed as error:
        fact = f"  {inert(issuer)}: {inert(str(error))}"
        return False, [("refused", 0, "FAILED", fact), ("fix", 2, "Fix: ", inert(error.remedy))]
    except KeysAwaited as error:
        return False, [("refused", 0, "FAILED", f"  {inert(issuer)}: {error}")]
    record, until = fetcher.cache.record(issuer), fetcher.cache.fresh_until(issuer)
    if record is None or until is None:
        return False, [("refused", 0, "FAILED", f"  {inert(issuer)}: no keys are held")]
    _write(folder, issuer, record)
    if until <= datetime.now(timezone.utc).timestamp():
        return False, [("risk", 0, "STALE", f"  {inert(issuer)}: fetched, but the issuer does not let anybody keep its answer")]
    return True, [("accepted", 0, "FETCHED", f"  {inert(issuer)}: fresh until {_utc(until)}")]


def _write(folder: Path, issuer: str, record: str) -> None:
    """Write a file so that readers find the old content or the new one; a link in its place is replaced, not followed."""
    name = hashlib.sha256(issuer.encode()).hexdigest()
    # Made anew and for nobody else, whatever stands in the folder.
    descriptor, new = tempfile.mkstemp(prefix=f".{name}.", suffix=".new", dir=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(f"{record}\n".encode())
            file.flush()
            os.fsync(descriptor)
        os.chmod(new, 0o644)
        os.replace(new, folder / f"{name}.json")
    except BaseException:
        os.unlink(new)
        raise


def _utc(seconds: int) -> str:
    """As the engine writes moments."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError):
        return str(seconds)


def _show_progress(text: str) -> None:
    """Which issuer is being waited for, on a terminal alone."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{text[:width]}\x1b[K", end="", file=sys.stderr, flush=True)
