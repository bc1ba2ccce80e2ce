"""The PAM module by itself: its arguments, its files in every bad state, and what reaches the module behind it.

Not a database but ``pam_host.c`` logs in here, as the user that PostgreSQL runs as: a file of mode 000 is readable to root.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from issuer import LocalIssuer
from logins import Text, leaks
from process import Server, as_user, clean_environment, folder_of, owned_by, replaced, run
from stage import CONTROL, ROOT, Stage

USER = "postgres"

PEER = "192.0.2.7"
"""An address: libpam looks names up for its audit."""

SUCCESS, AUTH_ERR, AUTHINFO_UNAVAIL, USER_UNKNOWN = 0, 7, 9, 10

PASSWORD = "hunter2"

NAMES = {"engine.user_names": "postgresql"}
"""Whose rules hold for names; CockroachDB's alone change them."""

AGENTS = [Path(os.environ.get("SQLJWT_AGENT", "")), *(ROOT / "target" / profile / "sqljwt-agent" for profile in ("release", "debug"))]
"""Where the agent may be, if it is built."""

ANSWER_SECONDS = 30
"""Nothing here takes long: whatever is not answered by then hangs."""


class Host:
    """One process of `pam_host`, which lives until :meth:`close`: what the module keeps between logins stays."""

    def __init__(self, house: House, service: str, *, user: str = USER, program: Path | None = None) -> None:
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [program or house.program, house.services, service],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=clean_environment(),
            **as_user(user),
        )
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def log_in(self, password: str | bytes, user: str | bytes = "ada", peer: str = PEER) -> tuple[int, str]:
        """What PAM says, and who is logged in (`-` for nobody)."""
        words = [word if isinstance(word, bytes) else word.encode() for word in (user, peer, password)]
        assert self._process.stdin is not None
        self._process.stdin.write(b"\t".join(words) + b"\n")
        self._process.stdin.flush()
        login, account, name = self._answers.get(timeout=ANSWER_SECONDS).split(" ", 2)
        assert account in ("0", "-"), f"the account is refused with {account}"
        return int(login), name

    def memory(self) -> bytes:
        """Everything that it may write to."""
        found = bytearray()
        with open(f"/proc/{self.pid}/maps") as maps, open(f"/proc/{self.pid}/mem", "rb") as memory:
            for line in maps:
                begin, end = (int(part, 16) for part in line.split()[0].split("-"))
                if line.split()[1].startswith("rw"):
                    memory.seek(begin)
                    found += memory.read(end - begin)
        return bytes(found)

    def close(self) -> str:
        """Ends it in order; returns what it wrote to standard error."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        status = self._process.wait(timeout=ANSWER_SECONDS)
        # It alone reads the answers.
        self._listener.join(timeout=ANSWER_SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()
        assert status == 0, f"it ended with {status}"
        with self._errors:
            self._errors.seek(0)
            return self._errors.read().decode()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line.decode().rstrip("\n"))
        self._answers.put("-1 - it ended")


@dataclass
class House:
    """A folder of PAM services, and what stands behind the module in each."""

    stage: Stage
    folder: Path
    program: Path
    log: Path
    passwords: Path
    """What reached the module behind ours."""
    number: int = 0
    hosts: list[Host] = field(default_factory=list)

    @property
    def services(self) -> Path:
        return self.folder / "pam.d"

    def service(self, arguments: str, control: str = CONTROL) -> str:
        """A new service with a password module behind ours; returns its name."""
        self.number += 1
        token, record = self.stage.pam_sqljwt(), self.stage.pam_record()
        lines = [
            f"auth {control} {token} log={self.log} {arguments}",
            f"auth required {record} file={self.passwords} password={PASSWORD}",
            f"account sufficient {token}",
            f"account required {record}",
        ]
        (self.services / f"s{self.number}").write_text("".join(f"{line}\n" for line in lines))
        return f"s{self.number}"

    def place(self) -> Path:
        """A new folder that is root's."""
        self.number += 1
        return folder_of(self.folder / f"f{self.number}", "root")

    def host(self, arguments: str, **how: Any) -> Host:
        """A process that logs in by a new service."""
        host = Host(self, self.service(arguments), **how)
        self.hosts.append(host)
        return host

    def refused(self, host: Host, token: str, answer: int, *said: str, **login: Any) -> str:
        """One login that is refused, with one line that says why; the module behind ours is not asked. Returns the line."""
        line, name, found = self._said(host, token, **login)
        assert (found, name) == (answer, "-"), f"expected {answer}, found {found}: {line}"
        assert all(part in line for part in said), f"expected {said} in: {line}"
        return line

    def accepted(self, host: Host, token: str, as_user: str = "ada", **login: Any) -> str:
        """One login that goes ahead; returns its line."""
        line, name, found = self._said(host, token, **login)
        assert (found, name) == (SUCCESS, as_user), line
        assert " pam_sqljwt: accepted: " in line
        return line

    def _said(self, host: Host, token: str, **login: Any) -> tuple[str, str, int]:
        log, passwords = Text(self.log), Text(self.passwords)
        found, name = host.log_in(token, **login)
        lines = log.lines()
        assert len(lines) == 1 and lines[0].isprintable(), f"answer {found}, and the log says: {lines}"
        assert f" rhost={PEER} service=" in lines[0] and f" pid={host.pid}" in lines[0], lines[0]
        assert not leaks(token, lines[0]), f"a piece of the token: {lines[0]}"
        assert str(passwords) == "", f"the module behind ours was asked: {passwords}"
        return lines[0], name, found


