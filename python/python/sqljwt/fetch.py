"""Who fetches what a login needs, keys and groups? A driver over HTTPS, with nothing but Python's own library.

    from sqljwt import Validator
    from sqljwt.fetch import Fetcher

    fetcher = Fetcher(Validator(settings))
    login = fetcher.validate(token, "alice")

The engine says which address is to be asked, what the answer is worth and for how long; here is only who asks, and who waits.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from ._native import Fetch, UserInfo, UserInfoFetch, ask_user_info
from .asking import Client, Deadline, Unanswered
from .errors import FetchFailed, KeysAwaited, KeysNeeded, LoginRefused, TokenRejected
from .explanation import Explanation
from .login import Identity, Login
from .said import inert, said
from .validator import KeyCache, Validator

__all__ = ["Fetcher"]

logger = logging.getLogger("sqljwt.fetch")

ROUNDS = 3
"""How often keys are had for one login: those that were fetched for another login may lack this one's, and then be too old to be
fetched anew for it."""


Answer = TypeVar("Answer", Login, Identity)


class Fetcher:
    """A validator that fetches what it needs, keys of issuers and groups of people: shared by as many threads as there are.

    Each issuer is asked for keys by one thread at a time, and the others wait for it. ``timeout`` bounds what one fetch takes altogether,
    in seconds; unless given it is ``server.jwt_authentication.client.timeout``, 15 seconds if that is not set. A login may wait for
    another one's fetch and then for its own: at most three times as long, and once more where the issuer has to say its groups.

    Trusted are the system's certificate authorities, ``server.jwt_authentication.issuers.custom_ca`` and those in ``ca_file``.
    ``proxies`` is a mapping such as ``{"https": "http://proxy.example:3128"}``, empty for none; None stands for what the environment
    says (``https_proxy``, ``no_proxy``).

    Raises:
        OSError: ``ca_file`` cannot be read.
        ValueError: the certificates of the settings are none.
    """

    def __init__(
        self,
        validator: Validator,
        *,
        timeout: float | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        self._timeout, self._ca_file, self._proxies = timeout, ca_file, proxies
        self._lock = threading.Lock()
        self._under_way: dict[str, _UnderWay] = {}
        self._cache = KeyCache(validator)
        self.follow(validator)

    def follow(self, validator: Validator) -> None:
        """Go over to new settings: what was fetched stays as long as it comes from the same places."""
        custom_ca = validator.settings.get("server.jwt_authentication.issuers.custom_ca") or ""
        ca_file = None if self._ca_file is None else os.fspath(self._ca_file)
        client = Client(ca_file=ca_file, custom_ca=custom_ca, proxies=self._proxies)
        self._seconds = validator._engine.fetch_timeout if self._timeout is None else self._timeout
        self._client = client
        self._cache.follow(validator)
        self._validator = validator.with_keys(self._cache)

    @property
    def validator(self) -> Validator:
        """The settings, judged by the keys that have been fetched; it fetches none."""
        return self._validator

    @property
    def cache(self) -> KeyCache:
        """The keys."""
        return self._cache

    def validate(self, token: str | bytes, user: str, *, now: float | None = None) -> Login:
        """Decide whether a token may log in as a SQL user, as :meth:`sqljwt.Validator.validate`; fetch what that takes, keys and groups.

        Raises:
            TokenRejected: the token may not log in; where the groups cannot be had, its ``__cause__`` says why.
            KeysNeeded: the keys cannot be had; its ``cause`` says why.
            TypeError: an argument is of the wrong type; the text names it.
            ValueError: ``user`` holds a lone surrogate, or ``now`` is no moment.
            InternalError: the engine met a bug.
        """
        # The moment of the login stays as it is while it waits: an answer that may not be kept is good for those who waited for it.
        moment = _moment(now)
        return self._decided(
            lambda judging: judging.validate(token, user, now=moment),
            lambda judging: ask_user_info(judging._engine, token, user, moment),
            now,
        )

    def identify(self, token: str | bytes, *, now: float | None = None) -> Identity:
        """Say who bears a token, as :meth:`sqljwt.Validator.identify`; raises what :meth:`validate` raises."""
        moment = _moment(now)
        return self._decided(
            lambda judging: judging.identify(token, now=moment),
            lambda judging: ask_user_info(judging._engine, token, None, moment),
            now,
        )

    def explain(self, token: str | bytes, user: str, *, now: float | None = None) -> Explanation:
        """Decide as :meth:`validate` does, and tell everything there is to tell about it."""
        moment, last = _moment(now), self._validator

        def decide(judging: Validator) -> Login:
            nonlocal last
            last = judging
            return judging.validate(token, user, now=moment)

        with suppress(LoginRefused):
            self._decided(decide, lambda judging: ask_user_info(judging._engine, token, user, moment), now)
        return last.explain(token, user, now=moment)

    def renew(self, issuer: str, *, now: float | None = None) -> None:
        """Fetch an issuer's keys although no login waits for them: called before they are stale, it spares every login the wait.

        Raises:
            FetchFailed: they cannot be had.
            KeysAwaited: somebody else is fetching them, or they could not be had a moment ago.
        """
        self._fetch(issuer, lambda: self._cache.renew(issuer, now=_moment(now)))

    def _decided(
        self, decide: Callable[[Validator], Answer], ask: Callable[[Validator], UserInfoFetch | None], now: float | None
    ) -> Answer:
        """What is decided once everything is known that can be had; ``ask`` begins to ask for groups."""
        try:
            return self._with_keys(decide, now)
        except TokenRejected as rejected:
            if rejected.userinfo_needed is None:
                raise
            judging = self._with_user_info(rejected.userinfo_needed.issuer, ask)
            if isinstance(judging, FetchFailed):
                raise rejected from judging
        return decide(judging)

    def _with_keys(self, decide: Callable[[Validator], Answer], now: float | None) -> Answer:
        for _ in range(ROUNDS):
            try:
                return decide(self._validator)
            except KeysNeeded as needed:
                try:
                    self._fetch(needed.issuer, _started(self._cache, needed, now))
                except (FetchFailed, KeysAwaited):
                    break
        return decide(self._validator)

    def _with_user_info(self, issuer: str, ask: Callable[[Validator], UserInfoFetch | None]) -> Validator | FetchFailed:
        """The validator with what the issuer knows of the bearer of a token, or why that cannot be had."""
        validator, deadline = self._validator, Deadline(self._seconds)
        failure = None
        try:
            asked: UserInfoFetch | UserInfo | None = ask(validator)
            while isinstance(asked, UserInfoFetch):
                asked = self._answered(asked, deadline)
        except FetchFailed as error:
            # An address that is out of order may send back what it was asked with.
            failure = FetchFailed(error.fault, said(error.message), error.remedy)
        if failure is not None:
            logger.warning("userinfo of issuer `%s`: %s", inert(issuer), failure)
            return failure
        if not isinstance(asked, UserInfo):
            # Meanwhile there is nothing to ask any more.
            return validator
        logger.info("userinfo of issuer `%s`: fetched", inert(issuer))
        return validator._informed(asked)

    def _answered(self, asked: UserInfoFetch, deadline: Deadline) -> UserInfoFetch | UserInfo:
        try:
            answer = self._client.get(asked.url, asked.headers, deadline.left())
        except (Unanswered, TimeoutError) as error:
            message = f"`{asked.url}` gave no answer: {_why(error)}"
            raise FetchFailed("unreachable", message, "see that this host reaches the address, and trusts its certificate") from None
        return asked.answer(*answer)

    def _fetch(self, issuer: str, begin: Callable[[], Fetch | None]) -> None:
        """Fetch keys, or wait for whoever does."""
        with self._lock:
            other = self._under_way.get(issuer)
            fetch = None if other is not None else begin()
            if fetch is not None:
                mine = self._under_way[issuer] = _UnderWay()
        if other is not None:
            other.wait(self._seconds)
        elif fetch is not None:
            try:
                mine.failure = self._carried_out(fetch)
            finally:
                with self._lock:
                    del self._under_way[issuer]
                mine.over.set()
            mine.wait(0)

    def _carried_out(self, fetch: Fetch) -> FetchFailed | None:
        """Ask what is to be asked, one address after the other."""
        issuer, deadline = fetch.issuer, Deadline(self._seconds)
        open_fetch: Fetch | None = fetch
        failure = None
        while open_fetch is not None and failure is None:
            try:
                answer = self._client.get(open_fetch.url, open_fetch.headers, deadline.left())
            except (Unanswered, TimeoutError) as error:
                failure = self._cache.give_up(open_fetch, _why(error))
            except BaseException:
                self._cache.give_up(open_fetch, "the thread that asked was stopped")
                raise
            else:
                try:
                    open_fetch = self._cache.answer(open_fetch, *answer)
                except FetchFailed as error:
                    failure = error
        if failure is None:
            logger.info("keys of issuer `%s`: fetched, fresh until %s", inert(issuer), self._cache.fresh_until(issuer))
        else:
            logger.warning("keys of issuer `%s`: %s", inert(issuer), inert(str(failure)))
        return failure


class _UnderWay:
    """A fetch that one thread makes, and for which others wait."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.failure: FetchFailed | None = None

    def wait(self, seconds: float) -> None:
        """Wait for its end, and fail as it did."""
        if not self.over.wait(seconds):
            raise KeysAwaited(int(time.time()))
        if self.failure is not None:
            raise FetchFailed(*self.failure.args)


def _started(cache: KeyCache, needed: KeysNeeded, now: float | None) -> Callable[[], Fetch | None]:
    return lambda: cache.start(needed.issuer, refresh=needed.refresh, now=_moment(now))


def _why(error: Exception) -> str:
    return str(error) or "no time is left for it"


def _moment(now: float | None) -> float:
    """The moment of a request: that of the login where one is given, otherwise the present, by Python's clock."""
    return time.time() if now is None else now
