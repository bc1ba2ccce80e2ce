"""What all servers of one run share: a folder, the installed library, the PAM modules and the PAM services."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from process import Failed, file_of, replaced, run

ROOT = Path(__file__).resolve().parents[2]

PAM_FOLDER = Path("/etc/pam.d")

OURS = "# Written by the tests of sqljwt, and removed by them.\n"

CONTROL = "[success=done ignore=ignore default=die]"
"""How a token module stands before a password module: a refused token, a cut one too, never reaches that one."""


class Stage:
    """The place that the servers of one run stand on; :meth:`close` leaves nothing of it."""

    def __init__(self, is_full: bool) -> None:
        self.is_full = is_full
        """Whether the tests that take minutes run too."""
        self.prefix = Path(os.environ.get("SQLJWT_PREFIX", ROOT / "target/servers/prefix"))
        """Where the C library is installed."""
        self.sqljwt = Path(sys.executable).with_name("sqljwt")
        """The command of the Python package."""
        # Not pytest's own folder, which nobody but root may enter: the servers run as other users.
        self.folder = Path(tempfile.mkdtemp(prefix="sqljwt-servers-"))
        self.folder.chmod(0o755)
        self._services: list[Path] = []

    def close(self) -> None:
        for service in self._services:
            service.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def pam_sqljwt(self) -> Path:
        """The PAM module, where every server may read it.

        Raises:
            Failed: it was not built.
        """
        built = Path(os.environ.get("SQLJWT_PAM_MODULE", self.prefix / "lib/security/pam_sqljwt.so"))
        if not built.is_file():
            raise Failed(f"{built} is not there: `cargo xtask servers` builds it, or name it in SQLJWT_PAM_MODULE")
        module = self.folder / "pam_sqljwt.so"
        if not module.exists():
            shutil.copy(built, module)
        return module

    def pam_record(self) -> Path:
        """The module that writes down what reached it."""
        module = self.folder / "pam_record.so"
        if not module.exists():
            source = Path(__file__).with_name("pam_record.c")
            flags = "-O2 -Wall -Wextra -Werror -fPIC -shared -Wl,-z,nodelete".split()
            run(["cc", *flags, "-o", module, source, "-lpam"])
        return module

    def service(self, name: str, lines: Sequence[str]) -> str:
        """Writes a PAM service, and returns its name.

        Raises:
            Failed: there is one that is somebody else's.
        """
        path = PAM_FOLDER / name
        if path.exists() and not path.read_text().startswith(OURS):
            raise Failed(f"{path} is there, and not of these tests: they would overwrite it")
        if path not in self._services:
            self._services.append(path)
        replaced(path, OURS + "".join(f"{line}\n" for line in lines))
        return name

    def settings(self, path: Path, settings: Mapping[str, Any]) -> Path:
        """Writes a settings file as an administrator should: as a whole, root's, and writable by nobody else."""
        return replaced(path, json.dumps(settings, indent=2))

    def log(self, path: Path, user: str) -> Path:
        """An empty file that a server's user may write lines to."""
        return file_of(path, user, mode=0o600)

    def refresh(self, settings: Path, keys: Path) -> None:
        """Fetches the issuers' keys into files, as a timer would do it."""
        run([self.sqljwt, "keys", "refresh", "--quiet", "--settings", settings, "--keys-dir", keys])
