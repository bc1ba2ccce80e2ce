"""A machine to throw away: a command runs as on this machine, and whatever it does to files, users, processes and ports is gone with it.

    unshare --mount --pid --net --ipc --fork --kill-child python3 throwaway.py [--also LOWER=PLACE] COMMAND…

All folders are this machine's with a layer in memory above them; `--also` lays the files of one more folder over a place. The network is a
loopback of its own. It protects from what a page of the book writes and starts, not from somebody who wants to get out.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys

UNSHARE = ["unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child"]
"""What the command line above begins with. It takes root."""

# Of the machine's own mounts only those with files are shown again; these are made anew.
ANEW = ("/proc", "/sys", "/dev", "/run", "/tmp", "/mnt")


def command(arguments: list[str], also: dict[str, str]) -> list[str]:
    """The whole command line that runs a program so; ``also`` has the folder to lay over each place."""
    layers = [f"--also={lower}={place}" for place, lower in also.items()]
    return [*UNSHARE, sys.executable, os.path.abspath(__file__), *layers, *arguments]


def refusal() -> str | None:
    """Why this machine does not allow it, or nothing if it does."""
    if shutil.which("unshare") is None:
        return "there is no `unshare` here (Debian: apt-get install util-linux)"
    done = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True)
    return None if done.returncode == 0 else f"`{' '.join(UNSHARE)}` is not allowed here (it takes root): {done.stderr.strip()}"


def main() -> int:
    """Build the machine, run the command in it, and end with its status."""
    parser = argparse.ArgumentParser(description="Run a command on a machine to throw away; inside of unshare.")
    parser.add_argument("--also", action="append", default=[], metavar="LOWER=PLACE", help="lay a folder's files over a place")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    folder = os.getcwd()
    root = _root([tuple(each.split("=", 1)) for each in options.also])
    _loopback()
    os.chroot(root)
    os.chdir(folder if os.path.isdir(folder) else "/")
    child = os.fork()
    if child == 0:
        os.execvp(options.command[0], options.command)
    # This is the first process here: whoever has lost its parent is its child, and is not gone until somebody has asked for its status.
    while True:
        ended, status = os.wait()
        if ended == child:
            return os.waitstatus_to_exitcode(status) % 256


def _root(also: list[tuple[str, ...]]) -> pathlib.Path:
    """The folder that becomes the root."""
    _mount("--make-rprivate", "/")
    mounts = [line.split()[1] for line in pathlib.Path("/proc/self/mounts").read_text().splitlines()]
    # Hides what lies there, here and for nobody else.
    top = pathlib.Path("/mnt")
    _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", str(top))
    root = top / "root"
    _overlay(top, "/", root)
    for mount in dict.fromkeys(mounts):
        if mount != "/" and not any(mount == new or mount.startswith(f"{new}/") for new in ANEW):
            _mount("--bind", mount, f"{root}{mount}")
            _mount("-o", "remount,bind,ro", f"{root}{mount}")
    for lower, place in also:
        _overlay(top, f"{lower}:{root}{place}", pathlib.Path(f"{root}{place}"))
    _mount("-t", "proc", "proc", f"{root}/proc")
    _mount("--rbind", "/dev", f"{root}/dev")
    for place, mode in (("/run", "755"), ("/tmp", "1777"), ("/dev/shm", "1777")):
        pathlib.Path(f"{root}{place}").mkdir(exist_ok=True)
        _mount("-t", "tmpfs", "-o", f"mode={mode}", "tmpfs", f"{root}{place}")
    return root


def _overlay(top: pathlib.Path, lower: str, place: pathlib.Path) -> None:
    number = len(list(top.iterdir()))
    layer, work = top / f"layer{number}", top / f"work{number}"
    for folder in (layer, work, place):
        folder.mkdir(exist_ok=True)
    # The layer's root is the new folder's: it has to let everybody pass as the old one does.
    os.chmod(layer, 0o755)
    _mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={layer},workdir={work}", "overlay", str(place))


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"mount {' '.join(arguments)}: {done.stderr.strip()}")


def _loopback() -> None:
    """Bring the loopback interface up: SIOCGIFFLAGS, then SIOCSIFFLAGS with IFF_UP (netdevice(7))."""
    with socket.socket() as any_socket:
        asked = fcntl.ioctl(any_socket, 0x8913, struct.pack("16sh14x", b"lo", 0))
        [flags] = struct.unpack_from("h", asked, 16)
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", flags | 1))


if __name__ == "__main__":
    sys.exit(main())
