"""An identity provider on this machine, over HTTP or HTTPS, that can be made to misbehave in every way that servers do."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import socketserver
import ssl
import threading
from pathlib import Path
from typing import Any, Callable, Iterator

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sqljwt.testing import Issuer

FRESH = "Cache-Control: max-age=300\r\n"


class HttpIssuer:
    """Serves a discovery document and a key set; ``trouble`` is how it fails, and nothing while it does not."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.trouble: Trouble | None = None
        self.freshness = FRESH
        self.asked: list[str] = []
        """The first line of every request."""
        self.shown: list[tuple[str, str]] = []
        """The path of every request that came with credentials, and these."""
        self.person: dict[str, Any] = {"sub": "alice", "groups": ["readers", "writers"]}
        """What its userinfo endpoint knows of whoever asks."""
        self._over = threading.Event()
        self._server = self._listen(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._server.server_address  # type: ignore[assignment]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.address[1]}"
        self.idp = Issuer(self.url)
        self.keys = self.idp.jwks()["keys"]

    def settings(self, **more: Any) -> dict[str, Any]:
        """Settings that fetch its keys."""
        settings = {**self.idp.settings(), "server.jwt_authentication.jwks_auto_fetch.enabled": True, **more}
        del settings["server.jwt_authentication.jwks"]
        return settings

    def rotate(self) -> None:
        """Sign with a new key from now on; the last one stays published for the tokens that it has signed."""
        self.idp.rotate()
        self.keys = self.idp.jwks()["keys"]

    def document(self, path: str) -> str:
        """What it serves at a path while nothing troubles it."""
        if path.endswith("openid-configuration"):
            return json.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/keys", "userinfo_endpoint": f"{self.url}/userinfo"})
        if path == "/userinfo":
            return json.dumps(self.person)
        return json.dumps({"keys": self.keys})

    def answer(self, body: str, status: str = "200 OK", more: str = "") -> bytes:
        """A whole answer."""
        return f"HTTP/1.1 {status}\r\n{self.freshness}{more}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    def go_down(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        """Listen again, and behave."""
        self.trouble = None
        if self._server.socket.fileno() < 0:
            self._server = self._listen(self.address)

    def close(self) -> None:
        """For good."""
        self._over.set()
        if self._server.socket.fileno() >= 0:
            self.go_down()

    def _listen(self, address: tuple[str, int]) -> socketserver.ThreadingTCPServer:
        server = _Server(address, lambda *arguments: _Handler(self, *arguments))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *arguments: Any) -> None:
        """Whoever asked has gone away: that is what is tested."""


class _Handler(socketserver.BaseRequestHandler):
    def __init__(self, issuer: HttpIssuer, *arguments: Any) -> None:
        self.issuer = issuer
        super().__init__(*arguments)

    def handle(self) -> None:
        sock: socket.socket = self.request
        sock.settimeout(30)
        if self.issuer._tls:
            sock = self.issuer._tls.wrap_socket(sock, server_side=True)
        with sock:
            request = b""
            while b"\r\n\r\n" not in request:
                data = sock.recv(4096)
                if not data:
                    return
                request += data
            first, *fields = request.decode("ascii").split("\r\n")
            self.issuer.asked.append(first)
            path = first.split(" ")[1]
            credentials = (field.partition(": ")[2] for field in fields if field.lower().startswith("authorization:"))
            self.issuer.shown.extend((path, shown) for shown in credentials)
            if self.issuer.trouble is None:
                sock.sendall(self.issuer.answer(self.issuer.document(path)))
            else:
                for part in self.issuer.trouble(self.issuer, path):
                    sock.sendall(part)


Trouble = Callable[[HttpIssuer, str], Iterator[bytes]]


def _dripping(text: bytes) -> Trouble:
    """A byte now and then, for longer than any test lasts."""

    def trouble(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        for byte in text:
            if issuer._over.wait(0.05):
                return
            yield bytes([byte])

    return trouble


def _says(make: Callable[[HttpIssuer, str], bytes]) -> Trouble:
    def trouble(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        yield make(issuer, path)

    return trouble


def _late(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
    issuer._over.wait(60)
    yield issuer.answer(issuer.document(path))


def _keys_of(keys: str) -> Trouble:
    """The discovery document as it should be, and this for the key set."""
    return _says(lambda issuer, path: issuer.answer(issuer.document(path) if "openid" in path else keys))


def _document(members: dict[str, Any]) -> Trouble:
    return _says(lambda issuer, path: issuer.answer(json.dumps({"issuer": issuer.url, **members})))


STRANGER = Issuer("https://stranger.example")

TROUBLES: dict[str, tuple[Trouble, str]] = {
    "late": (_late, "unreachable"),
    "drips its header": (_dripping(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000), "unreachable"),
    "drips its body": (_dripping(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 10_000), "unreachable"),
    "says to go on without end": (_dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "unreachable"),
    "hangs up": (_says(lambda issuer, path: b""), "unreachable"),
    "breaks off": (_says(lambda issuer, path: issuer.answer(issuer.document(path))[:-1]), "unreachable"),
    "breaks off in a chunk": (
        _says(lambda issuer, path: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"),
        "unreachable",
    ),
    "speaks no HTTP": (_says(lambda issuer, path: b"220 mail.example ESMTP\r\n"), "unreachable"),
    "answers 500": (_says(lambda issuer, path: issuer.answer("{}", "500 Out Of Order")), "http_status"),
    "answers 404": (_says(lambda issuer, path: issuer.answer(issuer.document(path), "404 Not Found")), "http_status"),
    "redirects": (_says(lambda issuer, path: issuer.answer("", "302 Found", f"Location: {issuer.url}/keys\r\n")), "redirected"),
    "sends 2 MB": (_says(lambda issuer, path: issuer.answer(issuer.document(path) + " " * 2_000_000)), "body_too_long"),
    "sends without end": (_says(lambda issuer, path: b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 3_000_000), "body_too_long"),
    "sends garbage": (_says(lambda issuer, path: issuer.answer("<html>")), "discovery_invalid"),
    "sends what is compressed": (
        _says(lambda issuer, path: issuer.answer("\x1f\x0b", more="Content-Encoding: gzip\r\n")),
        "discovery_invalid",
    ),
    "sends another issuer's document": (_document({"issuer": STRANGER.url}), "discovery_issuer"),
    "names no key set": (_document({}), "jwks_uri_missing"),
    "names a key set that is not over https": (_document({"jwks_uri": "http://stranger.example/keys"}), "address_refused"),
    "names a file": (_document({"jwks_uri": "file:///etc/passwd"}), "address_refused"),
    "serves no key set": (_keys_of("{}"), "keys_invalid"),
    "serves a list": (_keys_of("[]"), "keys_invalid"),
}
"""Ways to fail, and what the fetch fails with."""


def _of_people(trouble: Trouble) -> Trouble:
    """Everything as it should be but the answers of the userinfo endpoint."""

    def troubled(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        if path == "/userinfo":
            yield from trouble(issuer, path)
        else:
            yield issuer.answer(issuer.document(path))

    return troubled


def _endpoint(address: Callable[[HttpIssuer], Any]) -> Trouble:
    """A discovery document that names another userinfo endpoint."""

    def trouble(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
        document = json.loads(issuer.document(path))
        if "openid" in path:
            document["userinfo_endpoint"] = address(issuer)
        yield issuer.answer(json.dumps({name: value for name, value in document.items() if value is not None}))

    return trouble


def _echoing(issuer: HttpIssuer, path: str) -> Iterator[bytes]:
    yield issuer.answer(f"no route for GET {path}\nAuthorization: {issuer.shown[-1][1]}", "500 Out Of Order")


USERINFO_TROUBLES: dict[str, tuple[Trouble, str]] = {
    **{
        name: (_of_people(TROUBLES[name][0]), TROUBLES[name][1])
        for name in ("late", "drips its header", "drips its body", "hangs up", "breaks off", "speaks no HTTP", "answers 500", "answers 404")
    },
    **{name: (_of_people(TROUBLES[name][0]), TROUBLES[name][1]) for name in ("redirects", "sends 2 MB", "sends without end")},
    "sends back what it was asked with": (_of_people(_echoing), "http_status"),
    "sends garbage": (_of_people(TROUBLES["sends garbage"][0]), "userinfo_invalid"),
    "sends a list": (_of_people(_says(lambda issuer, path: issuer.answer("[]"))), "userinfo_invalid"),
    "sends a signed answer": (_of_people(_says(lambda issuer, path: issuer.answer(issuer.idp.token(sub="alice")))), "userinfo_invalid"),
    "names no endpoint": (_endpoint(lambda issuer: None), "userinfo_missing"),
    "names what is no address": (_endpoint(lambda issuer: 17), "userinfo_missing"),
    "names an endpoint over http": (_endpoint(lambda issuer: f"http://stranger.example:{issuer.address[1]}/userinfo"), "address_refused"),
    "names a file": (_endpoint(lambda issuer: "file:///etc/passwd"), "address_refused"),
}
"""Ways to fail when it is asked about a person, and what that fails with."""


def certificates(folder: Path) -> tuple[ssl.SSLContext, str]:
    """What a server on 127.0.0.1 shows, and the authority that has to be trusted for it, in PEM."""
    now = datetime.datetime.now(datetime.timezone.utc)
    ours = ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "an authority of the tests")])

    def certificate(subject: x509.Name, key: ec.EllipticCurvePrivateKey, is_authority: bool) -> x509.Certificate:
        name = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(name, critical=False)
            # Python 3.13 asks for these (RFC 5280 sections 4.2.1.1 to 4.2.1.3).
            .add_extension(x509.KeyUsage(True, False, False, False, False, is_authority, False, False, False), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ours.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(ours, hashes.SHA256())
        )

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    (folder / "server.pem").write_bytes(private + certificate(subject, key, False).public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, certificate(authority, ours, True).public_bytes(pem).decode()
