"""``keys``: the keys of identity providers, told and checked, or fetched and written down for servers that read them from files."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from ..errors import FetchFailed, KeysAwaited
from ..names import Profile
from ..said import inert
from ..validator import Validator
from . import keys_rehearsed, keys_told
from .fetched import add_fetched_option
from .inputs import Unusable, add_settings_option, settings_text
from .moments import add_now_option
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look

if TYPE_CHECKING:
    from ..fetch import Fetcher

DESCRIPTION = """\
show: which keys there are, which of them can be used or why not, how they followed each other, and which has signed a token.
check: whether every issuer has a key that can be used, and every token is signed with one; of a rotation that no key has outlived
it warns.
rehearse: what tomorrow's key set, given with --keys, would do: which of the tokens would still log in, which keys come, go and change,
and which programs are known to take nothing of it. The status is 1 where something is found that is an error.
refresh: fetch the keys of the issuers whose keys the settings fetch, and write each fetch into a file of its own: the issuer's
SHA-256 in hexadecimal, and .json. A file is replaced as a whole, and stays as it is where the keys cannot be had. Whoever reads
one judges by its keys as long as the issuer said, and refuses after that: have it run by a timer, more often than they change.
"""

EXAMPLES = """\
  sqljwt keys show --settings settings.sql
  sqljwt keys show --settings settings.sql --fetched /var/lib/sqljwt/keys --token token.txt
  sqljwt keys check -q --settings settings.sql --fetched keys --token a.txt --token b.txt
  sqljwt keys show --settings settings.sql --keys keys.json --json
  sqljwt keys rehearse --settings settings.sql --keys tomorrow.json --token a.txt --token b.txt
  sqljwt keys refresh --settings settings.sql --keys-dir /var/lib/sqljwt/keys
  sqljwt keys refresh --settings settings.sql --keys-dir keys --issuer https://idp.example
"""

TAKEN = {
    "show": ("fetched", "keys", "issuer", "token", "token_env", "profile", "now", "json"),
    "check": ("fetched", "keys", "issuer", "token", "token_env", "profile", "now", "json", "quiet"),
    "rehearse": ("fetched", "keys", "issuer", "token", "token_env", "profile", "now", "json"),
    "refresh": ("keys_dir", "issuer", "quiet"),
}
"""The options of each action."""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "keys", help="which keys there are, whether they will do, and fetching them", description=DESCRIPTION, examples=EXAMPLES
    )
    parser.add_argument("action", choices=tuple(TAKEN), help="what to do")
    add_settings_option(parser)
    parser.add_argument(
        "--issuer", metavar="URL", action="append", help="refresh: of this issuer alone; with --keys: whose they are; may be repeated but to rehearse"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="refresh, check: print only what is wrong")
    told = parser.add_argument_group("show, check and rehearse")
    add_fetched_option(told)
    told.add_argument(
        "--keys", metavar="FILE", help="a key set (JWKS) of an issuer: told in the place of those that the settings have; to rehearse: that of tomorrow"
    )
    told.add_argument(
        "--token", metavar="FILE", action="append", help="a token whose key is looked for, - for standard input; may be repeated"
    )
    told.add_argument("--token-env", metavar="NAME", action="append", help="the environment variable that holds one; may be repeated")
    told.add_argument("--profile", choices=get_args(Profile), help="whose rules say what a key is good for, whatever the settings say")
    add_now_option(told, "the moment at which keys count")
    told.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    refreshing = parser.add_argument_group("refresh")
    refreshing.add_argument("--keys-dir", metavar="FILE", help="the folder to write into, which has to be there")
    parser.set_defaults(run=_keys)


def _keys(options: argparse.Namespace) -> int:
    for name in ("keys_dir", "quiet", *TAKEN["show"]):
        if name not in TAKEN[options.action] and getattr(options, name) not in (None, False):
            raise Unusable(f"keys {options.action} does not take --{name.replace('_', '-')}")
    return {"show": keys_told.show, "check": keys_told.check, "rehearse": keys_rehearsed.rehearse, "refresh": _refresh}[options.action](options)


def _refresh(options: argparse.Namespace) -> int:
    from ..fetch import Fetcher

    if options.keys_dir is None:
        raise Unusable("keys refresh takes a folder with --keys-dir")
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
    # Who comes while they are fetched may mark them anew.
    _no_longer_wanted(folder, issuer)
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


def _no_longer_wanted(folder: Path, issuer: str) -> None:
    """Take away the mark by which a server that reads the folder says that it lacks keys of this issuer."""
    with contextlib.suppress(OSError):
        (folder / "wanted" / _hash(issuer)).unlink()


def _hash(issuer: str) -> str:
    return hashlib.sha256(issuer.encode()).hexdigest()


def _write(folder: Path, issuer: str, record: str) -> None:
    """Write a file so that readers find the old content or the new one; a link in its place is replaced, not followed."""
    name = _hash(issuer)
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
