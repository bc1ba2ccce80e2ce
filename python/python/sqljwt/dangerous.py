"""Looking into a token without believing it.

Nothing here checks a signature: whoever wrote the token wrote whatever is in it. Use it to show, never to decide.
"""

from __future__ import annotations

import json
from typing import cast

from . import _native
from .errors import TokenUnreadable
from .explanation import TokenView
from .names import ReasonCode
from .reasons import reason_codes

__all__ = ["decode_unverified"]


def decode_unverified(token: str | bytes) -> TokenView:
    """Decode a token's header and claims without verifying anything.

    Raises:
        TokenUnreadable: the text cannot be taken apart.
        TypeError: ``token`` is neither text nor bytes.

    >>> decode_unverified("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.").claims
    {'sub': 'alice'}
    """
    view, code = _native.decode(token)
    if view is None:
        reason = reason_codes()[cast(ReasonCode, code)]
        raise TokenUnreadable(reason.code, reason.summary)
    return TokenView._of(json.loads(view))
