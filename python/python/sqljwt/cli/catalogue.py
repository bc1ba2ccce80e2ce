"""``settings`` and ``reasons``: what there is to set, and what can go wrong."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import Any, cast

from .._native import settings_to_json, settings_to_sql
from ..names import ReasonCode
from ..reasons import reason_codes
from ..said import said
from .inputs import Unusable, add_settings_option, settings_text
from .status import ACCEPTED
from .terminal import write_json


def add_to(commands: Any) -> None:
    """The commands' options."""
    settings = commands.add_parser("settings", help="write settings as SQL or as JSON")
    add_settings_option(settings)
    settings.add_argument("--to", choices=("sql", "json"), help="the form to write; SQL from JSON and JSON from anything else unless given")
    settings.add_argument("--json", action="store_const", const="json", dest="to", help="the same as --to json")
    settings.set_defaults(run=_settings, token_env=None)
    reasons = commands.add_parser("reasons", help="the catalogue of reasons")
    reasons.add_argument("code", nargs="?", help="one reason alone")
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
        print(f"sqljwt: passed over: {', '.join(ignored)}", file=sys.stderr)
    return ACCEPTED


def _reasons(options: argparse.Namespace) -> int:
    catalogue = reason_codes()
    if options.code and options.code not in catalogue:
        raise Unusable(f"no reason has the code '{said(options.code)}'; `sqljwt reasons` lists them")
    rows = [catalogue[cast(ReasonCode, options.code)]] if options.code else list(catalogue.values())
    if options.json:
        print(json.dumps({"schema": 2, "reasons": [dataclasses.asdict(row) for row in rows]}))
        return ACCEPTED
    for row in rows:
        print(f"{row.number}  {row.code}")
        if options.code:
            print(f"  check:      {row.check}\n  meaning:    {row.summary}\n  to mend it: {row.remedy}\n  from:       {row.reference}")
        else:
            print(f"      {row.summary}")
    return ACCEPTED
