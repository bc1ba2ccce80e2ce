"""``check``: files that say who may log in and who may not."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import advisor
from ..advisor import CoverageDocument, SampleLogin
from ..dangerous import decode_unverified
from ..errors import TokenUnreadable
from ..said import inert, said
from .corpus import sample_logins
from .inputs import Unusable, add_settings_option, settings_text
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, fitted, write_json

if TYPE_CHECKING:
    from ..testing.expectations import Expectation
    from ..testing.first_expectations import Request

DESCRIPTION = """\
Try the logins of expectation files: each names its settings and what has to come out. --write makes a first one of logins that there were,
a line of JSON for each as `sqljwt batch` takes them, {"token", "user"?}, or {"claims", "user"?} where nobody has the token any more.
What comes out of each now is what is expected. No token is written: claims that decide are, and test tokens are minted of them.
"""

EXAMPLES = """\
  sqljwt check sso.logins.toml
  sqljwt check -q tests/*.logins.toml
  sqljwt check --coverage sso.logins.toml
  sqljwt check --write sso.logins.toml --settings settings.sql --from logins.jsonl
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("check", help="try the logins of expectation files against their settings", description=DESCRIPTION, examples=EXAMPLES)
    parser.add_argument("files", nargs="*", metavar="FILE", help="a table of logins, in TOML or YAML, beside the settings")
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for machines")
    parser.add_argument("-q", "--quiet", action="store_true", help="print only what is not as expected")
    parser.add_argument(
        "--coverage", action="store_true", help="tell which lines of the identity map, issuers, audiences and keys no expected login goes by"
    )
    writing = parser.add_argument_group("a first table")
    writing.add_argument("--write", metavar="FILE", help="the file to write, in TOML; it may not be there yet")
    add_settings_option(writing, required=False)
    writing.add_argument("--from", metavar="FILE", dest="requests", help="the logins, a line of JSON each; - for standard input")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    if options.write is not None:
        return _write(options)
    if options.settings is not None or options.requests is not None:
        raise Unusable("--settings and --from go with --write; a file of expectations names its settings itself")
    if not options.files:
        raise Unusable("check takes files of expectations")
    from ..testing.expectations import ExpectationsInvalid, read_expectations

    failed, results, read, look = 0, [], [], Look.of(sys.stdout, options)
    for name in options.files:
        try:
            expectations = read_expectations(name)
        except ExpectationsInvalid as error:
            raise Unusable(str(error)) from None
        read += expectations
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
    covered = list(_covered(read)) if options.coverage else []
    if options.json and options.coverage:
        documents = ",".join(f'{{"files":{json.dumps(files)},"coverage":{document.to_json()}}}' for files, document in covered)
        write_json(f'{{"logins":{json.dumps(results)},"coverage":[{documents}]}}\n')
    elif options.json:
        print(json.dumps(results))
    elif failed or not options.quiet:
        print(f"{len(results) - failed} as expected, {failed} not")
    if not options.json:
        for files, document in covered:
            look.show(fitted(_coverage_told(files, document), look.width), sys.stdout)
    return REJECTED if failed else ACCEPTED


def _write(options: argparse.Namespace) -> int:
    from ..testing.first_expectations import first_expectations

    if options.files or options.settings is None or options.requests is None:
        raise Unusable("--write takes --settings and --from, and no files of expectations")
    file = Path(options.write)
    if file.suffix != ".toml":
        raise Unusable("--write makes a table in TOML: give it a name that ends in .toml")
    if options.settings == "-":
        raise Unusable("--write takes --settings from a file, which the table names")
    settings = settings_text(options)
    requests = _requests(options.requests)
    beside = os.path.relpath(options.settings, file.parent).replace(os.sep, "/")
    table = first_expectations(beside, settings, requests)
    if not table.logins:
        raise Unusable(f"{said(options.requests)}: there is no login in it of which a table can be made")
    try:
        with open(file, "x", encoding="utf-8", newline="\n") as written:
            written.write(table.text)
    except FileExistsError:
        raise Unusable(f"{said(options.write)}: is there already") from None
    passed_over = f"; {table.passed_over} passed over: no issuer, or a claim that no table can say" if table.passed_over else ""
    print(f"{said(options.write)}: {table.logins} login{'' if table.logins == 1 else 's'}{passed_over}")
    return ACCEPTED


def _requests(name: str) -> Iterator[Request]:
    from ..testing.first_expectations import Request

    for login in sample_logins(name, "--from"):
        claims = dict(login.claims or {})
        if login.token is not None:
            try:
                claims = decode_unverified(login.token).claims or {}
            except TokenUnreadable:
                claims = {}
        yield Request({"iss": login.issuer, **claims} if login.issuer else claims, login.user)


def _covered(expectations: list[Expectation]) -> Iterator[tuple[str, CoverageDocument]]:
    """What the expected logins go by, of each of the settings; and in which files they stand."""
    files: dict[str, dict[str, None]] = {}
    logins: dict[str, list[SampleLogin]] = {}
    for expectation in expectations:
        files.setdefault(expectation.configured, {})[expectation.file] = None
        logins.setdefault(expectation.configured, [])
        if expectation.logs_in_as is not None:
            logins[expectation.configured].append(_sample(expectation))
    for settings, names in files.items():
        yield ", ".join(map(said, names)), advisor.coverage(settings, logins[settings])


def _sample(expectation: Expectation) -> SampleLogin:
    """A login without the signature that a test key has made."""
    if not expectation.minted:
        return SampleLogin(token=expectation.token, user=expectation.user, now=expectation.now)
    claims = decode_unverified(expectation.token).claims
    return SampleLogin(claims=claims, user=expectation.user, now=expectation.now)


def _coverage_told(files: str, document: CoverageDocument) -> Iterator[Line]:
    yield "fix", 0, "coverage ", f"of {files}: {inert(document.message)}"
    for line in document.lines.unreached:
        yield "risk", 2, f"line {line.line} ", f"of the identity map: `{inert(line.principal)} {inert(line.user)}` of {inert(line.issuer)}"
    for issuer in document.issuers.unreached:
        yield "risk", 2, "issuer ", inert(issuer)
    for audience in document.audiences.unreached:
        yield "risk", 2, "audience ", f"`{inert(audience.audience)}` of {inert(audience.issuer)}"
    if document.unsigned < document.judged:
        # A minted token has the signature of a test key.
        for key in document.keys.unreached:
            yield "risk", 2, "key ", f"`{inert(key.kid or key.thumbprint)}` of {inert(key.issuer)}"
    untold = document.lines.untold + document.issuers.untold + document.audiences.untold
    if untold:
        yield "quiet", 2, "", f"{untold} more"
