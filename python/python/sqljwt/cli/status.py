"""What the exit status says."""

ACCEPTED, REJECTED, UNUSABLE, KEYS_NEEDED, INTERRUPTED = 0, 1, 2, 3, 130
"""Somebody may log in; nobody may; the call or the settings cannot be used; nobody can say before keys are fetched; Ctrl-C."""

OF_DECISION = {"accept": ACCEPTED, "reject": REJECTED, "keys_needed": KEYS_NEEDED}
"""Of one login that was decided."""
