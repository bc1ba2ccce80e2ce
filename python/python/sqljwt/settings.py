"""Settings as Python has them: a dict, a text in any of the database's spellings, or a file of either."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Union

from . import _native

Settings = Union[Mapping[str, Any], str, "os.PathLike[str]"]
"""Settings by the database's own names: a dict; JSON, SQL or SHOW text; or the path of a file that holds such a text."""


def settings_to_sql(settings: Settings) -> str:
    """Write settings as ``SET CLUSTER SETTING`` statements; what only the engine knows stands in comments.

    Raises:
        SettingsInvalid: the settings cannot be read.
        TypeError: ``settings`` is no dict, text or path.
        OSError, UnicodeDecodeError: the file cannot be read.

    >>> settings_to_sql({"server.jwt_authentication.audience": "it's"})
    "SET CLUSTER SETTING server.jwt_authentication.audience = 'it''s';\\n"
    """
    return _native.settings_to_sql(text_of(settings))


def settings_from_sql(sql: str) -> dict[str, Any]:
    """Read ``SET CLUSTER SETTING`` statements.

    Raises:
        SettingsInvalid: the statements cannot be read.
        TypeError: ``sql`` is no text.

    >>> settings_from_sql("SET CLUSTER SETTING server.jwt_authentication.enabled = on")
    {'server.jwt_authentication.enabled': True}
    """
    settings: dict[str, Any] = json.loads(_native.settings_from_sql(sql))
    return settings


def text_of(settings: Settings) -> str:
    """The text that the engine reads."""
    if isinstance(settings, str):
        return settings
    if isinstance(settings, os.PathLike):
        return Path(settings).read_text(encoding="utf-8")
    if isinstance(settings, Mapping):
        try:
            # A setting on a line, so that the line of an error tells which it is.
            members = (f"{json.dumps(name)}: {json.dumps(value, allow_nan=False)}" for name, value in settings.items())
            return "{\n  " + ",\n  ".join(members) + "\n}"
        except (TypeError, ValueError) as error:
            raise type(error)(f"argument 'settings': {error}") from None
    raise TypeError(f"argument 'settings': expected a dict, a text or a path, not {type(settings).__name__}")
