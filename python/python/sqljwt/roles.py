"""What would a login do to somebody's roles? The engine's JSON document of a dry run, as dataclasses: nothing is granted by asking."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

# Not for type checkers alone: pydantic and others read the annotations while the program runs.
from .explanation import KeysToFetch, Rejection, UserInfoToAsk, ignored_groups, keys_to_fetch, optional, rejection
from .login import IgnoredGroup
from .names import Decision, Profile


@dataclass(frozen=True)
class RolePlan:
    """What the database does about somebody's roles: first it revokes, then it grants. What was granted by hand is lost."""

    grant: tuple[str, ...]
    """The roles to grant, in the order of the groups."""
    revoke: tuple[str, ...]
    """The roles to revoke, sorted."""
    ignored: tuple[IgnoredGroup, ...]
    """The groups that are no roles here, and why."""
    lost: tuple[str, ...]
    """The roles that go with those that are revoked, because the person had them through these alone; sorted."""


@dataclass(frozen=True)
class RolesDocument:
    """What a login would do to the roles of its SQL user."""

    decision: Decision
    profile: Profile
    user: str | None
    """The SQL user; None where nobody logs in."""
    plan: RolePlan | None
    """None where the login changes no role: groups are not synchronised, or it is refused. A login that is refused because the token has no
    group revokes every role all the same."""
    statements: tuple[str, ...]
    """The statements that carry the plan out."""
    summary: str | None
    """The plan in one line, for people; None where the login is refused and nothing is changed."""
    keys_needed: KeysToFetch | None
    userinfo_needed: UserInfoToAsk | None
    """Whom to ask for the person's groups, when nothing else is missing."""
    reason: Rejection | None
    """The reason, when the login is refused."""
    ignored: tuple[str, ...]
    """Names in the settings text that were passed over."""
    _text: str = field(repr=False)

    @property
    def accepted(self) -> bool:
        """Whether the token may log in."""
        return self.decision == "accept"

    def to_json(self) -> str:
        """The engine's JSON document, byte for byte as every face of the engine gives it."""
        return self._text

    @classmethod
    def _of(cls, text: str) -> RolesDocument:
        document = json.loads(text)
        return cls(
            decision=document["decision"],
            profile=document["profile"],
            user=document["user"],
            plan=optional(_plan, document["plan"]),
            statements=tuple(document["statements"]),
            summary=document["summary"],
            keys_needed=optional(keys_to_fetch, document.get("keys_needed")),
            userinfo_needed=optional(lambda needed: UserInfoToAsk(**needed), document.get("userinfo_needed")),
            reason=optional(rejection, document["reason"]),
            ignored=tuple(document["ignored"]),
            _text=text,
        )


def _plan(document: dict[str, list[str]]) -> RolePlan:
    grant, revoke, lost = (tuple(document[name]) for name in ("grant", "revoke", "lost"))
    return RolePlan(grant=grant, revoke=revoke, ignored=ignored_groups(document["ignored"]), lost=lost)
