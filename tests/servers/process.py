"""Servers that live in the tests: started on a free port of this machine, waited for, and ended by their process id."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LOOPBACK = "127.0.0.1"

PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
"""Debian keeps the servers where only root looks."""

START_SECONDS = 60
STOP_SECONDS = 30

PR_SET_PDEATHSIG = 1


class Failed(Exception):
    """A program did not do what it was started for; the text holds the end of its log."""


class Server:
    """One running server.

    ``stop_signal`` is the one that it ends at quickly and in order. It also ends when the tests are killed.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        user: str,
        folder: Path,
        log: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        self._command = [str(word) for word in command]
        self._stop_signal = stop_signal
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**clean_environment(), **(environment or {})},
                preexec_fn=_ends_with_its_parent(stop_signal),
                **as_user(user),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Waits until it answers.

        Raises:
            Failed: it ended instead, or took too long.
        """
        end = time.monotonic() + seconds
        while not is_ready():
            if not self.is_alive():
                raise Failed(f"{self._command[0]} ended with {self._process.returncode}:\n{self.last_lines()}")
            if time.monotonic() > end:
                raise Failed(f"{self._command[0]} is not ready after {seconds} seconds:\n{self.last_lines()}")
            time.sleep(0.05)

    def wait_for(self, sql: Callable[[str], str]) -> None:
        """Waits until it does what one says in SQL.

        Raises:
            Failed: it ended instead, or took too long.
        """

        def answers() -> bool:
            try:
                return sql("select 1").strip() == "1"
            except Failed:
                return False

        self.wait_until(answers)

    def resident_kb(self) -> int:
        """How much memory it holds, in kB (``VmRSS``)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise Failed(f"process {self.pid} holds no memory: it has ended")

    def reload(self) -> None:
        """Tells it to read its settings again."""
        self._process.send_signal(signal.SIGHUP)

    def last_lines(self, lines: int = 20) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> int:
        """Ends it, and says with which status."""
        if self.is_alive():
            self._process.send_signal(self._stop_signal)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def run(command: Sequence[str | Path], *, user: str = "root", folder: Path | None = None, stdin: str = "", **environment: str) -> str:
    """Runs a program to its end and returns what it printed.

    Raises:
        Failed: its status is not 0.
    """
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        env={**clean_environment(), **environment},
        **as_user(user),
    )
    if done.returncode:
        raise Failed(f"{words[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def as_user(name: str) -> dict[str, object]:
    """The arguments of ``subprocess`` that run a program as somebody else."""
    if name == "root":
        return {}
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(name, entry.pw_gid)}


def clean_environment() -> dict[str, str]:
    """The environment without what database clients and servers would take their settings from."""
    begins = ("PG", "MYSQL", "MARIADB")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(begins)}
    return {**kept, "PATH": PATH, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def owned_by(path: Path, user: str, mode: int) -> Path:
    """Gives a file or folder to somebody."""
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
    path.chmod(mode)
    return path


def folder_of(path: Path, user: str, mode: int = 0o755) -> Path:
    """A new folder that belongs to somebody."""
    path.mkdir()
    return owned_by(path, user, mode)


def file_of(path: Path, user: str, text: str = "", mode: int = 0o644) -> Path:
    """A new file that belongs to somebody."""
    path.write_text(text)
    return owned_by(path, user, mode)


def replaced(path: Path, text: str, mode: int = 0o644) -> Path:
    """A file exchanged as a whole: whoever reads it finds the old text or the new one."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text)
    new.chmod(mode)
    os.replace(new, path)
    return path


def _ends_with_its_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))

    return prepare
