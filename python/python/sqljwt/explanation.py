"""Everything there is to tell about one login attempt, as dataclasses over the engine's JSON document."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, Tuple, cast

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from ._native import Texts
from .login import IgnoredGroup, Login, Provision
from .names import AdviceKind, Check, Decision, Outcome, Profile, ReasonCode

TokenPart = Literal["token", "header", "claims", "signature"]
"""A part of a token; ``token`` is all of it."""

Whose = Literal["administrator", "identity_provider", "client"]
"""Who can do something about a refused login."""

Written = Tuple[str, str, str, str]
"""An explanation's texts, all of them written: JSON and timeline, then both redacted."""


@dataclass(frozen=True, order=True)
class Position:
    """A place in the settings text, as editors count it: the first line and the first character are 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Range:
    """A part of the settings text, from its first character to the place after its last."""

    start: Position
    end: Position

    @classmethod
    def _of(cls, document: dict[str, Any]) -> Range:
        return cls(Position(**document["start"]), Position(**document["end"]))


@dataclass(frozen=True)
class Moment:
    """A moment, for programs and for people."""

    seconds: int
    """Unix seconds."""
    utc: str
    """The same in UTC, as RFC 3339 writes it."""


@dataclass(frozen=True)
class NewValue:
    """The value that a setting is to get."""

    setting: str
    value: Any | None
    """Its whole new value; None takes the setting out."""


@dataclass(frozen=True)
class DocumentEdit:
    """A part of the settings text, and what stands there instead."""

    range: Range
    """The part that goes; empty where something is put in."""
    text: str
    """What comes instead, with the quotes and escapes of the text around it."""


@dataclass(frozen=True)
class After:
    """What a login gives once something has been changed."""

    decision: Decision
    user: str | None
    """The SQL user who logs in then."""
    code: ReasonCode | None
    """The reason of the refusal then."""


@dataclass(frozen=True)
class Remedy:
    """One way to go on from a refused login; a change was tried before it is offered."""

    whose: Whose
    """Who can do it; the document calls it ``for``."""
    message: str
    """What to do, in one line."""
    change: tuple[NewValue, ...] | None
    """The whole new value of each setting that changes; None where it is done elsewhere."""
    sql: tuple[str, ...] | None
    """The same as statements to paste into the database's shell."""
    document: tuple[DocumentEdit, ...] | None
    """The same as replacements in the settings text, to be made together; None where the text has no place for them."""
    after: After | None
    """What the same login gives once the settings are changed so."""
    risk: str | None
    """What else it lets in, where it lets in more than this one login."""

    @classmethod
    def _of(cls, document: dict[str, Any]) -> Remedy:
        def each(name: str, build: Any) -> Any:
            return None if document[name] is None else tuple(map(build, document[name]))

        return cls(
            whose=document["for"],
            message=document["message"],
            change=each("change", lambda value: NewValue(**value)),
            sql=each("sql", str),
            document=each("document", lambda edit: DocumentEdit(Range._of(edit["range"]), edit["text"])),
            after=optional(lambda after: After(**after), document["after"]),
            risk=document["risk"],
        )


@dataclass(frozen=True)
class Rejection:
    """The reason of a rejected login: the first check that failed in the profile's order."""

    code: ReasonCode
    number: int
    check: Check
    message: str
    """The fact with both sides."""
    remedy: str
    """What to change, and where."""
    setting: str | None
    """The setting that decided."""
    expected: tuple[str, ...] | None
    """What the setting or the rule allows."""
    actual: tuple[str, ...] | None
    """What the token or the login says."""
    reference: str
    """The standard's section, or the server behaviour, that the rule comes from."""
    position: Position | None
    """Where in the settings text what decided begins."""
    range: Range | None
    """The whole of what stands there."""
    remedies: tuple[Remedy, ...]
    """What can be done, the best first; each change was tried."""


@dataclass(frozen=True)
class ClientAnswer:
    """What the person who logs in may be told."""

    message: str
    detail: str | None
    sqlstate: str


