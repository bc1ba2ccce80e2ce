"""What is told beside a login: who bears a token, what becomes of their roles, and which keys there are, now and in the past."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from typing import Any

import pytest
from vectors import Vector, vectors

import sqljwt
from sqljwt.testing import Issuer

NOW = 1_800_000_000
IDP = Issuer("https://idp.example", alg="RS256")
GROUPS = {**IDP.settings(), "server.jwt_authentication.authorization.enabled": True}
ROLES: Any = {
    "memberships": ["auditors", ("ledger", "auditors"), "writers"],
    "existing_roles": ["readers", "writers", "auditors", "ledger", "admin"],
}

# A text that is JSON is a member of a call as it is.
ALL = [vector for vector in vectors() if vector.settings.startswith("{")]


def wire(verb: str, vector: Vector, **more: Any) -> str:
    members = {"fetched": json.loads(vector.fetched), "token": vector.token, "now": vector.now, **more}
    return sqljwt.call(f'{{"verb": "{verb}", "settings": {vector.settings}, {json.dumps(members)[1:]}')


def validator_of(vector: Vector) -> sqljwt.Validator | None:
    try:
        validator = sqljwt.Validator(vector.settings)
    except sqljwt.SettingsInvalid:
        return None
    cache = sqljwt.KeyCache(validator)
    cache.replay(vector.fetched)
    validator = validator.with_keys(cache)
    return validator.with_user_info(vector.token, 200, vector.userinfo) if vector.userinfo else validator


def of_a_person(vector: Vector) -> dict[str, str]:
    return {"userinfo": vector.userinfo} if vector.userinfo else {}


def test_documents_are_those_of_the_wire_byte_for_byte() -> None:
    told = 0
    for vector in ALL:
        validator = validator_of(vector)
        if validator is None or not vector.token.isprintable():
            continue
        told += 1
        person = of_a_person(vector)
        roles = validator.roles(vector.token, vector.user, now=vector.now, **ROLES)
        memberships = ["auditors", {"role": "ledger", "through": "auditors"}, "writers"]
        asked = {"user": vector.user, "memberships": memberships, "existing_roles": ROLES["existing_roles"]}
        assert roles.to_json() == wire("roles", vector, **asked, **person), vector.id
        keys = validator.keys([vector.token, "x"], records=vector.fetched, now=vector.now)
        assert keys.to_json() == wire("keys", vector, tokens=[vector.token, "x"]), vector.id
        for document in (roles, keys):
            assert written(document) == json.loads(document.to_json()), vector.id
    assert told > 1000


def written(document: Any) -> Any:
    """The document that dataclasses hold."""
    members = dataclasses.asdict(document)
    assert members.pop("_text") == document.to_json()
    optional = {name for name in ("keys_needed", "userinfo_needed") if name in members and members[name] is None}
    return renamed({"schema": 2, **{name: value for name, value in members.items() if name not in optional}})


def renamed(ours: Any) -> Any:
    if isinstance(ours, (list, tuple)):
        return [renamed(item) for item in ours]
    if isinstance(ours, dict):
        return {"for" if name == "whose" else name: renamed(value) for name, value in ours.items()}
    return ours


def test_who_bears_a_token_is_what_the_wire_says() -> None:
    known = 0
    for vector in ALL:
        validator = validator_of(vector)
        if validator is None or not vector.token.isprintable():
            continue
        document = json.loads(wire("identify", vector, **of_a_person(vector)))
        try:
            identity = validator.identify(vector.token, now=vector.now)
        except sqljwt.TokenRejected as rejected:
            reason, client = document["reason"], document["client"]
            assert (rejected.code, rejected.detail) == (reason["code"], reason["message"]), vector.id
            assert (rejected.client_message, rejected.client_detail) == (client["message"], client["detail"]), vector.id
            needed = rejected.userinfo_needed and dataclasses.asdict(rejected.userinfo_needed)
            assert needed == document.get("userinfo_needed"), vector.id
            assert vector.token not in f"{rejected}{rejected!r}" or len(vector.token) < 5, vector.id
            # Whoever logs in is somebody.
            assert vector.expect["decision"] != "accept", vector.id
        except sqljwt.KeysNeeded as needed:
            assert needed.cause == document["keys_needed"]["cause"], vector.id
        else:
            assert renamed(dataclasses.asdict(identity)) == document["identity"], vector.id
            known += 1
    assert known > 100


def test_an_identity_is_nobodys_login() -> None:
    validator = sqljwt.Validator(GROUPS)
    token = IDP.token(sub="Somebody Else's", now=NOW, groups="readers, WRITERS")
    identity = validator.identify(token, now=NOW)
    assert (identity.principals, identity.roles, identity.ignored_groups) == (("Somebody Else's",), ("readers", "writers"), ())
    assert not isinstance(identity, sqljwt.Login) and not hasattr(identity, "user")
    assert pickle.loads(pickle.dumps(identity)) == identity == copy.deepcopy(identity) and hash(identity)
    for wrong in (IDP.bad("expired", now=NOW, sub="a", groups="readers"), "x", b"\xff", ""):
        with pytest.raises(sqljwt.TokenRejected) as rejected:
            validator.identify(wrong, now=NOW)
        assert rejected.value.explanation.decision == "reject"


def test_roles_are_told_and_not_given() -> None:
    validator = sqljwt.Validator(GROUPS)
    document = validator.roles(IDP.token(sub="alice", now=NOW, groups=["readers", "/team"]), "alice", now=NOW, **ROLES)
    assert document.accepted and document.user == "alice" and document.reason is None
    plan = sqljwt.RolePlan(("readers",), ("auditors", "writers"), (sqljwt.IgnoredGroup("/team", "no_name"),), ("ledger",))
    assert document.plan == plan
    assert document.statements == ('REVOKE "auditors", "writers" FROM "alice";', 'GRANT "readers" TO "alice";')
    assert document.summary is not None and document.summary.startswith("this login would grant `readers` to `alice` and revoke ")
    assert pickle.loads(pickle.dumps(document)) == document and hash(document) and "_text" not in repr(document)
    refused = validator.roles(IDP.token(sub="alice", now=NOW, groups=[]), "alice", now=NOW, memberships=iter(["writers"]))
    assert not refused.accepted and refused.reason is not None and refused.reason.code == "groups_empty"
    assert refused.statements == ('REVOKE "writers" FROM "alice";',)
    silent = validator.roles("x", "alice", now=NOW)
    assert (silent.user, silent.plan, silent.statements, silent.summary) == (None, None, (), None)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"memberships": "readers"}, "memberships"),
        ({"memberships": b"readers"}, "memberships"),
        ({"memberships": 1}, "memberships"),
        ({"memberships": None}, "memberships"),
        ({"memberships": [1]}, "memberships"),
        ({"memberships": [("a",)]}, "memberships"),
        ({"memberships": [("a", "b", "c")]}, "memberships"),
        ({"memberships": [("a", None)]}, "memberships"),
        ({"existing_roles": "readers"}, "existing_roles"),
        ({"existing_roles": 1}, "existing_roles"),
        ({"existing_roles": ["a", None]}, "existing_roles"),
        ({"user": None}, "user"),
        ({"token": None}, "token"),
        ({"now": "1"}, "now"),
    ],
)
def test_roles_of_another_type_are_a_type_error(more: dict[str, Any], name: str) -> None:
    with pytest.raises(TypeError, match=f"'{name}'"):
        sqljwt.Validator(GROUPS).roles(**{"token": "x", "user": "alice", **more})


def test_what_an_iterator_raises_is_raised() -> None:
    def broken() -> Any:
        yield "readers"
        raise KeyError("broken")

    validator = sqljwt.Validator(GROUPS)
    for ask in (lambda: validator.roles("x", "a", memberships=broken()), lambda: validator.keys(broken()), lambda: sqljwt.KeyHistory(broken())):
        with pytest.raises((KeyError, sqljwt.FetchFailed)):
            ask()
    with pytest.raises(ValueError, match="'memberships'.*lone surrogate"):
        validator.roles("x", "a", memberships=["\ud800"])


def fetched(idp: Issuer, at: int, *, fresh: int = 300, failure: str | None = None) -> str:
    """A record of a fetch of the issuer's keys as they are now."""
    headers = [["Cache-Control", f"max-age={fresh}"]]
    bodies = [json.dumps({"issuer": idp.url, "jwks_uri": f"{idp.url}/keys"}), json.dumps(idp.jwks())]
    answers = [{"status": 200, "headers": headers, "body": body} for body in bodies]
    return json.dumps({"issuer": idp.url, "at": at, "answers": answers if failure is None else [], "failure": failure})


