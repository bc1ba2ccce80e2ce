"""A question to the engine as the text call that all faces share, and its document as dataclasses."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Callable, TypeVar, Union

from . import _native
from .settings import Settings, read

D = TypeVar("D", bound="Document")
T = TypeVar("T")
Part = Union["type[Any]", Callable[[Any], Any]]
"""What a member is made by: a dataclass of this kind, or a function that takes its document; ``object`` leaves it as it is."""
Parts = Mapping["type[Any]", Mapping[str, Part]]


@dataclass(frozen=True)
class Document:
    """An answer of the engine."""

    _text: str = field(repr=False)

    def to_json(self) -> str:
        """The engine's JSON document, byte for byte as every face of the engine gives it."""
        return self._text


def asked(kind: type[D], verb: str, settings: Settings | None, members: Mapping[str, Any], parts: Parts) -> D:
    """The document that answers this question, about settings where there are any; what is None is not asked.

    Raises:
        SettingsInvalid: the settings cannot be used, and the verb needs that.
        ValueError: a member cannot be read.
    """
    given = {name: value for name, value in members.items() if value is not None}
    if settings is None:
        return _answered(kind, {"verb": verb, **given}, parts)
    with read(settings) as text:
        try:
            return _answered(kind, {"verb": verb, "settings_text": text, **given}, parts)
        except ValueError:
            # Where the settings are at fault the engine says more of them than a document does.
            _native.Engine(text)
            raise


def _answered(kind: type[D], call: Mapping[str, Any], parts: Parts) -> D:
    answer = _native.call(json.dumps(call))
    document = json.loads(answer)
    if "error" in document:
        raise ValueError(document["error"]["message"])
    return built(kind, document, parts, _text=answer)


def built(kind: type[T], document: Mapping[str, Any], parts: Parts, **more: Any) -> T:
    """The document, or a part of one, as a dataclass."""
    inner = parts.get(kind, {})
    described: Any = kind
    names = [field.name for field in fields(described) if not field.name.startswith("_")]
    # Later engines may say more; what one may leave out is None.
    members = {name: _part(inner.get(name), document.get(KEYWORDS.get(name, name)), parts) for name in names}
    return kind(**members, **more)


def _part(part: Part | None, value: Any, parts: Parts) -> Any:
    if part is object:
        return value
    if isinstance(value, list):
        return tuple(_part(part, element, parts) for element in value)
    if part is None or value is None:
        return value
    return built(part, value, parts) if isinstance(part, type) else part(value)


KEYWORDS = {"since": "from"}
"""Members that cannot be called so in Python, and what the document calls them."""


def seconds(now: float | None) -> int:
    """Whole Unix seconds; the present, where none are given."""
    try:
        return math.floor(time.time() if now is None else now)
    except (OverflowError, ValueError):
        raise ValueError(f"argument 'now': {now} is no moment") from None


def text(token: str | bytes) -> str:
    """A token as JSON has it; bytes that are no UTF-8 become characters that no token has."""
    return token if isinstance(token, str) else bytes(token).decode("utf-8", "replace")


def fetches(records: Iterable[str]) -> list[Any] | None:
    """Fetches that were written down, each text a record or an array of them."""
    read = [json.loads(record) for record in records]
    return [fetch for each in read for fetch in (each if isinstance(each, list) else [each])] or None