@pytest.fixture(scope="module")
def house(stage: Stage) -> Iterator[House]:
    folder = folder_of(stage.folder / "pam", "root")
    program = folder / "pam_host"
    source = Path(__file__).with_name("pam_host.c")
    run(["cc", *"-std=gnu11 -O2 -Wall -Wextra -Werror -o".split(), program, source, "-lpthread", "-lpam"])
    folder_of(folder / "pam.d", "root")
    made = House(stage, folder, program, stage.log(folder / "log", USER), stage.log(folder / "passwords", USER))
    yield made


@pytest.fixture(autouse=True)
def ended(house: House) -> Iterator[None]:
    """Every process ends well."""
    yield
    while house.hosts:
        house.hosts.pop().close()


@pytest.fixture
def settings(house: House, issuer: LocalIssuer) -> Path:
    """A good settings file in a folder of its own."""
    return house.stage.settings(house.place() / "settings.json", issuer.settings_with_keys(NAMES))


@pytest.fixture
def tokens(house: House, settings: Path) -> Host:
    """A process with good settings; what is no token goes on to the module behind."""
    return house.host(f"settings={settings} only_tokens")


# Who is let in.


def test_a_good_token_logs_in_and_the_line_says_who_and_where(house: House, tokens: Host, issuer: LocalIssuer) -> None:
    line = house.accepted(tokens, issuer.token(sub="ada"))
    assert f"principal `ada` of issuer `{issuer.url}`, key `" in line and "; user=ada rhost=" in line


def test_what_is_wrong_with_a_token_is_in_the_line(house: House, tokens: Host, issuer: LocalIssuer) -> None:
    house.refused(tokens, issuer.expired(sub="ada"), AUTH_ERR, "token_expired: ")
    house.refused(tokens, issuer.forged(sub="ada"), AUTH_ERR, "signature_invalid: ")
    house.refused(tokens, issuer.token(sub="ada", aud="another"), AUTH_ERR, "audience_not_allowed: ")
    house.refused(tokens, issuer.token(sub="eve"), AUTH_ERR, "user_mismatch: ")


def test_the_user_is_the_one_that_is_asked_for_byte_for_byte(house: House, tokens: Host, issuer: LocalIssuer) -> None:
    for user in ("Ada", "ADA", "ada ", " ada", "ａda"):
        house.refused(tokens, issuer.token(sub="ada"), AUTH_ERR, "user_mismatch: ", user=user)
    # Under these rules the engine makes `ada` of a token's `Ada`: the server would log in another role.
    folded = issuer.settings_with_keys({"engine.user_names": "cockroachdb"})
    host = house.host(f"settings={house.stage.settings(house.place() / 'settings.json', folded)}")
    house.refused(host, issuer.token(sub="Ada"), AUTH_ERR, "user_mismatch: the server asks for `Ada`, the token logs in `ada`", user="Ada")


def test_no_text_of_the_client_moves_a_terminal_or_shows_a_token(house: House, tokens: Host, issuer: LocalIssuer) -> None:
    token = issuer.token(sub="ada")
    for user in (b"a\x1b[31mda", b"\xff\xfe", "\u202eada".encode(), b"a" * 5000, b"ada; user=root", b"%s%n"):
        house.refused(tokens, token, AUTH_ERR, user=user)
    house.refused(tokens, token, USER_UNKNOWN, "user=(a token) ", user=token)
    house.refused(tokens, token, USER_UNKNOWN, user="")


def test_bytes_that_are_no_token_are_refused(house: House, tokens: Host) -> None:
    for token in (b"eyJ\xff\xfe\xfd", b"eyJ", b"eyJ" + b"." * 3000, b"eyJ" + b"A" * 100_000):
        line, name, found = house._said(tokens, token.decode("latin-1"))
        assert (found, name) == (AUTH_ERR, "-"), line


# What reaches the module behind ours.


def test_a_password_is_left_to_the_next_module(house: House, tokens: Host) -> None:
    log, passwords = Text(house.log), Text(house.passwords)
    assert tokens.log_in(PASSWORD) == (SUCCESS, "ada")
    assert tokens.log_in("wrong")[0] == AUTH_ERR
    assert log.lines() == [] and passwords.lines() == ["7 hun whole", "5 wro whole"]


def test_no_refused_token_reaches_the_next_module(house: House, tokens: Host, issuer: LocalIssuer) -> None:
    """`refused` looks at what the next module wrote down."""
    house.refused(tokens, issuer.expired(sub="ada"), AUTH_ERR)
    for length in (10, 100, 200):
        house.refused(tokens, issuer.token(sub="ada")[:length], AUTH_ERR, "the token is cut")
    for length in (2047, 4085, 4095, 10238):
        house.refused(tokens, issuer.cut(length, sub="ada"), AUTH_ERR)
    for before in (" ", "Bearer ", "\x0b"):
        house.refused(tokens, before + issuer.token(sub="ada"), AUTH_ERR)


