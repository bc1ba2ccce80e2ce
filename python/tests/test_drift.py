"""The package's types are the engine's: its catalogue, the schema of its documents, and its version."""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import json
import operator
import pathlib
import typing
from typing import Any

import pytest

import sqljwt
from sqljwt.testing import Algorithm

ROOT = pathlib.Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "tests" / "wire.schema.json").read_text(encoding="utf-8"))["$defs"]
CATALOGUE = json.loads(sqljwt.call('{"verb": "reasons"}'))["reasons"]

LITERALS: dict[str, tuple[Any, list[str]]] = {
    "ReasonCode": (sqljwt.ReasonCode, [row["code"] for row in CATALOGUE]),
    "Check": (sqljwt.Check, SCHEMA["check"]["enum"]),
    "Decision": (sqljwt.Decision, SCHEMA["decision"]["enum"]),
    "Profile": (sqljwt.Profile, SCHEMA["profile"]["enum"]),
    "Outcome": (sqljwt.Outcome, SCHEMA["check_report"]["properties"]["outcome"]["enum"]),
    "AdviceKind": (sqljwt.AdviceKind, SCHEMA["advice"]["properties"]["kind"]["enum"]),
    "TokenPart": (sqljwt.TokenPart, SCHEMA["reads"]["properties"]["part"]["enum"]),
    "KeyOrigin": (sqljwt.KeyOrigin, SCHEMA["issuer_keys"]["properties"]["origin"]["enum"]),
    "WhyIgnored": (sqljwt.WhyIgnored, SCHEMA["ignored_group"]["properties"]["why"]["enum"]),
    "Algorithm": (Algorithm, SCHEMA["login"]["properties"]["algorithm"]["enum"]),
}

DOCUMENTS: dict[type[Any], dict[str, Any]] = {
    sqljwt.Advice: SCHEMA["advice"],
    sqljwt.After: SCHEMA["after"],
    sqljwt.AlsoDecided: SCHEMA["also"],
    sqljwt.CheckReport: SCHEMA["check_report"],
    sqljwt.ClientAnswer: SCHEMA["client"],
    sqljwt.DocumentEdit: SCHEMA["document_edit"],
    sqljwt.Explanation: SCHEMA["explanation"],
    sqljwt.IgnoredGroup: SCHEMA["ignored_group"],
    sqljwt.Identity: SCHEMA["identity"],
    sqljwt.IssuerKeys: SCHEMA["issuer_keys"],
    sqljwt.KeyReport: SCHEMA["key"],
    sqljwt.KeysDocument: SCHEMA["keys"],
    sqljwt.KeysToFetch: SCHEMA["keys_needed"],
    sqljwt.Provision: SCHEMA["login"]["properties"]["provision"]["anyOf"][0],
    sqljwt.UserInfoToAsk: SCHEMA["userinfo_needed"],
    sqljwt.Login: SCHEMA["login"],
    sqljwt.Moment: SCHEMA["moment"],
    sqljwt.NewValue: SCHEMA["new_value"],
    sqljwt.Position: SCHEMA["position"],
    sqljwt.Range: SCHEMA["range"],
    sqljwt.Reads: SCHEMA["reads"],
    sqljwt.Reason: SCHEMA["catalogue"]["properties"]["reasons"]["items"],
    sqljwt.Rejection: SCHEMA["reason"],
    sqljwt.Remedy: SCHEMA["remedy"],
    sqljwt.RolePlan: SCHEMA["roles"]["properties"]["plan"]["anyOf"][0],
    sqljwt.RolesDocument: SCHEMA["roles"],
    sqljwt.Rotation: SCHEMA["rotation"],
    sqljwt.SampleToken: SCHEMA["keys"]["properties"]["tokens"]["items"],
    sqljwt.TokenView: SCHEMA["token"],
}


@pytest.mark.parametrize("name", LITERALS)
def test_literals_are_the_engines_lists(name: str) -> None:
    literal, engine = LITERALS[name]
    assert list(typing.get_args(literal)) == engine, "run `cargo xtask update` and build the wheel anew"


@pytest.mark.parametrize("dataclass", DOCUMENTS, ids=lambda dataclass: dataclass.__name__)
def test_dataclasses_are_the_schemas_objects(dataclass: type[Any]) -> None:
    schema = DOCUMENTS[dataclass]
    fields = [field for field in dataclasses.fields(dataclass) if not field.name.startswith("_")]
    # `for` is a keyword of Python's.
    ours = {"for" if field.name == "whose" else field.name: "None" in field.type for field in fields}
    assert ours == {
        name: name not in schema["required"] or may_be_null(member)
        for name, member in schema["properties"].items()
        if name != "schema"
    }


def may_be_null(schema: dict[str, Any]) -> bool:
    if "$ref" in schema:
        names = schema["$ref"].removeprefix("#/$defs/").split("/")
        return may_be_null(functools.reduce(operator.getitem, names, SCHEMA))
    return "null" in schema.get("type", ()) or any(map(may_be_null, schema.get("anyOf", ())))


def test_every_dataclass_of_the_package_is_compared() -> None:
    public = {named for named in map(vars(sqljwt).get, sqljwt.__all__) if dataclasses.is_dataclass(named)}
    # A fault is what an exception holds; in documents it is a reason or an advice.
    assert public == {*DOCUMENTS, sqljwt.SettingsFault}


def test_the_version_is_the_workspaces() -> None:
    workspace = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    assert f'[workspace.package]\nversion = "{sqljwt.__version__}"\n' in workspace
    assert importlib.metadata.version("sqljwt") == sqljwt.__version__


def test_the_package_is_typed_licensed_and_without_its_tests() -> None:
    installed = {str(path) for path in importlib.metadata.files("sqljwt") or ()}
    assert {"sqljwt/py.typed", "sqljwt/_native.pyi"} <= installed
    assert {pathlib.PurePath(path).name for path in installed if "licenses" in path} == {"LICENSE-APACHE", "LICENSE-MIT"}
    names = [pathlib.PurePath(path).name for path in installed]
    assert not [name for name in names if name.startswith(("test_", "conftest"))]
