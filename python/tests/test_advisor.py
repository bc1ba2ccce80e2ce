"""What is judged above one login: settings without a token, who becomes whom, tomorrow's keys, and when it will stop working."""

from __future__ import annotations

import dataclasses
import functools
import json
import operator
import pathlib
import typing
from typing import Any

import pytest

import sqljwt
from sqljwt import advisor
from sqljwt.asked import Document
from sqljwt.testing import Issuer

ROOT = pathlib.Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "tests" / "wire.schema.json").read_text(encoding="utf-8"))["$defs"]
NOW = 1_800_000_000
IDP = Issuer("https://idp.example")
MAP = "server.identity_map.configuration"
# Hardened settings with such a line cannot be used.
OPEN = {**IDP.settings(), "engine.profile": "cockroachdb", MAP: "https://idp.example /^(.*)@example\\.com \\1\nhttps://idp.example root2@corp dba\n"}


def key_set_of(issuer: Issuer) -> str:
    return json.dumps(issuer.settings()["server.jwt_authentication.jwks"])


def called(verb: str, settings: Any, **members: Any) -> str:
    return sqljwt.call(json.dumps({"verb": verb, "settings": settings, **members}))


def test_lint_shows_who_gets_in() -> None:
    document = sqljwt.lint(OPEN)
    [finding] = [finding for finding in document.findings if finding.rule == "map-regex-unanchored"]
    assert finding.severity == "error" and finding.proof == "witness" and finding.witness and document.errors >= 1
    principal = finding.witness.principals[0]
    reached = sqljwt.reach(OPEN, principal, issuer=finding.witness.issuer)
    [issuer] = reached.issuers
    assert finding.witness.user in [user.user for user in issuer.users], "the witness is one"
    assert finding.setting == MAP and finding.range and finding.position
    assert finding.range.start <= finding.position < finding.range.end


def test_documents_are_the_engines_own() -> None:
    # A setting on a line, as the faces write a dict: the places are the same then.
    text = json.dumps(OPEN, indent=2)
    assert sqljwt.lint(text).to_json() == sqljwt.call(json.dumps({"verb": "lint", "settings_text": text}))
    assert sqljwt.who_can(OPEN, "dba").to_json() == called("who_can", OPEN, user="dba")
    assert sqljwt.who_can(OPEN).to_json() == called("who_can", OPEN)
    assert sqljwt.reach(OPEN, "a").to_json() == called("reach", OPEN, principal="a")
    token = IDP.token(sub="root2@corp", now=NOW)
    assert sqljwt.window(OPEN, token, "dba", now=NOW).to_json() == called("window", OPEN, token=token, user="dba", now=NOW)
    key_set = key_set_of(IDP)
    answer = called("rehearse", OPEN, key_set=key_set, tokens=[token], now=NOW)
    assert sqljwt.rehearse(OPEN, key_set, [token.encode()], now=NOW).to_json() == answer


def test_settings_come_in_any_form(tmp_path: pathlib.Path) -> None:
    (tmp_path / "settings.sql").write_text(sqljwt.settings_to_sql(OPEN))
    forms: list[Any] = [OPEN, json.dumps(OPEN), json.dumps(OPEN).encode(), tmp_path / "settings.sql"]
    for form in forms:
        assert [way.line for way in sqljwt.who_can(form, "dba").users[0].ways] == [1, 2]
        assert "map-regex-unanchored" in {finding.rule for finding in sqljwt.lint(form).findings}
    with pytest.raises(TypeError):
        sqljwt.lint(1)  # type: ignore[arg-type]
    with pytest.raises(OSError):
        sqljwt.lint(tmp_path / "nowhere.sql")


def test_settings_that_cannot_be_used_are_linted_and_asked_nothing_else() -> None:
    broken = '{"server.jwt_authentication.enabled": "often", "server.jwt_authentication.audiense": "x"}'
    assert "setting-unusable" in {finding.rule for finding in sqljwt.lint(broken).findings}
    for ask in (sqljwt.who_can, lambda settings: sqljwt.reach(settings, "a"), lambda settings: sqljwt.rehearse(settings, "{}", now=NOW)):
        with pytest.raises(sqljwt.SettingsInvalid) as caught:
            ask(broken)
        assert caught.value.line == 1 and caught.value.others


def test_every_change_that_is_offered_mends_what_it_is_offered_for() -> None:
    document = sqljwt.lint(OPEN)
    changes = [finding for finding in document.findings if finding.change and finding.change.sql]
    assert changes
    for finding in changes:
        assert finding.change
        values = {value.setting: value.value for value in finding.change.values}
        after = sqljwt.lint({name: value for name, value in {**OPEN, **values}.items() if value is not None})
        left = [(each.rule, each.message) for each in after.findings]
        assert (finding.rule, finding.message) not in left


