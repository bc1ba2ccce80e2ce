"""Settings as Python has them: a dict, a text in any of the database's spellings, its bytes, or a file of it."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Union

from . import _native
from .errors import SettingsInvalid

Settings = Union[Mapping[str, Any], str, bytes, os.PathLike[str]]
"""Settings by the database's own names: a dict; JSON, SQL or SHOW text, in UTF-8 where it is bytes; or the path of a file that
holds such a text."""


def settings_to_sql(settings: Settings) -> str:
    """Write settings as ``SET CLUSTER SETTING`` statements; what only the engine knows stands in comments.

    Raises:
        SettingsInvalid: the settings cannot be read.
        TypeError: ``settings`` is no dict, text, bytes or path.
        OSError: the file cannot be read.
        UnicodeDecodeError: bytes, or the file's, are no UTF-8.

    >>> settings_to_sql({"server.jwt_authentication.audience": "it's"})
    "SET CLUSTER SETTING server.jwt_authentication.audience = 'it''s';\\n"
    """
    with read(settings) as text:
        return _native.settings_to_sql(text)


def settings_from_sql(sql: str | bytes | os.PathLike[str]) -> dict[str, Any]:
    """Read ``SET CLUSTER SETTING`` statements: a text, its bytes in UTF-8, or the path of a file of them.

    Raises:
        SettingsInvalid: the statements cannot be read.
        TypeError: ``sql`` is none of these.
        OSError: the file cannot be read.
        UnicodeDecodeError: bytes, or the file's, are no UTF-8.

    >>> settings_from_sql("SET CLUSTER SETTING server.jwt_authentication.enabled = on")
    {'server.jwt_authentication.enabled': True}
    """
    settings: dict[str, Any] = json.loads(_native.settings_from_sql(_read("sql", sql, "a text, bytes or a path")))
    return settings


@contextlib.contextmanager
def read(settings: Settings) -> Iterator[str]:
    """The text that the engine reads; an error in a dict does not speak of the lines of a text that nobody has seen."""
    try:
        yield text_of(settings)
    except SettingsInvalid as error:
        error._seen = not isinstance(settings, Mapping)
        raise


def decoded(data: bytes) -> str:
    """The text of a settings file: UTF-8, or UTF-16 with its byte order mark as Windows writes it."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if is_utf16 else "utf-8")


def text_of(settings: Settings) -> str:
    """The text that the engine reads."""
    if isinstance(settings, Mapping):
        try:
            # A setting on a line, so that the line of an error tells which it is.
            members = (f"{_json(name)}: {_json(value)}" for name, value in settings.items())
            return "{\n  " + ",\n  ".join(members) + "\n}"
        except (TypeError, ValueError) as error:
            raise type(error)(f"argument 'settings': {error}") from None
    return _read("settings", settings, "a dict, a text, bytes or a path")


def _read(name: str, source: object, expected: str) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, os.PathLike):
        source = Path(source).read_bytes()
    if isinstance(source, bytes):
        return decoded(source)
    raise TypeError(f"argument '{name}': expected {expected}, not {type(source).__name__}")


def _json(value: Any) -> str:
    """The value as JavaScript writes it too, so that an error stands at the same place in both."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate is no character: it can only stand there as an escape.
    return text if text.isascii() or _encodable(text) else json.dumps(value, allow_nan=False, separators=(",", ":"))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
