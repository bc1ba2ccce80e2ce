"""Every question and answer as JSON text: the contract that all faces of the engine share."""

from __future__ import annotations

from . import _native


def call(text: str) -> str:
    """Answer one call: JSON text in, JSON text out, never anything else.

    A call that cannot be understood is answered with a document whose member ``error`` has the code ``call_invalid``.

    Raises:
        TypeError: ``text`` is no text.

    >>> call('{"verb": "explian"}')[:40]
    '{"schema":2,"error":{"code":"call_invali'
    """
    return _native.call(text)