def test_rules_are_a_table_of_words() -> None:
    rows = advisor.rules()
    assert len({row.rule for row in rows}) == len(rows) >= 45
    assert {row.severity for row in rows} == set(typing.get_args(advisor.Severity))
    assert all(row.title and row.why for row in rows)


def test_who_can_says_the_most_dangerous_first_and_who_it_is() -> None:
    document = sqljwt.who_can(OPEN)
    assert [user.standing for user in document.users] == sorted(
        (user.standing for user in document.users), key=["administrator", "reserved", "ordinary"].index
    )
    for user in document.users:
        for way in user.ways:
            assert way.proved and way.example
            reached = [each.user for issuer in sqljwt.reach(OPEN, way.example).issuers for each in issuer.users]
            assert user.family or user.user in reached
    assert sqljwt.who_can(OPEN, "DBA").user == "dba", "as the server stores the name"


def test_reach_of_an_issuer_that_is_not_configured_and_of_a_stranger() -> None:
    assert all(not issuer.users for issuer in sqljwt.reach(OPEN, "mallory@elsewhere").issuers)
    issuers = sqljwt.reach(OPEN, "root2@corp", issuer="https://elsewhere.example").issuers
    assert not [user for issuer in issuers for user in issuer.users]


def test_the_window_of_a_login() -> None:
    token = IDP.token(sub="root2@corp", now=NOW)
    now = sqljwt.window(OPEN, token, "dba", now=NOW)
    assert now.state == "open" and now.accepted_now and now.until and now.ends
    assert now.ends.at == now.until and now.ends.check == "time"
    last = sqljwt.window(OPEN, token, "dba", now=now.until.seconds - 1)
    assert last.accepted_now and last.seconds_left == 1
    past = sqljwt.window(OPEN, token, "dba", now=now.until.seconds)
    assert past.state == "past" and not past.accepted_now and past.reason and past.reason.code == "token_expired"
    assert sqljwt.window(OPEN, b"\xff", now=NOW).state == "never"


def test_a_rehearsal_of_another_key_set() -> None:
    token, other = IDP.token(sub="root2@corp", now=NOW), Issuer("https://idp.example")
    document = sqljwt.rehearse(OPEN, key_set_of(other), [token], now=NOW)
    kept = sqljwt.rehearse(OPEN, key_set_of(IDP), [token], now=NOW)
    assert (kept.accepted_today, kept.accepted_tomorrow, kept.lost) == (1, 1, 0) and kept.tokens[0].fate == "kept"
    assert isinstance(document.keys[0].key, sqljwt.KeyReport) and isinstance(document.today, sqljwt.IssuerKeys)
    with pytest.raises(ValueError, match="issuer"):
        sqljwt.rehearse(OPEN, "{}", issuer="https://elsewhere.example", now=NOW)


LOG = "ERROR:  JWT authentication: invalid audience\nDETAIL:  token issued with an audience of [other]\nsomething else\n"


def test_a_log_is_explained_in_one_piece_and_in_many() -> None:
    document = sqljwt.explain_log(LOG)
    assert document.to_json() == sqljwt.call(json.dumps({"verb": "log", "text": LOG}))
    assert document.entries[0].codes[0] == "audience_not_allowed" and document.entries[0].outcome == "rejected"
    data = LOG.encode()
    for size in (1, 7, len(data)):
        reader = advisor.LogReader()
        entries = [entry for at in range(0, len(data), size) for entry in reader.read(data[at : at + size])]
        entries += reader.finish()
        summary = reader.summary()
        assert tuple(entries) == document.entries == tuple(advisor.read_log([data[:size], data[size:]]))
        assert (summary.lines, summary.unknown, summary.counts) == (document.lines, document.unknown, document.counts)
    with pytest.raises(ValueError):
        advisor.LogReader().summary()


def test_bytes_that_are_no_text_and_lines_without_end_are_read() -> None:
    reader = advisor.LogReader()
    for _ in range(64):
        assert reader.read(b"\xff" * (1 << 16)) == ()
    assert [entry.event for entry in reader.finish()] == ["line_too_long"] and reader.summary().lines == 1


def test_nothing_that_is_asked_is_guessed() -> None:
    with pytest.raises((TypeError, ValueError)):
        sqljwt.reach(OPEN, None)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        sqljwt.window(OPEN, "", fetched=["{}"], now=NOW)
    with pytest.raises(ValueError):
        sqljwt.window(OPEN, "", now=float("inf"))


