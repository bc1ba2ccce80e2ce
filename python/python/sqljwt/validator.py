"""May this token log in? Settings compiled once, asked as often as there are logins, and the keys that come and go meanwhile."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Protocol, Tuple, Union

from . import _native
from ._native import Engine, Fetch, KeyHistory, Keys, UserInfo, cores, decide_many, keys_document, roles_document
from .errors import FetchFailed, LoginRefused
from .explanation import Explanation
from .keys import KeysDocument
from .login import Identity, Login
from .names import Profile
from .roles import RolesDocument
from .settings import Settings, read, text_of

Row = Union[Tuple[Any, Any], Tuple[Any, Any, Any], Mapping[str, Any]]
"""One login attempt: ``(token, user)``, ``(token, user, now)`` or a mapping with these names."""

Membership = Union[str, Tuple[str, str]]
"""A role that somebody has: its name where it is granted to them, ``(role, through)`` where it comes with another that is."""

Records = Union[str, Iterable[str]]
"""Fetches that were written down, in JSON: a text or several, each with a record or an array of them."""

CHUNK = 256 * cores()
"""Rows decided at a time: some 10 ms of work for every core, so that Ctrl-C is noticed and memory stays small."""


class Validator:
    """Compiled settings: immutable, shared by as many threads as there are, and pickled as the settings' text.

    ``settings`` is a dict by the database's own setting names, a text (JSON, ``SET CLUSTER SETTING`` statements, or what
    ``SHOW CLUSTER SETTINGS`` prints), its bytes in UTF-8, or the path of a file that holds such a text.

    Raises:
        SettingsInvalid: a setting cannot be used; it says which, where and what to write instead.
        TypeError: ``settings`` is none of these.
        OSError: the file cannot be read.
        UnicodeDecodeError: bytes, or the file's, are no UTF-8.

    >>> validator = Validator("SET CLUSTER SETTING server.jwt_authentication.enabled = false")
    >>> validator.settings
    {'server.jwt_authentication.enabled': False}
    """

    __slots__ = ("_engine", "_given", "_text")

    def __init__(self, settings: Settings) -> None:
        self._given: tuple[object, ...] = ()
        with read(settings) as text:
            self._text = text
            self._engine = Engine(text)

    def with_keys(self, cache: KeyCache) -> Validator:
        """The same settings, judged by the keys that the cache has at each login: those that come later too.

        No login waits for a lock. Such a validator is not pickled: the keys are this process's.
        """
        if not isinstance(cache, KeyCache):
            raise TypeError(f"argument 'cache': expected a KeyCache, not {type(cache).__name__}")
        return self._with(cache._keys.judging(self._engine), cache)

    def with_keys_at(self, history: KeyHistory, moment: float) -> Validator:
        """The same settings with the keys of a moment of the past, in Unix seconds: for logins of that very moment.

        What nobody can say by the fetches of the history is refused as ``keys_unavailable``, whose text says what is missing.

        >>> record = '{"issuer": "https://idp.example", "at": 1800000000, "answers": []}'
        >>> validator = Validator({}).with_keys_at(KeyHistory(record), 1_800_000_000)
        """
        if not isinstance(history, KeyHistory):
            raise TypeError(f"argument 'history': expected a KeyHistory, not {type(history).__name__}")
        return self._with(history._judging(self._engine, moment), history, moment)

    def with_user_info(self, token: str | bytes, status: int, body: str) -> Validator:
        """The same settings with what the issuer's userinfo endpoint has answered to a request with this token.

        It counts for that token alone, where the token does not say which groups its bearer is in. ``status`` is the answer's HTTP
        status, ``body`` its text. :class:`sqljwt.fetch.Fetcher` does the asking.

        Raises:
            FetchFailed: the answer is of no use.
        """
        return self._informed(UserInfo(token, status, body))

    def _informed(self, user_info: UserInfo) -> Validator:
        return self._with(user_info._judging(self._engine), user_info)

    def _with(self, engine: Engine, *given: object) -> Validator:
        validator = object.__new__(Validator)
        validator._engine, validator._text, validator._given = engine, self._text, (*self._given, *given)
        return validator

    @property
    def settings(self) -> dict[str, Any]:
        """The settings, by the database's own names."""
        settings: dict[str, Any] = json.loads(self._engine.settings)
        return settings

    @property
    def profile(self) -> Profile:
        """Whose rules decide: ``hardened`` unless ``engine.profile`` says otherwise."""
        return self._engine.profile

    @property
    def ignored(self) -> tuple[str, ...]:
        """The names in the settings text that have nothing to do with token logins and were passed over."""
        return tuple(self._engine.ignored)

    def validate(self, token: str | bytes, user: str, *, now: float | None = None) -> Login:
        """Decide whether a token may log in as a SQL user.

        Args:
            token: the token, exactly as the client sent it.
            user: the requested SQL user; empty to log in as the only one that the token gives.
            now: the moment of the login in Unix seconds; the present unless given.

        Raises:
            TokenRejected: the token may not log in; the exception says why and what would mend it.
            KeysNeeded: the issuer's keys have to be fetched first; :class:`sqljwt.fetch.Fetcher` does that too.
            TypeError: an argument is of the wrong type; the text names it.
            ValueError: ``user`` holds a lone surrogate, or ``now`` is no moment.
            InternalError: the engine met a bug.
        """
        return self._engine.decide(token, user, now)

    def explain(self, token: str | bytes, user: str, *, now: float | None = None) -> Explanation:
        """Decide as :meth:`validate` does, and tell everything there is to tell about it.

        It takes the same arguments, and raises only what :meth:`validate` raises for unfit arguments and for bugs. Its text is for the
        administrator, not for the client.
        """
        return Explanation._of(self._engine.explain(token, user, now))

    def identify(self, token: str | bytes, *, now: float | None = None) -> Identity:
        """Say who bears a token, by every check but those of the SQL user: for a server that maps names to users itself.

        Raises what :meth:`validate` raises. The ``explanation`` of such a refusal is that of a login as the token's only user, who may be
        refused for another reason before.
        """
        return self._engine.identify(token, now)

    def roles(
        self,
        token: str | bytes,
        user: str,
        *,
        memberships: Iterable[Membership] = (),
        existing_roles: Iterable[str] | None = None,
        now: float | None = None,
    ) -> RolesDocument:
        """Tell what a login would do to the roles of its SQL user: a dry run, nothing is granted by asking.

        Args:
            memberships: the roles that the user has in the database.
            existing_roles: the roles of the database; where they are not given, every role that can have its name counts as one.

        The other arguments are those of :meth:`validate`. It raises only what that raises for unfit arguments and for bugs.
        """
        return RolesDocument._of(roles_document(self._engine, token, user, memberships, existing_roles, now))

    def keys(
        self, tokens: Iterable[str | bytes] = (), *, records: Records = (), now: float | None = None
    ) -> KeysDocument:
        """Tell which keys there are, which of them can be used, and which have signed these tokens.

        ``records`` are fetches in their order: how the keys followed each other in them is told too. They change nothing about the keys
        that there are: those of the cache that the validator was given :meth:`with_keys`.

        Raises:
            FetchFailed: ``records`` are none.
            TypeError: an argument is of the wrong type; the text names it.
            ValueError: ``now`` is no moment.
            InternalError: the engine met a bug.
        """
        return KeysDocument._of(keys_document(self._engine, records, tokens, now))

    def validate_many(self, rows: Iterable[Row]) -> Iterator[Login | LoginRefused]:
        """Decide many logins on all cores, in their order.

        A row is ``(token, user)``, ``(token, user, now)`` or a mapping with these names; without ``now`` it is decided as of the moment it
        is read. Yields a :class:`Login`, or the refusal as a value: nothing is raised for a bad row, and one that is no login attempt is a
        :class:`RowUnreadable`. Rows are read and answered a few hundred at a time.

        Raises:
            TypeError: ``rows`` cannot be iterated over.

        >>> [outcome.code for outcome in Validator({}).validate_many([("", "alice"), ("x", "bob")])]
        ['disabled', 'disabled']
        """
        try:
            remaining = iter(rows)
        except TypeError as error:
            raise TypeError(f"argument 'rows': {error}") from None
        chunks = iter(lambda: list(islice(remaining, CHUNK)), [])
        return chain.from_iterable(decide_many(self._engine, chunk) for chunk in chunks)

    def __repr__(self) -> str:
        return f"Validator({self.profile}, {len(self.settings)} settings)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Validator):
            return NotImplemented
        is_same = len(self._given) == len(other._given) and all(map(operator.is_, self._given, other._given))
        return is_same and self._engine.settings == other._engine.settings

    def __hash__(self) -> int:
        return hash(self._engine.settings)

    def __reduce__(self) -> tuple[type[Validator], tuple[str]]:
        if self._given:
            raise TypeError("a validator with keys is not pickled: pickle the one without, and what `KeyCache.record` gives")
        return Validator, (self._text,)


