"""What may a message say of what somebody typed? A mistyped name in full; of a token, a key or a document nothing.

Whoever writes a token where the name of a file belongs is told so on standard error, and from there it goes into the log of whatever
ran the command: the value itself may not stand in it.
"""

from __future__ import annotations

import re

LONGEST = 255
"""Characters in a file's name: what is longer is none."""

WORD = re.compile(r"[^\s'\"`]+")

BEGINNING = re.compile(r"eyJ[\w-]{6,}|(?<![\w-])e[wy][\w-]{8,}", re.ASCII)
"""The begin of a token: base64url of ``{`` and a quote, anywhere in a word; of ``{`` and a blank, where a word begins."""

RUN = re.compile(r"[\w+=-]{24,}", re.ASCII)
"""As many characters in a row as signatures, keys and passwords have, and some names."""

TOKEN = re.compile(r"(?<![\w-])e[wy][\w-]{16,}\.", re.ASCII)
"""A whole header and a dot: this is meant as a token, whatever it was given for."""

DOCUMENT = re.compile(r"(\{(\s|\\[nrt])*[\"'}]|-----BEGIN).*", re.DOTALL)
"""JSON or a key in PEM, and all that follows."""


def said(text: str) -> str:
    """The text on one line, with a note in the place of whatever may be a secret."""
    return inert(WORD.sub(lambda word: _withheld(word) if _may_be_secret(word[0]) else word[0], DOCUMENT.sub(_withheld, text)))


def inert(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey or a reader not see; the engine writes such characters so."""
    return "".join(character if character.isprintable() else f"\\u{{{ord(character):x}}}" for character in text)


def is_withheld(text: str) -> bool:
    """Whether `said` withholds something of it."""
    return DOCUMENT.search(text) is not None or any(map(_may_be_secret, WORD.findall(text)))


def is_token(text: str) -> bool:
    """Whether it can be nothing but a token, or is too long to be a name of anything."""
    return TOKEN.search(text) is not None or len(text) > LONGEST


def _may_be_secret(word: str) -> bool:
    return len(word) > LONGEST or BEGINNING.search(word) is not None or any(map(_is_random, RUN.findall(word)))


def _is_random(run: str) -> bool:
    """Whether it has capitals, small letters and digits: base64 nearly always does, the names that people give seldom."""
    return all(any(map(kind, run)) for kind in (str.isupper, str.islower, str.isdigit))


def _withheld(match: re.Match[str]) -> str:
    return f"(a value of {len(match[0])} characters, withheld)"
