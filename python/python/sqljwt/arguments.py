"""What may a caller pass? Anything else is a ``TypeError`` or a ``ValueError`` that names the argument."""

from __future__ import annotations

import math
import operator
import time
from typing import Any


def check_token(token: Any) -> None:
    """A token is text or bytes."""
    if not isinstance(token, (str, bytes)):
        raise TypeError(f"argument 'token': expected str or bytes, not {type(token).__name__}")


def check_text(name: str, text: Any) -> None:
    """A text is text."""
    if not isinstance(text, str):
        raise TypeError(f"argument '{name}': expected str, not {type(text).__name__}")


def seconds(now: Any) -> int:
    """Whole Unix seconds, the present for None; a fraction of a second has not been reached yet."""
    if now is None:
        return int(time.time())
    try:
        if isinstance(now, bool):
            raise TypeError
        whole = math.floor(now) if isinstance(now, float) else operator.index(now)
    except TypeError:
        raise TypeError(f"argument 'now': expected Unix seconds, int or float, not {type(now).__name__}") from None
    except (ValueError, OverflowError):
        raise ValueError(f"argument 'now': {now} is no moment") from None
    if not -(2**63) <= whole < 2**63:
        raise ValueError("argument 'now': beyond 64 bits of Unix seconds")
    return whole
