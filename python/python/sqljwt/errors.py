"""What can be raised, and what each says.

Everything that is not a :class:`~sqljwt.Login` is a :class:`LoginRefused`: catching that one class fails closed. Texts are for the
administrator; ``client_message`` and ``client_detail`` are what the person who logs in may see. No exception carries the
token in its text, its ``repr`` or its pickle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._native import Attempt, Texts
from .explanation import Explanation, UserInfoToAsk
from .names import Check, FetchFault, ReasonCode
from .said import inert


class LoginRefused(Exception):
    """Nobody logs in."""


class _Explained(LoginRefused):
    """A refusal that can explain itself."""

    _attempt: Attempt | None = None
    _explanation: Explanation | None = None

    @property
    def explanation(self) -> Explanation:
        """Everything there is to tell about the attempt, worked out when first asked for."""
        # Read first: another thread may be working it out, and lets go of the attempt after that.
        attempt = self._attempt
        if self._explanation is None:
            if attempt is None:
                raise AttributeError("this refusal was made by hand: there is no attempt to explain")
            self._explanation = Explanation._of(attempt.explain())
            self._attempt = None
        return self._explanation

    def __reduce__(self) -> tuple[Any, ...]:
        if self._attempt is not None:
            # The copy carries the explanation: the attempt would carry the token.
            _ = self.explanation
        return _copy, (type(self), self.args, vars(self))


def _copy(kind: type[Exception], args: tuple[Any, ...], members: dict[str, Any]) -> Exception:
    """An exception as it was, whatever its constructor takes."""
    copy = kind.__new__(kind, *args)
    vars(copy).update(members)
    return copy


class TokenRejected(_Explained):
    """The token may not log in, for one reason: the first check that failed in the profile's order."""

    code: ReasonCode
    """The reason, for programs."""
    number: int
    """The reason's number, 1000 to 9999."""
    check: Check
    """The check that failed."""
    detail: str
    """The fact with both sides, for the administrator: what was expected and what the token says."""
    remedy: str
    """What to change, and where."""
    setting: str | None
    """The setting that decided."""
    expected: tuple[str, ...] | None
    """What the setting or the rule allows."""
    actual: tuple[str, ...] | None
    """What the token or the login says."""
    client_message: str
    """What the client may be told."""
    client_detail: str | None
    """The DETAIL that the client may be told; always None in the ``hardened`` profile."""
    sqlstate: str
    """The SQLSTATE of the client's error."""
    userinfo_needed: UserInfoToAsk | None
    """Whom to ask for the person's groups, when nothing else is missing: :class:`sqljwt.fetch.Fetcher` does."""

    def __init__(
        self,
        code: ReasonCode,
        number: int,
        check: Check,
        detail: str,
        remedy: str,
        setting: str | None,
        expected: tuple[str, ...] | None,
        actual: tuple[str, ...] | None,
        client_message: str,
        client_detail: str | None,
        sqlstate: str,
        userinfo_needed: UserInfoToAsk | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.number = number
        self.check = check
        self.detail = detail
        self.remedy = remedy
        self.setting = setting
        self.expected = expected
        self.actual = actual
        self.client_message = client_message
        self.client_detail = client_detail
        self.sqlstate = sqlstate
        self.userinfo_needed = userinfo_needed

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class KeysNeeded(_Explained):
    """The issuer's keys have to be fetched before anything can be decided. The engine itself never fetches:
    :class:`sqljwt.fetch.Fetcher` does, and :class:`sqljwt.KeyCache` is for whoever has an HTTP client of their own."""

    issuer: str
    """The issuer whose keys are needed, as configured."""
    kid: str | None
    """The id of the key that the token names."""
    discovery_url: str | None
    """The address of the issuer's discovery document, whose ``jwks_uri`` names the key set."""
    jwks_url: str | None
    """The address of the key set itself, where the settings give it."""
    cause: str
    """Why the keys are needed, and what became of those that there were."""
    refresh: bool
    """Whether fresh keys are there without the one that the token names: then caches on the way are to be passed over."""
    client_message: str
    """What the client may be told."""
    client_detail: str | None
    """The DETAIL that the client may be told; always None in the ``hardened`` profile."""
    sqlstate: str
    """The SQLSTATE of the client's error."""

    def __init__(
        self,
        issuer: str,
        kid: str | None,
        discovery_url: str | None,
        jwks_url: str | None,
        cause: str,
        refresh: bool,
        client_message: str,
        client_detail: str | None,
        sqlstate: str,
    ) -> None:
        super().__init__(issuer, cause)
        self.issuer = issuer
        self.kid = kid
        self.discovery_url = discovery_url
        self.jwks_url = jwks_url
        self.cause = cause
        self.refresh = refresh
        self.client_message = client_message
        self.client_detail = client_detail
        self.sqlstate = sqlstate

    def __str__(self) -> str:
        return f"the keys of issuer `{self.issuer}` are needed: {self.cause}"


class FetchFailed(LoginRefused):
    """What a login takes of its issuer could not be had, or what came back is of no use: nobody logs in by it."""

    fault: FetchFault
    """Why, for programs."""
    message: str
    """The fact, for people."""
    remedy: str
    """What can be done."""

    def __init__(self, fault: FetchFault, message: str, remedy: str) -> None:
        super().__init__(fault, message, remedy)
        self.fault = fault
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.fault}: {self.message}"


