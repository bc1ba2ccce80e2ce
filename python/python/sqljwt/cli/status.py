"""What the exit status says: the same of every command."""

ACCEPTED, REJECTED, UNUSABLE, KEYS_NEEDED, INTERRUPTED = 0, 1, 2, 3, 130
"""Yes; no, or something was found; the call or what it was given cannot be used; nobody can say before keys are fetched; Ctrl-C."""

OF_DECISION = {"accept": ACCEPTED, "reject": REJECTED, "keys_needed": KEYS_NEEDED}
"""Of one login that was decided."""

TABLE = """\
exit status:
  0  yes: accepted, all as expected, done
  1  no: rejected, or something was found that is wrong
  2  the command, a file, the settings or a line of input cannot be used
  3  nobody can say yet: the issuer's keys have to be fetched first
"""
"""For the help of every command."""