def test_under_sufficient_the_token_is_not_handed_on(house: House, settings: Path, issuer: LocalIssuer) -> None:
    """Not the documented control word: the next module has to ask for a password of its own."""
    service = house.service(f"settings={settings} only_tokens", control="sufficient")
    lines = (house.services / service).read_text()
    (house.services / service).write_text(lines.replace("auth required", "auth required", 1).replace("file=", "use_first_pass file="))
    host = Host(house, service)
    log = Text(house.log)
    assert host.log_in(issuer.expired(sub="ada"))[0] == AUTH_ERR
    assert len(log.lines()) == 1
    host.close()


def test_without_only_tokens_everything_is_taken_for_a_token(house: House, settings: Path) -> None:
    host = house.host(f"settings={settings}")
    house.refused(host, PASSWORD, AUTH_ERR, "token_malformed: ")
    house.refused(host, "", AUTH_ERR, "token_empty: ")


# Arguments.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "either `settings=` or `agent=` has to be given"),
        ("settings=FILE agent=/run/agent", "either `settings=` or `agent=` has to be given"),
        ("agent=/run/agent keys=/run/keys", "the agent's own business"),
        ("settings=FILE only_token", "the argument `only_token` cannot be used"),
        ("settings=FILE use_first_pass", "the argument `use_first_pass` cannot be used"),
        ("settings=relative.json", "the argument `settings=relative.json` cannot be used"),
        ("settings=FILE max_age=", "the argument `max_age=` cannot be used"),
        ("settings=FILE max_age=1h", "the argument `max_age=1h` cannot be used"),
        ("settings=FILE max_age=99999999999999999999", "cannot be used"),
        ("settings=FILE log=nowhere", "the argument `log=nowhere` cannot be used"),
    ],
)
def test_arguments_that_are_not_understood_let_nobody_in(house: House, settings: Path, issuer: LocalIssuer, arguments: str, said: str) -> None:
    host = house.host(arguments.replace("FILE", str(settings)))
    house.refused(host, issuer.token(sub="ada"), AUTHINFO_UNAVAIL, "settings_invalid: ", said)


def test_map_user_takes_the_user_of_the_token(house: House, settings: Path, issuer: LocalIssuer) -> None:
    host = house.host(f"settings={settings} map_user")
    house.accepted(host, issuer.token(sub="ada"), user="sso")
    house.accepted(host, issuer.token(sub="bob"), as_user="bob", user="sso")
    house.refused(host, issuer.expired(sub="ada"), AUTH_ERR, "token_expired: ", user="sso")


@pytest.mark.parametrize("name", ["postgres", "pgbouncer"])
def test_map_user_lets_nobody_in_where_the_server_pays_no_heed_to_it(house: House, settings: Path, issuer: LocalIssuer, name: str) -> None:
    """PostgreSQL would log in whomever the client asks for, with any good token."""
    program = house.place() / name
    shutil.copy(house.program, program)
    host = house.host(f"settings={settings} map_user", program=program)
    house.refused(host, issuer.token(sub="ada"), AUTHINFO_UNAVAIL, "settings_invalid: `map_user`", user="root")


def test_names_of_the_host_are_never_given_to_a_token(house: House, issuer: LocalIssuer) -> None:
    for names, users in {"postgresql": ("postgres", "pg_monitor"), "mysql": ("root", "mysql.sys")}.items():
        settings = issuer.settings_with_keys({"engine.user_names": names})
        host = house.host(f"settings={house.stage.settings(house.place() / 's.json', settings)}")
        for user in users:
            house.refused(host, issuer.token(sub=user), AUTH_ERR, user=user)
        house.accepted(host, issuer.token(sub="Ada"), as_user="Ada", user="Ada")


# Settings files in every bad state.


def removed(path: Path) -> None:
    path.unlink()


