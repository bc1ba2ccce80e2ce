"""What does an address answer? It is asked with GET, within a time: certificates are checked, no redirect is followed, and no more
is read than counts.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import queue
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import SplitResult, unquote, urlsplit

LONGEST = (1 << 20) + 1
"""Bytes read of a body: one more than the engine takes, so that it sees what is too long."""

PORTS = {"https": 443, "http": 80}

PROXY_PORT = 80
"""Of a proxy whose address names none, as for every address over http."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Unanswered(Exception):
    """No answer came. Its text is a clause for the log."""


class Client:
    """How addresses are asked: whose certificates are trusted beside the system's, and through which proxy.

    ``proxies`` is a mapping such as ``{"https": "http://proxy.example:3128"}``, empty for none; None stands for what the environment
    says (``https_proxy``, ``no_proxy``).

    Raises:
        OSError: the file with certificates cannot be read.
        ValueError: the certificates of the settings are none.
    """

    def __init__(self, *, ca_file: str | None = None, custom_ca: str = "", proxies: Mapping[str, str] | None = None) -> None:
        self._proxies = proxies
        self._context = ssl.create_default_context()
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        if ca_file is not None:
            self._context.load_verify_locations(cafile=ca_file)
        if custom_ca:
            try:
                self._context.load_verify_locations(cadata=custom_ca)
            except (ssl.SSLError, TypeError, ValueError):
                raise ValueError("server.jwt_authentication.issuers.custom_ca: its certificates cannot be read") from None

    def get(self, url: str, headers: Mapping[str, str], seconds: float) -> Answer:
        """Ask an address that the engine has named, over https, or over http without a proxy where the engine lets that be.

        Raises:
            Unanswered: no answer came within so many seconds.
        """
        deadline = Deadline(seconds)
        try:
            place = urlsplit(url)
            with contextlib.closing(self._connected(place, deadline)) as sock:
                target = f"{place.path or '/'}{'?' if place.query else ''}{place.query}"
                with contextlib.closing(_asked(sock, f"GET {target}", place.netloc, headers, deadline)) as response:
                    body = response.read(LONGEST)
                    if response.length and len(body) < LONGEST:
                        raise Unanswered("the answer broke off")
                    return Answer(response.status, response.getheaders(), body)
        # Before Python 3.10 they are two.
        except (TimeoutError, socket.timeout):
            raise Unanswered(f"nothing within {seconds:.3g} s") from None
        except ssl.SSLCertVerificationError as error:
            raise Unanswered(f"its certificate is not trusted: {error.verify_message}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unanswered(_clause(error)) from None

    def _connected(self, place: SplitResult, deadline: Deadline) -> socket.socket:
        host, port = place.hostname or "", place.port or PORTS[place.scheme]
        if place.scheme == "http":
            return _connection(host, port, deadline)
        proxy = self._proxy(host)
        if proxy is None:
            sock = _connection(host, port, deadline)
        else:
            sock = _connection(proxy.hostname or "", proxy.port or PROXY_PORT, deadline)
        with _closed_on_failure(sock):
            if proxy is not None:
                _tunnel(sock, proxy, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", deadline)
            sock.settimeout(deadline.left())
            return self._context.wrap_socket(sock, server_hostname=host)

    def _proxy(self, host: str) -> SplitResult | None:
        if self._proxies is None:
            address = None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get("https")
        else:
            address = self._proxies.get("https")
        if not address:
            return None
        proxy = urlsplit(address if "://" in address else f"http://{address}")
        if proxy.scheme != "http":
            raise ValueError("the proxy is one that is not spoken to over http")
        return proxy


class Deadline:
    """A moment by which something has to be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            TimeoutError: none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _connection(host: str, port: int, deadline: Deadline) -> socket.socket:
    failure: OSError = ConnectionError("the name has no address")
    addresses = _addresses(host, port, deadline)
    for index, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            # An address that does not answer leaves time for those that follow.
            sock.settimeout(deadline.left() / (len(addresses) - index))
            sock.connect(address)
            return sock
        except OSError as error:
            sock.close()
            failure = error
    raise failure


def _addresses(host: str, port: int, deadline: Deadline) -> list[Any]:
    """Looked up by a thread of its own: the system's resolver keeps to no time of ours."""
    found: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, ValueError) as error:
            found.put(error)

    threading.Thread(target=look_up, name="sqljwt-look-up", daemon=True).start()
    try:
        addresses = found.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(addresses, Exception):
        raise addresses
    return addresses


def _tunnel(sock: socket.socket, proxy: SplitResult, authority: str, deadline: Deadline) -> None:
    """Have a proxy connect to somebody (RFC 9110 section 9.3.6)."""
    headers = {}
    if proxy.username is not None:
        credentials = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {base64.b64encode(credentials.encode()).decode()}"
    response = _asked(sock, f"CONNECT {authority}", authority, headers, deadline)
    if not 200 <= response.status < 300:
        raise ConnectionError(f"the proxy answered {response.status}")


def _asked(
    sock: socket.socket, question: str, host: str, headers: Mapping[str, str], deadline: Deadline
) -> http.client.HTTPResponse:
    """The answer to a question, as far as its header fields."""
    fields = {"Host": host, **headers, "Accept-Encoding": "identity", "Connection": "close", "User-Agent": "sqljwt"}
    lines = [f"{question} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    if not all(line.isascii() and line.isprintable() for line in lines):
        # A line break in a value would be a question of its own.
        raise ValueError("the question has characters that HTTP does not send")
    sock.settimeout(deadline.left())
    sock.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode("ascii"))
    # It takes of a socket nothing but the file that is made of it.
    received = cast(socket.socket, _Received(sock, deadline))
    response = http.client.HTTPResponse(received, method=question.partition(" ")[0])
    response.begin()
    return response


class _Received(io.RawIOBase):
    """What comes through a socket before the deadline: a server that sends a byte now and then does not put it off."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


@contextlib.contextmanager
def _closed_on_failure(sock: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        sock.close()
        raise


def _clause(error: Exception) -> str:
    """What is wrong, in words that go on a sentence: nothing that was received stands in it."""
    if isinstance(error, socket.gaierror):
        return "its name cannot be looked up"
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection: {(error.reason or 'it broke off').replace('_', ' ').lower()}"
    if isinstance(error, OSError):
        text = error.strerror or str(error) or type(error).__name__
        return text[:1].lower() + text[1:]
    if isinstance(error, http.client.HTTPException):
        return f"what came is no answer over HTTP ({type(error).__name__})"
    return str(error)
