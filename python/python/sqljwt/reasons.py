"""Every reason for which a login can be refused: the engine's own table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from . import _native
from .names import Check, ReasonCode


@dataclass(frozen=True)
class Reason:
    """One row of the catalogue."""

    code: ReasonCode
    number: int
    """1000 to 9999, banded by check; stable for ever."""
    check: Check
    summary: str
    """What the code means, in one line."""
    remedy: str
    """What would mend it, in general; an explanation says it for the case at hand."""
    reference: str
    """The standard's section, or the server behaviour, that the rule comes from."""


@lru_cache(maxsize=None)
def reason_codes() -> Mapping[ReasonCode, Reason]:
    """The catalogue of reasons by code, in the order of their numbers.

    >>> reason_codes()["token_expired"].remedy
    'request a new token'
    """
    rows = (Reason(**row) for row in json.loads(_native.call('{"verb": "reasons"}'))["reasons"])
    return MappingProxyType({row.code: row for row in rows})