def unreached(what: str) -> dict[str, Any]:
    described: dict[str, Any] = SCHEMA["coverage"]["properties"][what]["properties"]["unreached"]["items"]
    return described


ADVICE: dict[type[Any], dict[str, Any]] = {
    advisor.SettingsChange: SCHEMA["settings_change"],
    advisor.Witness: SCHEMA["lint"]["properties"]["findings"]["items"]["properties"]["witness"]["anyOf"][0],
    advisor.LintFinding: SCHEMA["lint"]["properties"]["findings"]["items"],
    advisor.LintDocument: SCHEMA["lint"],
    advisor.LintRule: SCHEMA["rules"]["properties"]["rules"]["items"],
    advisor.RulesDocument: SCHEMA["rules"],
    advisor.Way: SCHEMA["who_can"]["properties"]["users"]["items"]["properties"]["ways"]["items"],
    advisor.ReachableUser: SCHEMA["who_can"]["properties"]["users"]["items"],
    advisor.WhoCanDocument: SCHEMA["who_can"],
    advisor.ReachedUser: SCHEMA["reach"]["properties"]["issuers"]["items"]["properties"]["users"]["items"],
    advisor.ReachOfIssuer: SCHEMA["reach"]["properties"]["issuers"]["items"],
    advisor.ReachDocument: SCHEMA["reach"],
    advisor.Window: SCHEMA["window"]["properties"]["renewed"]["anyOf"][0],
    advisor.WindowOutcome: SCHEMA["window_outcome"],
    advisor.WindowEdge: SCHEMA["window_edge"],
    advisor.Turn: SCHEMA["window"]["properties"]["turns"]["items"],
    advisor.WindowDocument: SCHEMA["window"],
    advisor.KeySetFault: SCHEMA["rehearsal"]["properties"]["fault"]["anyOf"][0],
    advisor.RehearsedKey: SCHEMA["rehearsal"]["properties"]["keys"]["items"],
    advisor.RehearsalFinding: SCHEMA["rehearsal"]["properties"]["findings"]["items"],
    advisor.ReaderVerdict: SCHEMA["rehearsal"]["properties"]["readers"]["items"],
    advisor.RehearsedOutcome: SCHEMA["rehearsed_outcome"],
    advisor.RehearsedToken: SCHEMA["rehearsal"]["properties"]["tokens"]["items"],
    advisor.RehearsalDocument: SCHEMA["rehearsal"],
    advisor.LogDocument: SCHEMA["log"],
    advisor.LogEntry: SCHEMA["log"]["properties"]["entries"]["items"],
    advisor.LogValue: SCHEMA["log"]["properties"]["entries"]["items"]["properties"]["values"]["items"],
    advisor.LogCount: SCHEMA["log"]["properties"]["counts"]["items"],
    advisor.LogReason: SCHEMA["log"]["properties"]["reasons"]["items"],
    advisor.MapWitness: SCHEMA["converted_map"]["properties"]["lines"]["items"]["properties"]["witness"]["anyOf"][0],
    advisor.ConvertedLine: SCHEMA["converted_map"]["properties"]["lines"]["items"],
    advisor.ConvertMapDocument: SCHEMA["converted_map"],
    advisor.SuggestRefusal: SCHEMA["suggestion"]["properties"]["refused"],
    advisor.SuggestedSetting: SCHEMA["suggested_setting"],
    advisor.SuggestedLine: SCHEMA["suggestion"]["properties"]["wider"]["items"],
    advisor.SuggestTrial: SCHEMA["suggestion"]["properties"]["trial"],
    advisor.SuggestDocument: SCHEMA["suggestion"],
    advisor.SampleLogin: SCHEMA["sample_login"],
    advisor.SettingsFaultTold: SCHEMA["compared_side"]["properties"]["faults"]["items"],
    advisor.ComparedSide: SCHEMA["compared_side"],
    advisor.ChangeOutcome: SCHEMA["compared_outcome"],
    advisor.ChangeExample: SCHEMA["comparison"]["properties"]["changes"]["items"]["properties"]["example"]["anyOf"][0],
    advisor.SettingsDifference: SCHEMA["comparison"]["properties"]["changes"]["items"],
    advisor.ComparedLogins: SCHEMA["comparison"]["properties"]["logins"],
    advisor.CompareDocument: SCHEMA["comparison"],
    advisor.UnreachedLine: unreached("lines"),
    advisor.UnreachedAudience: unreached("audiences"),
    advisor.UnreachedKey: unreached("keys"),
    advisor.CoveredLines: SCHEMA["covered"],
    advisor.CoveredIssuers: SCHEMA["covered"],
    advisor.CoveredAudiences: SCHEMA["covered"],
    advisor.CoveredKeys: SCHEMA["covered"],
    advisor.RefusedLogins: SCHEMA["coverage"]["properties"]["refusals"]["items"],
    advisor.UnexpectedLogin: SCHEMA["coverage"]["properties"]["unexpected"]["items"],
    advisor.CoverageDocument: SCHEMA["coverage"],
}


