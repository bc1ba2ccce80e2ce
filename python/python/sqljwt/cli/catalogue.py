"""``settings`` and ``reasons``: what there is to set, and what can go wrong."""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import json
import sys
from typing import Any

from .._native import settings_to_json, settings_to_sql
from ..reasons import Reason, reason_codes
from ..said import said
from .inputs import Unusable, add_settings_option, settings_text
from .status import ACCEPTED
from .terminal import Line, Look, write_json

SETTINGS = """\
  sqljwt settings --settings settings.json > settings.sql
  cockroach sql -e 'SHOW CLUSTER SETTINGS' --format=csv | sqljwt settings --settings - --to json
"""

REASONS = """\
  sqljwt reasons
  sqljwt reasons token_expired
  sqljwt reasons 4103
"""


def add_to(commands: Any) -> None:
    """The commands' options."""
    settings = commands.add_parser("settings", help="write settings as SQL or as JSON", examples=SETTINGS)
    add_settings_option(settings)
    settings.add_argument("--to", choices=("sql", "json"), help="the form to write; SQL from JSON and JSON from anything else unless given")
    settings.add_argument("--json", action="store_const", const="json", dest="to", help="the same as --to json")
    settings.set_defaults(run=_settings, token_env=None)
    reasons = commands.add_parser("reasons", help="the catalogue of reasons", examples=REASONS)
    reasons.add_argument("code", nargs="?", help="one reason alone, by its name or its number")
    reasons.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    reasons.set_defaults(run=_reasons)


def _settings(options: argparse.Namespace) -> int:
    text = settings_text(options)
    json_text, ignored = settings_to_json(text)
    form = options.to or ("sql" if text.lstrip().startswith("{") else "json")
    if form == "json":
        write_json(json_text)
    else:
        print(settings_to_sql(text), end="")
    if ignored:
        print(f"sqljwt: ignored settings: {', '.join(map(said, ignored))}", file=sys.stderr)
    return ACCEPTED


def _reasons(options: argparse.Namespace) -> int:
    rows = [_reason(options.code)] if options.code else list(reason_codes().values())
    if options.json:
        print(json.dumps({"schema": 2, "reasons": [dataclasses.asdict(row) for row in rows]}))
        return ACCEPTED
    look = Look.of(sys.stdout, options)
    for row in rows:
        lines: list[Line] = [("fix", 0, f"{row.number}  {row.code}", "")]
        if options.code:
            parts = {"check": row.check, "meaning": row.summary, "fix": row.remedy, "from": row.reference}
            lines += [("quiet", 2, f"{name + ':':9}", text) for name, text in parts.items()]
        else:
            lines.append(("excerpt", 6, "", row.summary))
        look.show(lines, sys.stdout)
    return ACCEPTED


def _reason(code: str) -> Reason:
    """The reason of that name or number."""
    rows: dict[str, Reason] = {}
    for row in reason_codes().values():
        rows[str(row.number)] = rows[row.code] = row
    if code in rows:
        return rows[code]
    near = difflib.get_close_matches(code.lower().replace("-", "_"), [name for name in rows if name.isdigit() == code.isdigit()], n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`sqljwt reasons` lists them"
    raise Unusable(f"no reason has the code '{said(code)}'; {hint}")
