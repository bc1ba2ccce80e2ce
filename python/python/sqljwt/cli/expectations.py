"""``check``: files that say who may log in and who may not."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from .inputs import Unusable
from .status import ACCEPTED, REJECTED
from .terminal import in_colour


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("check", help="try the logins of expectation files against their settings")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a table of logins, in TOML or YAML, beside the settings")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from ..testing.expectations import ExpectationsInvalid, read_expectations

    failed, results = 0, []
    for name in options.files:
        try:
            expectations = read_expectations(name)
        except ExpectationsInvalid as error:
            raise Unusable(str(error)) from None
        for expectation in expectations:
            fault = expectation.fault()
            failed += fault is not None
            results.append({"file": str(name), "name": expectation.name, "passed": fault is None, "fault": fault})
            if not options.json:
                mark = "✓" if fault is None else "✗"
                print(in_colour(f"{mark} {name}: {expectation.name}", sys.stdout))
                if fault is not None:
                    print(in_colour("\n".join(f"    {line}".rstrip() for line in fault.splitlines()), sys.stdout))
    if options.json:
        print(json.dumps(results))
    else:
        print(f"{len(results) - failed} as expected, {failed} not")
    return REJECTED if failed else ACCEPTED