@dataclass(frozen=True)
class UserInfoToAsk:
    """Whom to ask about the bearer of a token, of whom everything else is judged already."""

    issuer: str
    """The issuer, as configured."""
    discovery_url: str
    """The address of its discovery document, whose ``userinfo_endpoint`` is to be asked with the token."""


@dataclass(frozen=True)
class KeysToFetch:
    """Which keys the host has to fetch before the token can be judged."""

    issuer: str
    kid: str | None
    discovery_url: str | None
    jwks_url: str | None
    cause: str
    refresh: bool
    """Whether fresh keys are there without the one that the token names: then caches on the way are to be passed over."""
    remedies: tuple[Remedy, ...]
    """What can be done, the best first; each change was tried."""


@dataclass(frozen=True)
class Reads:
    """What of a token a check reads."""

    part: TokenPart
    members: tuple[str, ...]
    """The members of that part by their names; none where it is read as a whole. Of a check that failed the one that decided, where one
    did."""

    @classmethod
    def _of(cls, document: dict[str, Any]) -> Reads:
        return cls(document["part"], tuple(document["members"]))


@dataclass(frozen=True)
class CheckReport:
    """How one check went."""

    check: Check
    outcome: Outcome
    code: ReasonCode | None
    summary: str
    """What was found, in one line."""
    setting: str | None
    """The setting that decided."""
    range: Range | None
    """Where in the settings text it does, or the part of it that decided: an element of a list, a line of the identity map, a key."""
    expected: tuple[str, ...] | None
    actual: tuple[str, ...] | None
    reads: Reads | None
    """What of the token the check reads; None where it reads nothing of it."""
    map_line: int | None
    """The line of the identity map that gave the SQL user, counted from 1; only of the check ``identity_map``."""
    capture: str | None
    """What the ``\\1`` of that line stood for."""


@dataclass(frozen=True)
class Advice:
    """Something worth knowing beside the reason."""

    kind: AdviceKind
    code: ReasonCode | None
    check: Check
    message: str
    remedy: str | None
    setting: str | None
    position: Position | None
    """Where in the settings text that setting's value, or the part of it at fault, begins."""
    range: Range | None
    """The whole of what stands there."""
    remedies: tuple[Remedy, ...]
    """What can be done about it, the best first."""


@dataclass(frozen=True)
class TokenView:
    """A token as it reads. Nothing in it is believed: anybody can write a token."""

    header: dict[str, Any] | None
    claims: dict[str, Any] | None
    issued_at: Moment | None
    not_before: Moment | None
    expires_at: Moment | None

    @classmethod
    def _of(cls, document: dict[str, Any]) -> TokenView:
        def moment(name: str) -> Moment | None:
            return Moment(**document[name]) if document[name] else None

        return cls(
            document["header"], document["claims"], moment("issued_at"), moment("not_before"), moment("expires_at")
        )


@dataclass(frozen=True)
class AlsoDecided:
    """What another profile decides of the same attempt."""

    profile: Profile
    decision: Decision
    code: ReasonCode | None


