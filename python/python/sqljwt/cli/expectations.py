"""``check``: files that say who may log in and who may not."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from .inputs import Unusable
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look

EXAMPLES = """\
  sqljwt check sso.logins.toml
  sqljwt check -q tests/*.logins.toml
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("check", help="try the logins of expectation files against their settings", examples=EXAMPLES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a table of logins, in TOML or YAML, beside the settings")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.add_argument("-q", "--quiet", action="store_true", help="print only what is not as expected")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from ..testing.expectations import ExpectationsInvalid, read_expectations

    failed, results, look = 0, [], Look.of(sys.stdout, options)
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
                if fault is None and options.quiet:
                    continue
                tone, mark = ("passed", "✓") if fault is None else ("failed", "✗")
                mark = {"✓": "+", "✗": "x"}[mark] if look.ascii else mark
                lines: list[Line] = [(tone, 0, f"{mark} ", f"{name}: {expectation.name}")]
                lines += [("expected", 4, "", line.rstrip()) for line in (fault or "").splitlines()]
                look.show(lines, sys.stdout)
    if options.json:
        print(json.dumps(results))
    elif failed or not options.quiet:
        print(f"{len(results) - failed} as expected, {failed} not")
    return REJECTED if failed else ACCEPTED
