"""The vectors that every face of the engine answers, read and resolved."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

FOLDER = Path(__file__).parents[2] / "tests" / "vectors"


@dataclass(frozen=True)
class Vector:
    """One login and what has to come out of it."""

    id: str
    settings: str
    fetched: str
    """What was fetched of keys before the login, as JSON."""
    userinfo: str
    """What the issuer's userinfo endpoint has answered for this token; empty where nobody asked."""
    token: str
    user: str
    now: int
    expect: dict[str, Any]


def vectors() -> Iterator[Vector]:
    """Every vector of every file; ``signatures.json`` is apart, because its vectors stop at the signature."""
    for path in sorted(FOLDER.glob("*.json")):
        if path.name == "signatures.json":
            continue
        file = json.loads(path.read_text(encoding="utf-8"))
        for row in file["vectors"]:
            text = row.get("settings_text")
            if text is None:
                change = row["settings"]
                text = json.dumps({**file["settings"][change["base"]], **change.get("set", {})}, ensure_ascii=False)
            fetched = json.dumps(row.get("fetched", []))
            yield Vector(row["id"], text, fetched, row.get("userinfo", ""), row["token"], row["user"], row["now"], row["expect"])
