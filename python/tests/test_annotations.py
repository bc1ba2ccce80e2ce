"""Annotations mean something while the program runs: pydantic, FastAPI and cattrs read them then."""

from __future__ import annotations

import inspect
import sys
import types
import typing
from typing import Any, Iterator

import pytest

import sqljwt
import sqljwt.advisor
import sqljwt.dangerous

MODULES = (sqljwt, sqljwt.advisor, sqljwt.dangerous)


def annotated() -> Iterator[tuple[str, Any]]:
    """Every public class and function, with the methods and properties of the classes."""
    for module in MODULES:
        for name in module.__all__:
            member = getattr(module, name)
            if inspect.isfunction(member):
                yield f"{module.__name__}.{name}", member
            elif inspect.isclass(member) and member.__module__.startswith("sqljwt"):
                yield f"{module.__name__}.{name}", member
                yield from ((f"{module.__name__}.{name}.{inner}", function) for inner, function in functions(member))


def functions(kind: type) -> Iterator[tuple[str, types.FunctionType]]:
    for name, member in vars(kind).items():
        member = getattr(member, "fget", getattr(member, "__func__", member))
        if inspect.isfunction(member):
            yield name, member


EVERYTHING = dict(annotated())


@pytest.mark.skipif(sys.version_info < (3, 10), reason="before 3.10 Python cannot evaluate `X | None`")
@pytest.mark.parametrize("name", EVERYTHING)
def test_annotations_can_be_resolved(name: str) -> None:
    typing.get_type_hints(EVERYTHING[name])


def test_enough_is_among_these() -> None:
    for name in ("Explanation", "TokenRejected", "KeysNeeded", "SettingsInvalid", "Validator.__init__", "settings_to_sql"):
        assert f"sqljwt.{name}" in EVERYTHING
