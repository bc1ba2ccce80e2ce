"""An identity provider on this machine: it publishes its keys over HTTP, changes them, and mints tokens good and bad.

:class:`LocalIssuer` serves a discovery document and a key set. :func:`look_alikes` mints tokens that look like those of real
providers, the good and the wrong ones of ``tests/samples/lookalikes.json``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqljwt.testing import OMIT, Issuer, SigningKey
from sqljwt.testing.keys import base64url, encoded, signed, without_none

LOOK_ALIKES = Path(__file__).resolve().parent.parent / "samples" / "lookalikes.json"

KEYS_KEPT = 2
"""So many keys are published beside the one that signs: who logs in slowly has a token of an older one."""


class LocalIssuer:
    """Serves ``/.well-known/openid-configuration`` and ``/keys`` on a port of this machine until :meth:`close`.

    ``requests`` are the paths that were asked for. ``is_down`` makes it answer 503. ``delay`` is how long each answer takes, in seconds.
    """

    def __init__(self, *, audience: str = "db-login", max_age: int = 300, kept: int = KEYS_KEPT) -> None:
        self.max_age = max_age
        self._kept = kept
        self.is_down = False
        self.delay = 0.0
        self.requests: list[str] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *arguments: _Handler(self, *arguments))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.idp = Issuer(self.url, audience=audience)
        self.audience = audience
        self._signing = self.idp.key
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Listens no more."""
        self._server.shutdown()
        self._server.server_close()

    # Settings.

    def settings(self, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Settings that let its tokens in by keys that are fetched from it; those whose value is ``OMIT`` are left out."""
        settings = {
            "server.jwt_authentication.enabled": True,
            "server.jwt_authentication.issuers": self.url,
            "server.jwt_authentication.audience": self.audience,
            "server.jwt_authentication.jwks_auto_fetch.enabled": True,
            **(changes or {}),
        }
        return {name: value for name, value in settings.items() if value is not OMIT}

    def settings_with_keys(self, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Settings that hold the keys that it has now, and fetch none."""
        keys = {"server.jwt_authentication.jwks_auto_fetch.enabled": OMIT, "server.jwt_authentication.jwks": self.jwks()}
        return self.settings({**keys, **(changes or {})})

    # Keys.

    def jwks(self) -> dict[str, Any]:
        """The key set that it publishes."""
        with self._lock:
            return self.idp.jwks()

    def announce(self) -> None:
        """Publishes a new key that does not sign yet."""
        with self._lock:
            self.idp.rotate(keep=self._kept)

    def switch(self) -> None:
        """Signs with the newest key from now on."""
        self._signing = self.idp.key

    def rotate(self) -> None:
        """Publishes a new key and signs with it at once: who has fetched the keys before does not know it."""
        self.announce()
        self.switch()

    # Tokens.

    def token(self, claims: Mapping[str, Any] | None = None, *, header: Mapping[str, Any] | None = None, **more: Any) -> str:
        """A good token; claims as :class:`sqljwt.testing.Issuer` takes them, ``now`` and ``lifetime`` too."""
        return self._signed(self._signing, self.idp.claims(claims, **more), header)

    def bad(self, kind: str, claims: Mapping[str, Any] | None = None, **more: Any) -> str:
        """A token that is wrong in one way: ``sqljwt.testing.BAD_TOKENS`` lists the kinds, each with its code."""
        return self.idp.bad(kind, claims, **more)

    def expired(self, **claims: Any) -> str:
        """A token of an hour that ended an hour ago."""
        return self.token(now=time.time() - 7200, **claims)

    def forged(self, **claims: Any) -> str:
        """Signed by somebody else under the id of the key that signs now."""
        stranger = SigningKey.generate(self._signing.id, self.idp.algorithm)
        return self._signed(stranger, self.idp.claims(**claims))

    def cut(self, length: int, **claims: Any) -> str:
        """What is left where passwords are cut at that many bytes: the beginning of a longer token."""
        return self.padded(length + 400, **claims)[:length]

    def padded(self, length: int, **claims: Any) -> str:
        """A good token of exactly that many bytes."""
        plain = len(self.token(padding="", **claims))
        # Three bytes make four characters, and no text has a length of 4n + 1: a longer header makes up for the rest.
        for more in range(4):
            header = {"x": "x" * more}
            for padding in range(max(0, (length - plain) * 3 // 4 - 8), max(0, (length - plain) * 3 // 4) + 4):
                if self._length(padding, header, claims) == length:
                    return self.token(padding="x" * padding, header=header, **claims)
        raise ValueError(f"no token of {length} bytes: the shortest has {plain}")

    def _length(self, padding: int, header: Mapping[str, Any], claims: Mapping[str, Any]) -> int:
        head = encoded(self._header(self._signing, header))
        body = encoded(self.idp.claims(padding="x" * padding, **claims))
        return len(head) + 1 + len(body) + 1 + len(base64url(bytes(64)))

    def _signed(self, key: SigningKey, claims: dict[str, Any], header: Mapping[str, Any] | None = None) -> str:
        return signed(key, self._header(key, header), claims)

    def _header(self, key: SigningKey, changes: Mapping[str, Any] | None) -> dict[str, Any]:
        return self.idp.header({"alg": key.algorithm, "kid": key.id, **(changes or {})})


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, issuer: LocalIssuer, *arguments: Any) -> None:
        self.issuer = issuer
        super().__init__(*arguments)

    def do_GET(self) -> None:
        issuer = self.issuer
        issuer.requests.append(self.path)
        time.sleep(issuer.delay)
        documents = {
            "/.well-known/openid-configuration": {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"},
            "/keys": issuer.jwks(),
        }
        document = documents.get(self.path)
        body = json.dumps(document).encode()
        self.send_response(503 if issuer.is_down else 404 if document is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", f"max-age={issuer.max_age}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing: the tests count what was asked."""


# Look-alikes.

SAMPLES_NOW = 1_800_000_000
"""The moment that the samples are about."""

SHORT_NAMES = {
    "issuers": "server.jwt_authentication.issuers",
    "audience": "server.jwt_authentication.audience",
    "claim": "server.jwt_authentication.claim",
    "map": "server.identity_map.configuration",
    "fetch": "server.jwt_authentication.jwks_auto_fetch.enabled",
    "groups": "server.jwt_authentication.group_claim",
}


@dataclass(frozen=True)
class LookAlike:
    """A token that looks like a provider's, and the settings that it is shown to."""

    about: str
    settings: dict[str, Any]
    user: str
    token: str
    code: str | None
    """What it is refused with; None for the good one."""


def look_alikes(wrong: bool = True) -> Iterator[LookAlike]:
    """The good token of each provider, and after it the wrong ones."""
    ours, strangers = _keys(), _keys()
    for provider in json.loads(LOOK_ALIKES.read_text()):
        for changes in [{"about": "the good one"}, *(provider["wrong"] if wrong else ())]:
            header = without_none({**provider["header"], **changes.get("header", {})})
            claims = without_none({**provider["claims"], **changes.get("claims", {})})
            signing = (strangers if changes.get("stranger") else ours)[header["alg"]]
            trusted = {**ours[provider["header"]["alg"]].public_jwk(), "kid": provider["header"]["kid"]}
            yield LookAlike(
                about=f"{provider['title']}: {changes['about']}",
                settings=_settings({**provider["settings"], **changes.get("settings", {})}, trusted),
                user=provider["user"],
                token=signed(signing, header, _now(claims)),
                code=None if "decision" not in changes else changes.get("code", "keys_needed"),
            )


def _keys() -> dict[str, SigningKey]:
    algorithms = ("RS256", "ES256", "EdDSA")
    return {algorithm: SigningKey.generate("key-1", algorithm) for algorithm in algorithms}


def _settings(short: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    settings = {
        "server.jwt_authentication.enabled": True,
        "server.jwt_authentication.jwks": {"keys": [key]},
        **{SHORT_NAMES[name]: value for name, value in short.items()},
    }
    if "groups" in short:
        settings["server.jwt_authentication.authorization.enabled"] = True
    return settings


def _now(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims, made as long ago as they were in the samples."""
    later = int(time.time()) - SAMPLES_NOW
    times = {name: claims[name] + later for name in ("iat", "nbf", "exp") if isinstance(claims.get(name), int)}
    return {**claims, **times}