class HasItems(Protocol):
    """What HTTP clients give header fields as."""

    def items(self) -> Iterable[tuple[str, str]]:
        """The pairs of names and values."""


Headers = Union[HasItems, Iterable[Tuple[str, str]]]
"""The header fields of an answer: pairs, or what has them as its items."""


class KeyCache:
    """The fetched keys of the issuers whose keys the settings fetch (``jwks_auto_fetch``): shared by as many threads as there are.

    It opens no connection: it says what to ask, and takes what came back. :class:`sqljwt.fetch.Fetcher` does the asking.

    >>> validator = Validator({
    ...     "server.jwt_authentication.enabled": True,
    ...     "server.jwt_authentication.issuers": "https://idp.example",
    ...     "server.jwt_authentication.audience": "db-login",
    ...     "server.jwt_authentication.jwks_auto_fetch.enabled": True,
    ... })
    >>> cache = KeyCache(validator)
    >>> fetch = cache.start("https://idp.example")
    >>> fetch.url
    'https://idp.example/.well-known/openid-configuration'
    >>> answer = b'{"issuer": "https://idp.example", "jwks_uri": "https://idp.example/keys"}'
    >>> fetch = cache.answer(fetch, 200, {}, answer)
    >>> fetch.url
    'https://idp.example/keys'
    >>> print(cache.answer(fetch, 200, {"Cache-Control": "max-age=300"}, b'{"keys": []}'))
    None
    >>> judging = validator.with_keys(cache)
    """

    __slots__ = ("_keys",)

    def __init__(self, validator: Validator) -> None:
        self._keys = Keys(validator._engine)

    def follow(self, validator: Validator) -> None:
        """Go over to new settings: what was fetched stays as long as it comes from the same places, otherwise everything goes."""
        self._keys.follow(validator._engine)

    @property
    def issuers(self) -> tuple[str, ...]:
        """The issuers whose keys are fetched, whether any are there or not."""
        return tuple(self._keys.issuers)

    def fresh_until(self, issuer: str) -> int | None:
        """From when on the keys of an issuer are stale, in Unix seconds; None where none are held."""
        return self._keys.fresh_until(issuer)

    def start(self, issuer: str, *, refresh: bool = False, now: float | None = None) -> Fetch | None:
        """Begin to fetch the keys that a login needs, as :class:`~sqljwt.KeysNeeded` says it; for a while nobody else does.

        ``now`` is the moment of the request in Unix seconds, the present unless given: how long the keys count is reckoned from it.
        Gives what to ask, or None when the validator is to be asked again at once.

        Raises:
            KeysAwaited: somebody else is fetching them, or they could not be had a moment ago.
            FetchFailed: there is nothing to fetch.
        """
        return self._keys.start(issuer, refresh, now)

    def renew(self, issuer: str, *, now: float | None = None) -> Fetch | None:
        """Begin to fetch keys although no login waits for them: before those that are there are stale. As :meth:`start` otherwise."""
        return self._keys.renew(issuer, now)

    def answer(self, fetch: Fetch, status: int, headers: Headers, body: bytes) -> Fetch | None:
        """Take the answer to a fetch: its status code, all its header fields, and its body without transfer and content coding.

        A body of more than 1 MiB is of no use: read no further than that. Gives what to ask next, or None when the keys are there.

        Raises:
            FetchFailed: the answer is of no use; for a few seconds nobody asks this issuer again.
            ValueError: the fetch is over already.
        """
        try:
            pairs = list(headers.items() if hasattr(headers, "items") else headers)
        except TypeError as error:
            raise TypeError(f"argument 'headers': {error}") from None
        return self._keys.answer(fetch, status, pairs, body)

    def give_up(self, fetch: Fetch, why: str) -> FetchFailed:
        """End a fetch to which no answer came, and say why: a clause such as ``connection refused``. Gives what to raise or to log."""
        return self._keys.give_up(fetch, why)

    def replay(self, records: str) -> None:
        """Take over fetches that were written down, in JSON: one record or an array of them, with all checks, as if they were made now.

        A fetch that failed leaves what there was, and why it failed is told when keys are lacking.

        Raises:
            FetchFailed: the text is no such record.
        """
        self._keys.replay(records)

    def record(self, issuer: str) -> str | None:
        """The fetch that gave an issuer its keys, as JSON: to be written down for other processes. None where none are held."""
        return self._keys.record(issuer)

    def __repr__(self) -> str:
        held = sum(self.fresh_until(issuer) is not None for issuer in self.issuers)
        return f"KeyCache({held} of {len(self.issuers)} issuers)"


def explain(settings: Settings, token: str | bytes, user: str, *, now: float | None = None) -> Explanation:
    """Explain a login under settings that may be unusable; then the reason says where their fault stands, and the token is shown.

    Whoever asks more than once makes a :class:`Validator`. The settings are what it takes, and the other arguments what
    :meth:`Validator.explain` takes.

    Raises:
        TypeError: an argument is of the wrong kind.
        OSError: the file cannot be read.
        UnicodeDecodeError: bytes, or the file's, are no UTF-8.

    >>> explain({"server.jwt_authentication.enabled": "often"}, "not a token", "alice").reason.code
    'setting_wrong_type'
    """
    return Explanation._of(_native.explain(text_of(settings), token, user, now))
