"""A question to the engine as the text call that all faces share, and its document as dataclasses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from . import _native
from .errors import InternalError
from .settings import Settings, read

D = TypeVar("D", bound="Document")
Parts = Mapping["type[Any]", Mapping[str, "type[Any]"]]


@dataclass(frozen=True)
class Document:
    """An answer of the engine."""

    _text: str = field(repr=False)

    def to_json(self) -> str:
        """The engine's JSON document, byte for byte as every face of the engine gives it."""
        return self._text


def asked(kind: type[D], verb: str, settings: Settings, members: Mapping[str, Any], parts: Parts) -> D:
    """The document that answers this question about settings; what is None is not asked.

    Raises:
        SettingsInvalid: the settings cannot be used, and the verb needs that.
    """
    with read(settings) as text:
        given = {name: value for name, value in members.items() if value is not None}
        answer = _native.call(json.dumps({"verb": verb, "settings_text": text, **given}))
        document = json.loads(answer)
        if "error" in document:
            # Where the settings are at fault the engine says more of them than a document does.
            _native.Engine(text)
            raise InternalError(document["error"]["message"])
    return kind(_text=answer, **_members(kind, document, parts))


def _members(kind: type[Any], document: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    inner = parts.get(kind, {})
    return {name: _part(inner.get(name), value, parts) for name, value in document.items() if name != "schema"}


def _part(kind: type[Any] | None, value: Any, parts: Parts) -> Any:
    if kind is object:
        return value
    if isinstance(value, list):
        return tuple(_part(kind, element, parts) for element in value)
    return value if kind is None or value is None else kind(**_members(kind, value, parts))