@pytest.fixture(scope="module")
def past() -> tuple[sqljwt.Validator, list[str], list[str]]:
    """Settings that fetch keys, fetches an hour apart with a new key each, and the token of each hour."""
    idp = Issuer("https://idp.example")
    settings = {**idp.settings(), "server.jwt_authentication.jwks_auto_fetch.enabled": True}
    del settings["server.jwt_authentication.jwks"]
    records, tokens = [], []
    for hour in range(4):
        records.append(fetched(idp, NOW + 3600 * hour))
        tokens.append(idp.token(sub="alice", now=NOW, lifetime=86_400))
        idp.rotate()
    return sqljwt.Validator(settings), records, tokens


def test_logins_of_the_past_are_judged_by_the_keys_of_then(past: tuple[sqljwt.Validator, list[str], list[str]]) -> None:
    validator, records, tokens = past
    history = sqljwt.KeyHistory(reversed(records))

    def code(token: str, moment: float) -> str | None:
        try:
            return validator.with_keys_at(history, moment).validate(token, "alice", now=moment).user
        except sqljwt.TokenRejected as rejected:
            return rejected.code

    for hour, token in enumerate(tokens):
        at = NOW + 3600 * hour
        # While the answer counts, and later where the next one confirms the key.
        assert code(token, at) == code(token, at + 299) == code(token, at + 299.9) == "alice"
        assert code(token, at + 1800) == ("alice" if hour < 3 else "keys_unavailable")
        if hour >= 2:
            assert code(tokens[hour - 2], at) == "key_not_found"
        if hour < 3:
            assert code(tokens[hour + 1], at) == "key_not_found"
    assert code(tokens[0], NOW - 1) == "keys_unavailable"
    judging = validator.with_keys_at(history, NOW)
    with pytest.raises(sqljwt.TokenRejected, match="keys_unavailable"):
        judging.validate(tokens[0], "alice", now=NOW + 1)
    call = {"verb": "explain", "settings": validator.settings, "history": [json.loads(record) for record in records]}
    for moment in (NOW - 1, NOW, NOW + 1800, NOW + 20_000):
        document = sqljwt.call(json.dumps({**call, "token": tokens[0], "user": "alice", "now": moment}))
        theirs = json.loads(document)
        ours = json.loads(validator.with_keys_at(history, moment).explain(tokens[0], "alice", now=moment).to_json())
        for name in ("decision", "login", "reason", "client"):
            assert ours[name] == theirs[name] or name == "reason", (name, moment)
        assert (ours["reason"] or {}).get("message") == (theirs["reason"] or {}).get("message")