def half_written(path: Path) -> None:
    replaced(path, path.read_text()[: path.stat().st_size // 2])


def rubbish(path: Path) -> None:
    path.write_bytes(os.urandom(4096))


def emptied(path: Path) -> None:
    replaced(path, "")


def writable_by_all(path: Path) -> None:
    path.chmod(0o666)


def writable_by_a_group(path: Path) -> None:
    path.chmod(0o664)


def somebody_elses(path: Path) -> None:
    owned_by(path, "nobody", 0o644)


def unreadable(path: Path) -> None:
    path.chmod(0)


def a_link(path: Path) -> None:
    path.rename(path.with_name("there.json"))
    path.symlink_to("there.json")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o644)


def a_device(path: Path) -> None:
    path.unlink()
    os.mknod(path, 0o644 | 0o020000, os.makedev(1, 5))


def a_socket(path: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def nameless(path: Path) -> None:
    """Good settings, which do not say whose users they are."""
    settings = json.loads(path.read_text())
    replaced(path, json.dumps({name: value for name, value in settings.items() if name not in NAMES}))


def too_long(path: Path) -> None:
    with open(path, "a") as file:
        file.truncate(32 * 1024 * 1024 + 1)


def in_a_folder_of_somebody(path: Path) -> None:
    owned_by(path.parent, "nobody", 0o755)


def in_a_writable_folder(path: Path) -> None:
    path.parent.chmod(0o777)


BAD_FILES: dict[Callable[[Path], None], str] = {
    removed: "No such file or directory",
    half_written: "settings_invalid: ",
    rubbish: "settings.json: ",
    emptied: "settings.json: ",
    nameless: "settings.json: engine.user_names is missing, ",
    writable_by_all: "is writable by others than its owner (mode 0666)",
    writable_by_a_group: "is writable by others than its owner (mode 0664)",
    somebody_elses: "belongs to user ",
    unreadable: "Permission denied",
    a_link: "is a link, not a regular file",
    a_folder: "is a folder, not a regular file",
    a_fifo: "is a FIFO, not a regular file",
    a_device: "is a device or socket, not a regular file",
    a_socket: "is a device or socket, not a regular file",
    too_long: "bytes, more than 33554432",
    in_a_folder_of_somebody: "lies in what belongs to user ",
    in_a_writable_folder: "lies in what is writable by others than its owner",
}


@pytest.mark.parametrize("spoil", BAD_FILES, ids=lambda spoil: spoil.__name__)
def test_bad_settings_let_nobody_in_and_are_kept_out(house: House, settings: Path, issuer: LocalIssuer, spoil: Callable[[Path], None]) -> None:
    living, good = house.host(f"settings={settings}"), issuer.token(sub="ada")
    house.accepted(living, good)
    spoil(settings)
    # Who starts now has no settings; who lives on keeps those that it has, and says why.
    fresh = house.host(f"settings={settings}")
    for _ in range(2):
        house.refused(fresh, good, AUTHINFO_UNAVAIL, "settings_invalid: ", BAD_FILES[spoil])
        line = house.accepted(living, good)
        assert "what was read before is kept: " in line and BAD_FILES[spoil] in line
        house.refused(living, issuer.expired(sub="ada"), AUTH_ERR, "token_expired: ", "what was read before is kept: ")


def test_settings_that_do_not_say_whose_users_they_are_are_mended_by_the_line_in_the_log(house: House, settings: Path, issuer: LocalIssuer) -> None:
    nameless(settings)
    host = house.host(f"settings={settings}")
    house.refused(host, issuer.token(sub="postgres"), AUTHINFO_UNAVAIL, '; write "engine.user_names": "postgresql", or "mysql" ', user="postgres")
    house.stage.settings(settings, issuer.settings_with_keys(NAMES))
    house.refused(host, issuer.token(sub="postgres"), AUTH_ERR, "user_reserved: ", user="postgres")


def test_settings_that_become_good_again_count(house: House, settings: Path, issuer: LocalIssuer) -> None:
    text, host = settings.read_text(), house.host(f"settings={settings}")
    half_written(settings)
    house.refused(host, issuer.token(sub="ada"), AUTHINFO_UNAVAIL)
    replaced(settings, text)
    assert "kept" not in house.accepted(host, issuer.token(sub="ada"))


def test_settings_that_say_something_else_count_at_once(house: House, settings: Path, issuer: LocalIssuer) -> None:
    host = house.host(f"settings={settings}")
    other = issuer.settings_with_keys({"server.jwt_authentication.audience": "db-logim", **NAMES})
    for _ in range(20):
        text = settings.read_text()
        house.accepted(host, issuer.token(sub="ada"))
        # As long as before, and as soon as can be.
        replaced(settings, json.dumps(other, indent=2))
        house.refused(host, issuer.token(sub="ada"), AUTH_ERR, "audience_not_allowed: ")
        replaced(settings, text)


def test_settings_replaced_during_fifty_logins(house: House, settings: Path, issuer: LocalIssuer) -> None:
    text, host, stop = settings.read_text(), house.host(f"settings={settings}"), threading.Event()
    house.accepted(host, issuer.token(sub="ada"))

    def replace() -> None:
        for turn in range(1_000_000):
            replaced(settings, [text, text[: 10 + turn % 400], " " + text][turn % 3])
            if stop.wait(0.001):
                return

    replacing = threading.Thread(target=replace)
    replacing.start()
    try:
        for _ in range(50):
            house.accepted(host, issuer.token(sub="ada"))
            house.refused(host, issuer.forged(sub="ada"), AUTH_ERR, "signature_invalid: ")
    finally:
        stop.set()
        replacing.join()


def test_settings_that_grow_while_they_are_read(house: House, settings: Path, issuer: LocalIssuer) -> None:
    """They are never whole, whenever they are looked at."""
    text, stop = json.dumps(json.loads(settings.read_text())), threading.Event()

    def grow() -> None:
        while not stop.is_set():
            with open(settings, "w") as file:
                for at in range(0, len(text) - 2, 7):
                    file.write(text[at : min(at + 7, len(text) - 2)])
                    file.flush()

    growing = threading.Thread(target=grow)
    replaced(settings, "")
    growing.start()
    try:
        for _ in range(30):
            house.refused(house.host(f"settings={settings}"), issuer.token(sub="ada"), AUTHINFO_UNAVAIL, "settings_invalid: ")
            house.hosts.pop().close()
    finally:
        stop.set()
        growing.join()


def test_settings_may_be_the_servers_own(house: House, settings: Path, issuer: LocalIssuer) -> None:
    owned_by(settings, USER, 0o400)
    owned_by(settings.parent, USER, 0o700)
    house.accepted(house.host(f"settings={settings}"), issuer.token(sub="ada"))


def test_settings_whose_keys_are_to_be_fetched_need_a_folder(house: House, issuer: LocalIssuer) -> None:
    settings = house.stage.settings(house.place() / "settings.json", {**issuer.settings(), **NAMES})
    house.refused(house.host(f"settings={settings}"), issuer.token(sub="ada"), AUTH_ERR, "keys_needed: ", "no folder of keys is given")


# Keys.


@dataclass
class Keys:
    """Settings that take keys from a folder, and the writer of the folder."""

    house: House
    idp: LocalIssuer
    settings: Path
    folder: Path

    def refresh(self) -> None:
        self.house.stage.refresh(self.settings, self.folder)

    def host(self) -> Host:
        return self.house.host(f"settings={self.settings} keys={self.folder}")

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.idp.url.encode()).hexdigest()

    @property
    def file(self) -> Path:
        return self.folder / f"{self.hash}.json"

    @property
    def mark(self) -> Path:
        return self.folder / "wanted" / self.hash


def keys_of(house: House, idp: LocalIssuer) -> Keys:
    place = house.place()
    made = Keys(house, idp, house.stage.settings(place / "settings.json", {**idp.settings(), **NAMES}), folder_of(place / "keys", "root"))
    folder_of(made.folder / "wanted", USER)
    return made


@pytest.fixture
def rotating(house: House) -> Iterator[Keys]:
    """An issuer of its own, and an empty folder."""
    idp = LocalIssuer()
    yield keys_of(house, idp)
    idp.close()


@pytest.fixture(scope="module")
def written(house: House, issuer: LocalIssuer) -> Keys:
    """A folder that the writer has filled."""
    made = keys_of(house, issuer)
    made.refresh()
    return made


@pytest.fixture
def keys(house: House, written: Keys) -> Keys:
    """A copy of it."""
    made = keys_of(house, written.idp)
    shutil.copy(written.file, made.file)
    return made


def test_keys_that_are_not_there_are_wanted(house: House, rotating: Keys) -> None:
    keys = rotating
    host, token = keys.host(), keys.idp.token(sub="ada")
    house.refused(host, token, AUTH_ERR, "keys_needed: ", "No such file or directory")
    made = keys.mark.stat()
    assert made.st_size == 0 and oct(made.st_mode) == oct(0o100644)
    house.refused(host, token, AUTH_ERR, "keys_needed: ")
    assert keys.mark.stat().st_mtime_ns == made.st_mtime_ns, "the mark is made once"
    keys.refresh()
    assert not keys.mark.exists(), "the writer has seen it"
    house.accepted(host, token)
    assert not keys.mark.exists()


def test_without_a_folder_for_marks_none_are_made(house: House, rotating: Keys) -> None:
    keys = rotating
    keys.mark.parent.rmdir()
    house.refused(keys.host(), keys.idp.token(sub="ada"), AUTH_ERR, "keys_needed: ")
    assert list(keys.folder.iterdir()) == []
    elsewhere = folder_of(house.place() / "elsewhere", USER)
    keys.mark.parent.symlink_to(elsewhere)
    house.refused(keys.host(), keys.idp.token(sub="ada"), AUTH_ERR, "keys_needed: ")
    assert list(elsewhere.iterdir()) == [], "no link is followed"


def test_new_keys_count_in_a_process_that_lives_on(house: House, rotating: Keys) -> None:
    keys, host = rotating, rotating.host()
    keys.refresh()
    for _ in range(3):
        old = keys.idp.token(sub="ada")
        house.accepted(host, old)
        keys.idp.rotate()
        new = keys.idp.token(sub="ada")
        house.refused(host, new, AUTH_ERR, "keys_needed: ")
        assert keys.mark.exists()
        keys.refresh()
        assert not keys.mark.exists()
        house.accepted(host, new)
        house.accepted(host, old)


def test_a_key_that_is_taken_back_counts_no_more(house: House, rotating: Keys) -> None:
    keys, host, old = rotating, rotating.host(), rotating.idp.token(sub="ada")
    keys.refresh()
    house.accepted(host, old)
    for _ in range(3):
        keys.idp.rotate()
    keys.refresh()
    house.refused(host, old, AUTH_ERR)
    house.accepted(host, keys.idp.token(sub="ada"))


def spoiled(**changes: Any) -> Callable[[Keys], None]:
    def spoil(keys: Keys) -> None:
        record = json.loads(keys.file.read_text())
        replaced(keys.file, json.dumps({**record, **changes}))

    return spoil


def of_another_issuer(keys: Keys) -> None:
    spoiled(issuer="https://another.example")(keys)


def stale(keys: Keys) -> None:
    spoiled(at=int(time.time()) - 10_000_000)(keys)


def two_megabytes(keys: Keys) -> None:
    record = json.loads(keys.file.read_text())
    record["answers"][-1]["body"] += " " * 2_000_000
    replaced(keys.file, json.dumps(record))


def fourteen_megabytes(keys: Keys) -> None:
    replaced(keys.file, keys.file.read_text() + " " * 14_000_000)


BAD_KEYS: dict[str, tuple[Callable[[Keys], None], str]] = {
    **{spoil.__name__: (lambda keys, spoil=spoil: spoil(keys.file), ".json") for spoil in (half_written, rubbish, emptied)},
    **{
        spoil.__name__: (lambda keys, spoil=spoil: spoil(keys.file), BAD_FILES[spoil])
        for spoil in (removed, writable_by_all, somebody_elses, unreadable, a_link, a_folder, a_fifo, a_device)
    },
    "of_another_issuer": (of_another_issuer, "keys_needed: "),
    "stale": (stale, "keys_needed: "),
    "two_megabytes": (two_megabytes, "exceeds 1048576 bytes"),
    "fourteen_megabytes": (fourteen_megabytes, "bytes, more than 12648448"),
    "in_a_writable_folder": (lambda keys: keys.folder.chmod(0o777), "is writable by others than its owner (mode 0777)"),
    "in_a_strangers_folder": (
        lambda keys: (owned_by(keys.folder, "nobody", 0o755), owned_by(keys.folder.parent, "nobody", 0o755)),
        "lies in a folder that belongs to user ",
    ),
}


@pytest.mark.parametrize("kind", BAD_KEYS)
def test_bad_keys_let_nobody_in(house: House, keys: Keys, kind: str) -> None:
    spoil, said = BAD_KEYS[kind]
    if kind == "in_a_strangers_folder":
        # Its settings lie elsewhere: they are not what is tried.
        keys.settings = replaced(house.place() / "settings.json", keys.settings.read_text())
    spoil(keys)
    for _ in range(2):
        house.refused(keys.host(), keys.idp.token(sub="ada"), AUTH_ERR, "keys_needed: ", said)


@pytest.mark.parametrize("kind", [kind for kind in BAD_KEYS if kind not in ("stale", "in_a_strangers_folder")])
def test_keys_that_were_good_stay_while_the_file_is_bad(house: House, keys: Keys, kind: str) -> None:
    host = keys.host()
    house.accepted(host, keys.idp.token(sub="ada"))
    BAD_KEYS[kind][0](keys)
    for _ in range(2):
        house.accepted(host, keys.idp.token(sub="ada"))
        house.refused(host, keys.idp.forged(sub="ada"), AUTH_ERR, "signature_invalid: ")


def test_the_folder_of_keys_may_be_a_services_own(house: House, keys: Keys) -> None:
    owned_by(keys.folder, "nobody", 0o755)
    owned_by(keys.file, "nobody", 0o644)
    house.accepted(keys.host(), keys.idp.token(sub="ada"))
    owned_by(keys.file, "daemon", 0o644)
    house.refused(keys.host(), keys.idp.token(sub="ada"), AUTH_ERR, "belongs to user ")


# The log.


def logged(house: House, settings: Path, log: str, **how: Any) -> Host:
    """A process with another log."""
    service = house.service(f"settings={settings}")
    path = house.services / service
    path.write_text(path.read_text().replace(f"log={house.log}", log))
    return Host(house, service, **how)


def test_the_log_may_be_standard_error(house: House, settings: Path, issuer: LocalIssuer) -> None:
    host = logged(house, settings, "log=stderr")
    assert host.log_in(issuer.token(sub="ada")) == (SUCCESS, "ada")
    lines = host.close().splitlines()
    assert len(lines) == 1 and " pam_sqljwt: accepted: SQL user `ada`, " in lines[0]


def test_the_log_is_made_where_there_is_none(house: House, settings: Path, issuer: LocalIssuer) -> None:
    log = folder_of(house.place() / "log", USER) / "tokens.log"
    host = logged(house, settings, f"log={log}")
    host.log_in(issuer.token(sub="ada"))
    host.log_in(issuer.token(sub="ada"))
    host.close()
    assert len(log.read_text().splitlines()) == 2 and oct(log.stat().st_mode) == oct(0o100640)


@pytest.mark.parametrize("kind", ["link", "second name", "FIFO", "writable folder", "folder"])
def test_a_log_that_somebody_has_set_up_as_a_trap_is_not_written(house: House, settings: Path, issuer: LocalIssuer, kind: str) -> None:
    """As root, which MariaDB's helper is; the login is decided all the same."""
    folder = house.place()
    log, victim = folder / "tokens.log", folder / "victim"
    victim.write_text("")
    if kind == "link":
        log.symlink_to(victim)
    elif kind == "second name":
        os.link(victim, log)
    elif kind == "FIFO":
        os.mkfifo(log)
    elif kind == "writable folder":
        folder.chmod(0o777)
    else:
        log.mkdir()
    host = logged(house, settings, f"log={log}", user="root")
    assert host.log_in(issuer.token(sub="ada")) == (SUCCESS, "ada")
    assert host.log_in(issuer.expired(sub="ada"))[0] == AUTH_ERR
    host.close()
    assert victim.read_text() == "" and not log.is_file() or log.stat().st_size == 0


# Memory.


def test_nothing_that_a_token_says_is_left_in_memory(house: House, tokens: Host, issuer: LocalIssuer) -> None:
    """As decoded: the token itself is the server's."""
    secret = os.urandom(24).hex()
    for _ in range(3):
        house.accepted(tokens, issuer.token(sub="ada", secret=secret))
        house.refused(tokens, issuer.expired(sub="ada", secret=secret), AUTH_ERR)
    memory = tokens.memory()
    assert b"db-login" in memory, "the settings are there: the search finds what is"
    assert secret.encode() not in memory


def test_a_thousand_threads_end_after_the_module_was_unloaded(house: House, settings: Path, issuer: LocalIssuer) -> None:
    service = house.service(f"settings={settings}")
    lines = "".join(f"ada\t{PEER}\t{token}\n" for token in (issuer.forged(sub="ada"), issuer.token(sub="ada")))
    command = [house.program, house.services, service, "1000"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=300, **as_user(USER))
    assert done.returncode == 0, done.stderr
    assert Counter(done.stdout.splitlines()) == {f"{AUTH_ERR} - -": 1000, f"{SUCCESS} 0 ada": 1000}


# The agent.


@pytest.fixture(scope="module")
def asked(house: House, issuer: LocalIssuer) -> Iterator[tuple[Path, LocalIssuer]]:
    """The real agent, which fetches keys itself; its socket."""
    program = next((path for path in AGENTS if path.is_file()), None)
    if program is None:
        pytest.skip("sqljwt-agent is not built: `cargo build --package sqljwt-agent`, or name it in SQLJWT_AGENT")
    idp, place = LocalIssuer(), house.place()
    settings, path = house.stage.settings(place / "settings.json", {**idp.settings(), **NAMES}), folder_of(place / "run", "root") / "socket"
    command = [program, "--settings", settings, "--socket", path, "--socket-group", USER, "--user", "nobody"]
    server = Server(command, user="root", folder=place, log=place / "log")
    # It fetches keys when it starts.
    server.wait_until(lambda: path.is_socket() and b'"accepted":true' in said(path, idp.token(sub="ada")))
    yield path, idp
    server.stop()
    idp.close()


def said(path: Path, token: str) -> bytes:
    """What the agent answers; nothing while it does not listen yet."""
    with socket.socket(socket.AF_UNIX) as connection:
        if connection.connect_ex(str(path)):
            return b""
        connection.sendall(json.dumps({"token": token}).encode() + b"\n")
        return connection.makefile("rb").read()


def test_the_agent_decides_as_the_module_does(house: House, asked: tuple[Path, LocalIssuer]) -> None:
    path, idp = asked
    host = house.host(f"agent={path} only_tokens")
    house.accepted(host, idp.token(sub="ada"))
    house.refused(host, idp.expired(sub="ada"), AUTH_ERR, "token_expired: ")
    house.refused(host, idp.forged(sub="ada"), AUTH_ERR, "signature_invalid: ")
    house.refused(host, idp.token(sub="eve"), AUTH_ERR, "user_mismatch: ")
    house.refused(host, idp.token(sub="Ada"), AUTH_ERR, "user_mismatch: ")
    house.refused(host, idp.cut(2047, sub="ada"), AUTH_ERR)
    for user in (b"\xff", "\u202eada", 'a"da', "a\\da"):
        house.refused(host, idp.token(sub="ada"), AUTH_ERR, user=user)
    house.accepted(house.host(f"agent={path} map_user"), idp.token(sub="bob"), as_user="bob", user="sso")


def test_the_agent_fetches_new_keys_for_a_login(house: House, asked: tuple[Path, LocalIssuer]) -> None:
    path, idp = asked
    host = house.host(f"agent={path}")
    house.accepted(host, idp.token(sub="ada"))
    idp.rotate()
    house.accepted(host, idp.token(sub="ada"))


# The agent, as it is not: it lies, it stops, it is somebody else.


class BadAgent:
    """Answers every request with the same bytes, after so many seconds."""

    def __init__(self, path: Path, answer: bytes, seconds: float = 0) -> None:
        self.requests: list[bytes] = []
        self._answer, self._seconds = answer, seconds
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        path.chmod(0o666)
        self._socket.listen(16)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                request = b""
                while not request.endswith(b"\n"):
                    got = connection.recv(65536)
                    if not got:
                        break
                    request += got
                self.requests.append(request)
                time.sleep(self._seconds)
                try:
                    connection.sendall(self._answer)
                except OSError:
                    pass

    def close(self) -> None:
        if self._socket.fileno() >= 0:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()


LINE = '"log_line":"accepted: SQL user `ada`"'

BAD_ANSWERS: dict[str, bytes] = {
    "nothing": b"",
    "no line": f'{{"accepted":true,"user":"ada",{LINE}}}'.encode(),
    "half": f'{{"accepted":true,"user":"ada",{LINE}\n'.encode(),
    "two lines": f'{{"accepted":true,"user":"ada",{LINE}}}\n{{}}\n'.encode(),
    "text behind": f'{{"accepted":true,"user":"ada",{LINE}}} x\n'.encode(),
    "no decision": f'{{"user":"ada",{LINE}}}\n'.encode(),
    "decision late": f'{{"user":"ada","accepted":true,{LINE}}}\n'.encode(),
    "decision twice": f'{{"accepted":false,"accepted":true,"user":"ada",{LINE}}}\n'.encode(),
    "user twice": f'{{"accepted":true,"user":"ada","user":"ada",{LINE}}}\n'.encode(),
    "no user": f'{{"accepted":true,{LINE}}}\n'.encode(),
    "no line for the log": b'{"accepted":true,"user":"ada"}\n',
    "a decision in words": f'{{"accepted":"true","user":"ada",{LINE}}}\n'.encode(),
    "a user with a NUL": f'{{"accepted":true,"user":"ada\\u0000x",{LINE}}}\n'.encode(),
    "a long user": f'{{"accepted":true,"user":"{"a" * 300}",{LINE}}}\n'.encode(),
    "not UTF-8": b'{"accepted":true,"user":"ada","log_line":"\xff"}\n',
    "an array": b'[true]\n',
    "deep": b'{"accepted":true,"user":"ada","log_line":"x","a":' + b"[" * 10000 + b"]" * 10000 + b"}\n",
    "long": b'{"accepted":true,"user":"ada","log_line":"x","a":"' + b"x" * 300000 + b'"}\n',
    "rubbish": os.urandom(1000) + b"\n",
}


@pytest.fixture
def agent(house: House) -> Iterator[Callable[..., tuple[BadAgent, Path]]]:
    agents: list[BadAgent] = []

    def start(answer: bytes, seconds: float = 0) -> tuple[BadAgent, Path]:
        path = house.place() / "socket"
        agents.append(BadAgent(path, answer, seconds))
        return agents[-1], path

    yield start
    for made in agents:
        made.close()


@pytest.mark.parametrize("kind", BAD_ANSWERS)
def test_an_answer_that_is_not_understood_lets_nobody_in(house: House, agent: Callable[..., Any], kind: str) -> None:
    _, path = agent(BAD_ANSWERS[kind])
    house.refused(house.host(f"agent={path}"), "eyJx.eyJx.x", AUTHINFO_UNAVAIL, "agent_unavailable: ")


def test_the_answer_is_held_against_the_user(house: House, agent: Callable[..., Any]) -> None:
    asked, path = agent(f'{{"accepted":true,"user":"ada",{LINE},"more":[1,-2.5e3,null,{{"a":"\\ud83d\\ude00"}}]}}\n'.encode())
    host = house.host(f"agent={path}")
    house.accepted(host, "eyJ\"\\.x")
    house.refused(host, "eyJx", AUTH_ERR, "user_mismatch: the server asks for `Ada`, the token logs in `ada`", user="Ada")
    house.accepted(house.host(f"agent={path} map_user"), "eyJx", user="sso")
    assert [json.loads(request) for request in asked.requests] == [
        {"token": 'eyJ"\\.x', "user": "ada", "peer": PEER},
        {"token": "eyJx", "user": "Ada", "peer": PEER},
        {"token": "eyJx", "peer": PEER},
    ]


def test_a_refusal_of_the_agent_is_one(house: House, agent: Callable[..., Any]) -> None:
    _, path = agent(b'{"accepted":false,"code":"token_expired","log_line":"token_expired: \\u001b[31mthe token","user":null}\n')
    house.refused(house.host(f"agent={path}"), "eyJx", AUTH_ERR, " token_expired: ?[31mthe token; user=ada")


def test_an_agent_that_is_not_there_lets_nobody_in(house: House, agent: Callable[..., Any]) -> None:
    folder = house.place()
    house.refused(house.host(f"agent={folder / 'socket'}"), "eyJx", AUTHINFO_UNAVAIL, "is sqljwt-agent running?")
    closed, path = agent(b"")
    closed.close()
    house.refused(house.host(f"agent={path}"), "eyJx", AUTHINFO_UNAVAIL, "Connection refused")
    (folder / "socket").write_text("")
    house.refused(house.host(f"agent={folder / 'socket'}"), "eyJx", AUTHINFO_UNAVAIL, "is no socket")
    house.refused(house.host(f"agent=/{'x' * 200}"), "eyJx", AUTHINFO_UNAVAIL, "the path of the socket is too long")


def test_a_socket_where_anybody_can_put_one_is_not_asked(house: House, agent: Callable[..., Any]) -> None:
    asked, path = agent(f'{{"accepted":true,"user":"ada",{LINE}}}\n'.encode())
    path.parent.chmod(0o777)
    house.refused(house.host(f"agent={path}"), "eyJx", AUTHINFO_UNAVAIL, "is writable by others than its owner (mode 0777)")
    assert asked.requests == []


@pytest.mark.full
def test_an_agent_that_says_nothing_is_not_waited_for_long(house: House, agent: Callable[..., Any]) -> None:
    _, path = agent(f'{{"accepted":true,"user":"ada",{LINE}}}\n'.encode(), seconds=20)
    house.refused(house.host(f"agent={path}"), "eyJx", AUTHINFO_UNAVAIL, "no answer: Connection timed out")
