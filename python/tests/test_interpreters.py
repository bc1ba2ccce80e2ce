"""One process, several interpreters: the first that imports the package has it, and its refusals can be caught."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

PROGRAM = """
    import sys

    if sys.version_info < (3, 13):
        import _xxsubinterpreters as interpreters

        def fault_of(interpreter, code):
            try:
                interpreters.run_string(interpreter, code)
            except interpreters.RunFailedError as error:
                return str(error)
    else:
        import _interpreters as interpreters

        def fault_of(interpreter, code):
            fault = interpreters.exec(interpreter, code)
            return fault and fault.formatted

    def refused_and_caught():
        import sqljwt

        validator = sqljwt.Validator({})
        try:
            validator.validate("x", "alice")
        except sqljwt.TokenRejected as error:
            assert error.explanation.decision == "reject"
        else:
            raise AssertionError("nobody was refused")
        [outcome, row] = validator.validate_many([("x", "alice"), None])
        assert isinstance(outcome, sqljwt.TokenRejected) and isinstance(row, sqljwt.RowUnreadable)
        try:
            sqljwt.Validator("{")
        except sqljwt.SettingsInvalid:
            pass
"""

FIRST_HERE = """
    refused_and_caught()
    for _ in range(3):
        other = interpreters.create()
        fault = fault_of(other, "import sqljwt")
        assert fault and "ImportError" in fault and "interpreter" in fault, fault
        # Once more, in the one that was refused.
        assert "ImportError" in (fault_of(other, "import sqljwt") or "")
        refused_and_caught()
        interpreters.destroy(other)
        refused_and_caught()
    import importlib, sqljwt
    del sys.modules["sqljwt"]
    importlib.import_module("sqljwt")
    print("well")
"""

FIRST_THERE = """
    other = interpreters.create()
    fault = fault_of(other, "import sqljwt")
    if fault is None:
        try:
            import sqljwt
        except ImportError as error:
            assert "another one has imported it" in str(error)
        else:
            raise AssertionError("a second interpreter has it too")
    else:
        # From 3.12 an interpreter of its own lock loads no module that is not made for it.
        assert "ImportError" in fault, fault
    print("well")
"""


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="only CPython has several interpreters in a process")
@pytest.mark.parametrize("course", [FIRST_HERE, FIRST_THERE], ids=["first here", "first there"])
def test_a_second_interpreter_is_refused_and_the_first_goes_on(course: str) -> None:
    program = textwrap.dedent(PROGRAM) + textwrap.dedent(course)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "well"), done.stderr
