"""Settings as Python has them: a dict, a text in any of the database's spellings, its bytes, or a file of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Union

from . import _native

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
    return _native.settings_to_sql(text_of(settings))


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


def text_of(settings: Settings) -> str:
    """The text that the engine reads."""
    if isinstance(settings, Mapping):
        try:
            # A setting on a line, so that the line of an error tells which it is.
            members = (f"{json.dumps(name)}: {json.dumps(value, allow_nan=False)}" for name, value in settings.items())
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
        # As editors count, the mark that may stand before everything is no character.
        return source.decode("utf-8-sig")
    raise TypeError(f"argument '{name}': expected {expected}, not {type(source).__name__}")