@pytest.mark.parametrize("dataclass", ADVICE, ids=lambda dataclass: dataclass.__name__)
def test_dataclasses_are_the_schemas_objects(dataclass: type[Any]) -> None:
    schema = ADVICE[dataclass]
    fields = [field for field in dataclasses.fields(dataclass) if not field.name.startswith("_")]
    # `from` is a keyword of Python's.
    ours = {"from" if field.name == "since" else field.name: "None" in field.type for field in fields}
    if dataclass is advisor.SampleLogin:
        # What is asked: nothing of it has to be there.
        assert ours.keys() == schema["properties"].keys()
        return
    assert ours == {
        name: name not in schema["required"] or may_be_null(member) for name, member in schema["properties"].items() if name != "schema"
    }


def may_be_null(schema: dict[str, Any]) -> bool:
    if "$ref" in schema:
        return may_be_null(functools.reduce(operator.getitem, schema["$ref"].removeprefix("#/$defs/").split("/"), SCHEMA))
    return "null" in schema.get("type", ()) or None in schema.get("enum", ()) or any(map(may_be_null, schema.get("anyOf", ())))


def test_every_dataclass_of_the_advisor_is_compared() -> None:
    ours = {member for member in map(vars(advisor).get, advisor.__all__) if dataclasses.is_dataclass(member)}
    # What was read of a log in pieces is no document of the wire's.
    assert ours == {*ADVICE, advisor.LogSummary}


@pytest.mark.parametrize(
    ("literal", "names"),
    [
        (advisor.Severity, SCHEMA["lint"]["properties"]["findings"]["items"]["properties"]["severity"]["enum"]),
        (advisor.Proof, SCHEMA["lint"]["properties"]["findings"]["items"]["properties"]["proof"]["enum"]),
        (advisor.Standing, SCHEMA["who_can"]["properties"]["users"]["items"]["properties"]["standing"]["enum"]),
        (advisor.WindowState, SCHEMA["window"]["properties"]["state"]["enum"]),
        (advisor.KeyFate, SCHEMA["rehearsal"]["properties"]["keys"]["items"]["properties"]["fate"]["enum"]),
        (advisor.TokenFate, SCHEMA["rehearsal"]["properties"]["tokens"]["items"]["properties"]["fate"]["enum"]),
        (advisor.RehearsalKind, SCHEMA["rehearsal"]["properties"]["findings"]["items"]["properties"]["finding"]["enum"]),
        (advisor.SetVerdict, SCHEMA["rehearsal"]["properties"]["readers"]["items"]["properties"]["verdict"]["enum"]),
        (advisor.MapDialect, SCHEMA["converted_map"]["properties"]["dialect"]["enum"]),
        (advisor.LineOutcome, SCHEMA["converted_map"]["properties"]["lines"]["items"]["properties"]["outcome"]["enum"]),
        (advisor.LogOutcome, SCHEMA["log_outcome"]["enum"]),
        (advisor.LogSource, SCHEMA["log"]["properties"]["entries"]["items"]["properties"]["source"]["enum"]),
        (advisor.ChangeKind, SCHEMA["comparison"]["properties"]["changes"]["items"]["properties"]["kind"]["enum"]),
        (advisor.ChangeEvidence, SCHEMA["comparison"]["properties"]["changes"]["items"]["properties"]["evidence"]["enum"]),
        # The last of these is None.
        (advisor.TokenKind, SCHEMA["suggestion"]["properties"]["kind"]["enum"][:-1]),
        (advisor.Evidence, SCHEMA["rehearsal"]["properties"]["readers"]["items"]["properties"]["evidence"]["enum"]),
    ],
)
def test_literals_are_the_schemas_lists(literal: Any, names: list[str]) -> None:
    assert list(typing.get_args(literal)) == names


