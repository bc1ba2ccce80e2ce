"""What the exit status says."""

ACCEPTED, REJECTED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Somebody may log in; nobody may; the call or the settings cannot be used; Ctrl-C."""
