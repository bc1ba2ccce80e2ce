"""Where settings, keys and tokens come from: files, standard input, the environment."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, get_args

from .._native import Engine, settings_with
from ..dangerous import decode_unverified
from ..errors import SettingsFault, SettingsInvalid, TokenUnreadable
from ..names import Profile
from ..said import inert, is_token, is_withheld, said
from ..settings import decoded
from . import status

HINT = "a token is no argument: it comes from a file, from standard input or, with --token-env NAME, from a variable"
"""For whoever seems to have written one on the command line."""


class Unusable(Exception):
    """What was asked for cannot be done: exit status 2."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints repeat no secret, and whose options have to be written out."""

    def __init__(self, *, examples: str = "", **more: Any) -> None:
        epilog = f"examples:\n{examples}\n{status.TABLE}" if examples else status.TABLE
        formatter = argparse.RawDescriptionHelpFormatter
        super().__init__(**{"epilog": epilog, "formatter_class": formatter, "allow_abbrev": False, **more})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and leave."""
        super().error(f"{said(message)}; {HINT}" if is_withheld(message) else said(message))


def add_settings_option(parser: argparse._ActionsContainer, *, required: bool = True) -> None:
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


def add_override_options(parser: argparse.ArgumentParser) -> None:
    """``--profile NAME`` and ``--keys FILE``."""
    parser.add_argument("--profile", choices=get_args(Profile), help="whose rules decide, whatever the settings say")
    parser.add_argument(
        "--keys", metavar="FILE", help="a key set (JWKS) that was fetched from the token's issuer: used as if the server had fetched it"
    )


def harmless(text: str) -> str:
    """An argument that the answer repeats: no token and no key."""
    if is_withheld(text) or is_token(text):
        raise argparse.ArgumentTypeError("looks like a token or a key (value withheld)")
    if not text.isprintable():
        raise argparse.ArgumentTypeError("holds characters that cannot be seen")
    return text


def no_token(text: str) -> str:
    """An argument that may look like anything but a whole token."""
    if is_token(text):
        raise argparse.ArgumentTypeError("takes no token (value withheld)")
    return text


def _user(name: str) -> str:
    if is_token(name):
        # The answer would repeat it.
        raise argparse.ArgumentTypeError("takes the name of a SQL user (value withheld)")
    return name


def settings_text(options: argparse.Namespace) -> str:
    """The text of the settings."""
    if options.settings == "-" and getattr(options, "token", None) == "-" and not options.token_env:
        raise Unusable("settings and token cannot both come from standard input; name a file for one of them")
    return text_in(options.settings, "settings", "--settings takes a file, or - for standard input")


def text_in(name: str, what: str, usage: str) -> str:
    """The text of a file, or of standard input."""
    data = _read(name, what, usage)
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise Unusable(f"{file_name(name)}: not {error.encoding.upper()} at byte {error.start}") from None


def written_as(text: str, name: str) -> bytes:
    """The text in the encoding of that file, whose mark of UTF-16 is no part of any text."""
    with open(name, "rb") as file:
        mark = file.read(2)
    encoding = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(mark)
    return mark + text.encode(encoding) if encoding else text.encode()


def settings_name(options: argparse.Namespace) -> str:
    """Where the settings come from, in a message."""
    return file_name(str(options.settings))


def file_name(name: str) -> str:
    """What a file is called in a message."""
    return "standard input" if name == "-" else said(name)


@contextlib.contextmanager
def settings_of(name: str) -> Iterator[None]:
    """Complain of settings that cannot be used as settings of that file."""
    try:
        yield
    except SettingsInvalid as error:
        raise Unusable(error._in(file_name(name))) from None


def overridden(settings: str, options: argparse.Namespace, token: bytes) -> str:
    """The settings with what ``--profile`` and ``--keys`` put over them; settings that cannot be read as they are."""
    key_set = _key_set(options.keys) if options.keys else None
    issuer = issuer_of(token)
    try:
        settings = with_profile(settings, options)
        if key_set is None or issuer is None:
            return settings
        with_keys = _with_key_set(settings, issuer, key_set)
    except SettingsInvalid:
        return settings
    try:
        Engine(with_keys)
    except SettingsInvalid as error:
        faults: list[SettingsInvalid | SettingsFault] = [error, *error.others]
        for fault in faults:
            if fault.setting == "engine.issuer_keys":
                # The key set of a stranger would hide what is wrong with the token.
                print(f"sqljwt: --keys is not used: {inert(fault.message)}", file=sys.stderr)
                return settings
    return with_keys


def with_profile(settings: str, options: argparse.Namespace) -> str:
    """The settings with what ``--profile`` puts over them."""
    return settings_with(settings, [("engine.profile", [], options.profile)]) if options.profile else settings


def with_key_set_of(settings: str, options: argparse.Namespace, issuer: str) -> str:
    """The settings with the key set of ``--keys`` as that issuer's own."""
    return _with_key_set(settings, issuer, _key_set(options.keys))