class KeysAwaited(LoginRefused):
    """It is too early to fetch an issuer's keys: somebody else is fetching them, or they could not be had a moment ago."""

    until: int
    """When it is not any more, in Unix seconds, if nothing happens before."""

    def __init__(self, until: int) -> None:
        super().__init__(until)
        self.until = until

    def __str__(self) -> str:
        return f"the keys are being fetched, or could not be had just now: until {self.until}"


class RowUnreadable(LoginRefused):
    """A row of :meth:`~sqljwt.Validator.validate_many` that is no login attempt; its text says what it is instead."""


class InternalError(LoginRefused, RuntimeError):
    """The engine failed to decide: a bug, please report it. Nobody is logged in by it."""

    place: str
    """Where in the engine's source."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place

    def __str__(self) -> str:
        return f"the engine failed at {self.place}; this is a bug in sqljwt, please report it"


@dataclass(frozen=True)
class SettingsFault:
    """A fault of settings that cannot be used, beside the first one."""

    code: ReasonCode
    """The reason, one of the check ``settings``."""
    number: int
    """The reason's number."""
    setting: str | None
    """The setting at fault, when it is one."""
    line: int | None
    """The line of the settings text, the first being 1."""
    column: int | None
    """The character in that line, the first being 1."""
    message: str
    """The fact, with both sides."""
    remedy: str
    """What to change."""


class SettingsInvalid(ValueError):
    """Settings that cannot be used: which one, where, why, and what to write instead. It is the first of all their faults."""

    code: ReasonCode
    """The reason, one of the check ``settings``."""
    number: int
    """The reason's number."""
    setting: str | None
    """The setting at fault, when it is one."""
    line: int | None
    """The line of the settings text, the first being 1; where a dict was given, its first setting stands on line 2, and so on."""
    column: int | None
    """The character in that line, the first being 1."""
    message: str
    """The fact, with both sides."""
    remedy: str
    """What to change."""
    others: tuple[SettingsFault, ...]
    """The other faults of the same settings: those of the text in its order, then those of the values."""
    untold: int
    """How many more faults there are: a few dozen are told."""

    def __init__(
        self,
        code: ReasonCode,
        number: int,
        setting: str | None,
        line: int | None,
        column: int | None,
        message: str,
        remedy: str,
        others: tuple[SettingsFault, ...],
        untold: int,
        texts: Texts,
        verdict: str,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.number = number
        self.setting = setting
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
        self.others = others
        self.untold = untold
        self._texts = texts
        self._verdict = verdict
        self._seen = True

    @property
    def explanation(self) -> Explanation:
        """What holds of every login under these settings; :func:`sqljwt.explain` also judges one as far as that can be."""
        return Explanation._of(self._texts)

    def __str__(self) -> str:
        place = f" (line {self.line}, column {self.column})" if self.line and self._seen else ""
        count = len(self.others) + self.untold
        others = f", and {count} other fault{'' if count == 1 else 's'}" if count else ""
        return f"{_fact(self)}{place}{others}"

    def _in(self, file: str) -> str:
        """All faults of the settings in a file, as compilers write them: ``file:line:column: …``."""
        all_told: tuple[SettingsInvalid | SettingsFault, ...] = (self, *self.others)
        faults = [f"{_at(fault, file)}\n  Fix: {fault.remedy}" for fault in all_told]
        if self.untold:
            faults.append(f"{file}: {self.untold} more fault{'' if self.untold == 1 else 's'}")
        return "\n".join(inert(line) for fault in faults for line in fault.split("\n"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _copy, (type(self), self.args, vars(self))


def _at(fault: SettingsInvalid | SettingsFault, file: str) -> str:
    place = f":{fault.line}:{fault.column}" if fault.line else ""
    return f"{file}{place}: {_fact(fault)}"


def _fact(fault: SettingsInvalid | SettingsFault) -> str:
    return f"{fault.setting}: {fault.message}" if fault.setting else fault.message


class TokenUnreadable(ValueError):
    """A token that :func:`sqljwt.dangerous.decode_unverified` cannot take apart."""

    code: ReasonCode
    """What is wrong with its form."""
    summary: str
    """What the code means."""

    def __init__(self, code: ReasonCode, summary: str) -> None:
        super().__init__(code, summary)
        self.code = code
        self.summary = summary

    def __str__(self) -> str:
        return f"{self.code}: {self.summary}"