def test_a_history_is_of_one_moment_and_one_process(past: tuple[sqljwt.Validator, list[str], list[str]]) -> None:
    validator, records, _ = past
    history = sqljwt.KeyHistory(records)
    judging = validator.with_keys_at(history, NOW)
    assert judging != validator and judging.settings == validator.settings and repr(judging) == repr(validator)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(judging)
    for wrong in ("1", None, b"1", [1]):
        with pytest.raises(TypeError, match="'moment'"):
            validator.with_keys_at(history, wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'moment'"):
        validator.with_keys_at(history, float("nan"))
    with pytest.raises(TypeError, match="'history'"):
        validator.with_keys_at(records, NOW)  # type: ignore[arg-type]
    for wrong_records in (1, None, b"[]", [1], [b"[]"]):
        with pytest.raises(TypeError, match="'records'"):
            sqljwt.KeyHistory(wrong_records)  # type: ignore[arg-type]
    for text in ("", "{}", "x", "[1]"):
        with pytest.raises(sqljwt.FetchFailed) as failed:
            sqljwt.KeyHistory([records[0], text])
        assert failed.value.fault == "record_invalid"
    one, several, array = sqljwt.KeyHistory(records[0]), sqljwt.KeyHistory(records[:1]), sqljwt.KeyHistory(f"[{records[0]}]")
    assert {validator.with_keys_at(each, NOW).keys(now=NOW).to_json() for each in (one, several, array)} == {
        validator.with_keys_at(history, NOW).keys(now=NOW).to_json()
    }


def test_keys_are_told_with_how_they_rotated_and_what_they_signed(past: tuple[sqljwt.Validator, list[str], list[str]]) -> None:
    validator, records, tokens = past
    [issuer] = validator.keys(now=NOW).issuers
    assert (issuer.origin, issuer.keys, issuer.lacking) == ("fetched", (), "they have not been fetched")
    cache = sqljwt.KeyCache(validator)
    for record in records:
        cache.replay(record)
    failed = fetched(IDP, NOW + 11_000, failure="connection refused")
    document = validator.with_keys(cache).keys(tokens, records=[*records, failed], now=NOW + 3 * 3600)
    [issuer] = document.issuers
    assert issuer.url == "https://idp.example/keys" and issuer.fresh_until == sqljwt.Moment(NOW + 11_100, "2027-01-15T11:05:00Z")
    assert [(key.kid, key.kind, key.algorithms, key.usable) for key in issuer.keys] == [
        ("key-3", "an EC key on P-256", ("ES256",), True),
        ("key-4", "an EC key on P-256", ("ES256",), True),
    ]
    assert [(rotation.added, rotation.removed, rotation.kept, rotation.failure) for rotation in issuer.rotation] == [
        (("key-1",), (), 0, None),
        (("key-2",), (), 1, None),
        (("key-3",), ("key-1",), 1, None),
        (("key-4",), ("key-2",), 1, None),
        ((), (), 2, "connection refused"),
    ]
    thumbprints = [key.thumbprint for key in issuer.keys]
    assert [token.signed_with for token in document.tokens] == [None, None, *thumbprints]
    assert pickle.loads(pickle.dumps(document)) == document and hash(document)
    for tokens_of_another_type in ("x", b"x", 1, None, [1]):
        with pytest.raises(TypeError, match="'tokens?'"):
            validator.keys(tokens_of_another_type)  # type: ignore[arg-type]
    with pytest.raises(sqljwt.FetchFailed):
        validator.keys(records="{}")


def test_a_bug_in_the_engine_is_an_internal_error_here_too(past: tuple[sqljwt.Validator, list[str], list[str]]) -> None:
    validator, records, _ = past
    history = sqljwt.KeyHistory(records)
    sqljwt._native.break_on_purpose(True)
    try:
        for ask in (
            lambda: validator.identify("secret"),
            lambda: validator.roles("secret", "alice"),
            lambda: validator.keys(["secret"]),
            lambda: validator.with_keys_at(history, NOW),
            lambda: validator.with_user_info("secret", 200, "{}"),
            lambda: sqljwt.KeyHistory(records),
        ):
            with pytest.raises(sqljwt.InternalError):
                ask()
    finally:
        sqljwt._native.break_on_purpose(False)