def _with_key_set(settings: str, issuer: str, key_set: str) -> str:
    return settings_with(settings, [("engine.issuer_keys", [issuer], key_set)])


def _key_set(name: str) -> str:
    """The JSON text of a key set in a file."""
    data = _read(name, "a key set", "--keys takes a file")
    try:
        document = json.loads(decoded(data))
    except (ValueError, RecursionError):
        raise Unusable(f"{said(name)}: not JSON; --keys takes the key set that the issuer serves at its jwks_uri") from None
    if isinstance(document, dict) and isinstance(document.get("keys"), list):
        return json.dumps(document)
    if isinstance(document, dict) and "jwks_uri" in document:
        raise Unusable(f"{said(name)}: this is the discovery document; fetch what its jwks_uri names, and give that to --keys")
    raise Unusable(f'{said(name)}: no key set; --keys takes {{"keys": [...]}} as the issuer serves it at its jwks_uri')


def issuer_of(token: bytes) -> str | None:
    """The issuer that the token names; the keys are given to nobody else."""
    try:
        claims = decode_unverified(token).claims or {}
    except TokenUnreadable:
        return None
    issuer = claims.get("iss")
    return issuer if isinstance(issuer, str) else None


def token(options: argparse.Namespace) -> bytes:
    """The token, without the one line break that editors and ``echo`` put after it."""
    if options.token_env is not None:
        return variable(options.token_env)
    return token_in(options.token)


def token_in(name: str) -> bytes:
    """The same of a file that ``--token`` names."""
    data = _read(name, "a token", "--token takes a file; for a variable use --token-env NAME")
    return data[:-2] if data.endswith(b"\r\n") else data[:-1] if data.endswith(b"\n") else data


def variable(name: str) -> bytes:
    """The same in an environment variable that ``--token-env`` names."""
    text = os.environ.get(name)
    if text is not None:
        return os.fsencode(text)
    if is_withheld(name):
        raise Unusable("--token-env takes the name of a variable; for a file use --token FILE (value withheld)")
    raise Unusable(f"there is no environment variable {said(name)}")


def size_of(source: BinaryIO) -> int | None:
    """How many bytes there are to read, where that is known."""
    try:
        found = os.fstat(source.fileno())
    except (OSError, ValueError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def read_file(name: str, what: str, option: str) -> bytes:
    """The bytes of a file that an option names; - for standard input."""
    return _read(name, what, f"{option} takes a file")


def _read(name: str, what: str, usage: str) -> bytes:
    if name == "-":
        if sys.stdin.isatty():
            print(f"sqljwt: waiting for {what} on standard input", file=sys.stderr)
        return sys.stdin.buffer.read()
    return file_bytes(name, usage)


def file_bytes(name: str, usage: str) -> bytes:
    """The bytes of a file; ``usage`` is said to whoever seems to have written something else there."""
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        if is_withheld(name):
            raise Unusable(f"{usage} (value withheld)") from None
        raise Unusable(f"{said(name)}: {getattr(error, 'strerror', None) or error}") from None