@dataclass(frozen=True)
class Explanation:
    """Everything there is to tell about one login attempt, for the administrator; ``str()`` gives the timeline."""

    decision: Decision
    profile: Profile
    login: Login | None
    keys_needed: KeysToFetch | None
    userinfo_needed: UserInfoToAsk | None
    """Whom to ask for the person's groups, when nothing else is missing."""
    reason: Rejection | None
    client: ClientAnswer | None
    checks: tuple[CheckReport, ...]
    """Every check of the profile's order, once each."""
    advice: tuple[Advice, ...]
    """What would fail next, what nearly fits, and what deserves attention."""
    token: TokenView | None
    """The token as it reads, believed or not; None when it cannot be taken apart."""
    untried: int
    """How many remedies were not tried, because the budget had ended, and are left out."""
    server_decision: Decision | None
    """``accept`` where the database itself lets in a token that was refused for a rule that it does not have; None where it decides the
    same, or nobody has judged what it decides."""
    also: tuple[AlsoDecided, ...]
    """What other profiles decide, each where that differs."""
    ignored: tuple[str, ...]
    """Names in the settings text that were passed over."""
    _texts: Written = field(repr=False)
    """All of them, which have to be written for that; `_text` gives one."""

    @property
    def accepted(self) -> bool:
        """Whether the token may log in."""
        return self.decision == "accept"

    def to_json(self) -> str:
        """The engine's JSON document, byte for byte as every face of the engine gives it."""
        return self._text(0)

    def redacted(self) -> Explanation:
        """The explanation without anything that the token, the login or the settings say: fit to be shown to strangers."""
        json_text, timeline = self._text(2), self._text(3)
        return Explanation._of((json_text, timeline, json_text, timeline))

    def __str__(self) -> str:
        return self._text(1)

    def _text(self, index: int) -> str:
        texts: Texts | Written = vars(self)["_texts"]
        return texts[index]

    @classmethod
    def _of(cls, texts: Texts | Written) -> Explanation:
        document = json.loads(texts[0])
        return cls(
            decision=document["decision"],
            profile=document["profile"],
            login=optional(_login, document["login"]),
            keys_needed=optional(keys_to_fetch, document.get("keys_needed")),
            userinfo_needed=optional(lambda needed: UserInfoToAsk(**needed), document.get("userinfo_needed")),
            reason=optional(rejection, document["reason"]),
            client=optional(lambda client: ClientAnswer(**client), document["client"]),
            checks=tuple(map(_check, document["checks"])),
            advice=tuple(_advice(advice) for advice in document["advice"]),
            token=optional(TokenView._of, document["token"]),
            untried=document["untried"],
            server_decision=document["server_decision"],
            also=tuple(AlsoDecided(**also) for also in document["also"]),
            ignored=tuple(document["ignored"]),
            _texts=cast(Written, texts),
        )


def _written(explanation: Explanation) -> Written:
    return explanation._text(0), explanation._text(1), explanation._text(2), explanation._text(3)


def _keep(explanation: Explanation, texts: Texts | Written) -> None:
    vars(explanation)["_texts"] = texts


# The engine writes a text when it is first asked for. Whoever goes through the fields, as `==`, `asdict` and pydantic do, finds a
# tuple all the same.
setattr(Explanation, "_texts", property(_written, _keep))


def optional(build: Any, document: Any) -> Any:
    """What is built of a document, where there is one."""
    return None if document is None else build(document)


def _login(document: dict[str, Any]) -> Login:
    roles, ignored, provision = (document.pop(name) for name in ("roles", "ignored_groups", "provision"))
    return Login(
        **document,
        roles=optional(tuple, roles),
        ignored_groups=optional(ignored_groups, ignored),
        provision=optional(lambda provision: Provision(**provision), provision),
    )


def ignored_groups(documents: Any) -> tuple[IgnoredGroup, ...]:
    """The groups that give no role."""
    return tuple(IgnoredGroup(**group) for group in documents)


def keys_to_fetch(document: dict[str, Any]) -> KeysToFetch:
    """The keys that are needed, of a member of documents."""
    return KeysToFetch(**_with_remedies(document))


def rejection(document: dict[str, Any]) -> Rejection:
    """The reason of a refusal, of a member of documents."""
    return Rejection(**_with_remedies(_with_places(_with_tuples(document))))


def _check(document: dict[str, Any]) -> CheckReport:
    # Made as unpickling makes it: there are many, and `__init__` of a frozen dataclass takes its time.
    check = object.__new__(CheckReport)
    vars(check).update(_with_places(_with_tuples(document)))
    vars(check)["reads"] = optional(Reads._of, document["reads"])
    return check


def _advice(document: dict[str, Any]) -> Advice:
    return Advice(**_with_remedies(_with_places(document)))


def _with_remedies(document: dict[str, Any]) -> dict[str, Any]:
    document["remedies"] = tuple(map(Remedy._of, document["remedies"]))
    return document


def _with_places(document: dict[str, Any]) -> dict[str, Any]:
    if document.get("position"):
        document["position"] = Position(**document["position"])
    if document["range"]:
        document["range"] = Range._of(document["range"])
    return document


def _with_tuples(document: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in document.items()}