def test_everything_in_a_document_has_a_type() -> None:
    """No part of a document is left as JSON: whoever has the dataclass has all of it."""

    def walk(value: Any) -> None:
        assert not isinstance(value, (dict, list)), value
        if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                if not (isinstance(value, sqljwt.NewValue) and field.name == "value"):
                    walk(getattr(value, field.name))
        elif isinstance(value, tuple):
            for each in value:
                walk(each)

    token, keys = IDP.token(sub="root2@corp", now=NOW), key_set_of(Issuer("https://idp.example"))
    documents: list[Document] = [
        sqljwt.lint(OPEN),
        sqljwt.who_can(OPEN),
        sqljwt.reach(OPEN, "root2@corp"),
        sqljwt.window(OPEN, token, "dba", now=NOW),
        sqljwt.window(OPEN, token, "dba", now=0),
        sqljwt.rehearse(OPEN, keys, [token], now=NOW),
        sqljwt.rehearse(OPEN, "{", [token], now=NOW),
        sqljwt.explain_log(LOG),
        sqljwt.convert_map("sso ops@example.com dba\nsso +x all\n", "pg_ident", {"sso": "https://idp.example"}, settings=OPEN),
        sqljwt.suggest(token, "dba", keys=keys, now=NOW),
        sqljwt.suggest("x", now=NOW),
        sqljwt.compare(OPEN, {**OPEN, MAP: ""}, [advisor.SampleLogin(token=token, user="dba")], now=NOW),
        sqljwt.compare(OPEN, "SET CLUSTER SETTING server.jwt_authentication.enabled = often"),
        sqljwt.coverage(OPEN, [advisor.SampleLogin(token=token, expected="")], now=NOW),
    ]
    for document in documents:
        walk(document)


def test_a_suggestion_lets_the_token_in_and_says_whether_it_is_proven() -> None:
    token, keys = IDP.token(sub="root2@corp", now=NOW), key_set_of(IDP)
    for given in (None, keys, keys.encode(), json.loads(keys)):
        told = sqljwt.suggest(token, "dba", keys=given, now=NOW)
        assert told.sql and told.refused is None and told.proven == (given is not None)
        assert told.sql.startswith(f"{told.first_line}\n") and told.first_line.startswith("-- proven" if told.proven else "-- not proven")
        if not isinstance(given, dict):
            assert told.to_json() == called_bare("suggest", token=token, user="dba", now=NOW, **({"keys": keys} if given else {}))
        assert told.lint is not None and not [finding for finding in told.lint if finding.severity == "error"]
    assert told.sql is not None
    validator = sqljwt.Validator(told.sql)
    assert validator.validate(token, "dba", now=NOW).user == "dba"
    with pytest.raises(sqljwt.TokenRejected):
        validator.validate(IDP.token(sub="root3@corp", now=NOW), "dba", now=NOW)
    assert sqljwt.suggest("no token", now=NOW).refused


def called_bare(verb: str, **members: Any) -> str:
    return sqljwt.call(json.dumps({"verb": verb, **members}))


def test_a_map_that_widens_shows_who_gains_by_it() -> None:
    wider = {**OPEN, MAP: OPEN[MAP] + "https://idp.example /^(.*)@example.com$ \\1\n"}
    told = sqljwt.compare({**OPEN, MAP: "https://idp.example /^(.*)@example\\.com$ \\1\n"}, {**OPEN, MAP: "https://idp.example /^(.*)@example.com$ \\1\n"})
    assert told.gained >= 1 and told.complete
    example = told.changes[0].example
    assert example and example.principal and example.old.decision == "reject" and example.new.decision == "accept"
    same = sqljwt.compare(OPEN, OPEN)
    assert (same.gained, same.lost, same.changed, same.changes, same.complete) == (0, 0, 0, (), True)
    assert sqljwt.compare(OPEN, wider).to_json() == called("compare", OPEN, new_settings=wider)


def test_logins_are_judged_by_both_and_covered() -> None:
    token = IDP.token(sub="root2@corp", now=NOW)
    logins = [
        advisor.SampleLogin(token=token, user="dba", expected="dba"),
        advisor.SampleLogin(claims={"sub": "ada@example.com", "aud": IDP.audience, "exp": NOW + 60}, issuer="https://idp.example", user="ada", now=NOW),
    ]
    told = sqljwt.compare(OPEN, {**OPEN, MAP: "https://idp.example root2@corp dba2\n"}, logins, now=NOW)
    assert (told.logins.judged, told.logins.unsigned, told.logins.lost) == (2, 1, 2)
    covered = sqljwt.coverage(OPEN, logins[:1], now=NOW)
    assert [line.line for line in covered.lines.unreached] == [1] and covered.accepted == 1 and not covered.unexpected
    assert covered.keys.reached == 1
    for wrong in (advisor.SampleLogin(), advisor.SampleLogin(token=token, claims={})):
        with pytest.raises(ValueError):
            sqljwt.coverage(OPEN, [wrong], now=NOW)
