"""``keys rehearse``: what would tomorrow's key set do?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from .. import advisor
from ..advisor import ReaderVerdict, RehearsalDocument, RehearsedKey, RehearsedToken
from ..said import inert
from .fetched import compiled, records
from .inputs import Unusable, settings_text, text_in, with_profile
from .keys_told import in_order, table, tokens_of
from .status import ACCEPTED, REJECTED
from .terminal import Line, Look, fitted, write_json

TONES = {"error": "refused", "warning": "warning", "note": "fix"}

FATES = {
    "new": "new",
    "stays": "stays",
    "changed": "its id is another key's today",
    "renamed": "has another id today",
    "shadowed": "another key of the set has its id",
}

OF_TOKENS = {
    "kept": ("passed", "✓+", "still accepted"),
    "gained": ("passed", "✓+", "accepted only with the new set"),
    "lost": ("failed", "✗x", "accepted today, and not with the new set"),
    "refused": ("quiet", "··", "refused with both sets"),
    "unknown": ("keys", "·?", "keys would have to be fetched first"),
}

VERDICTS = {
    "reads_all": ("passed", "✓+", "takes all keys"),
    "drops_keys": ("warning", "·-", "takes the others"),
    "drops_the_set": ("failed", "✗x", "takes nothing of the set"),
}


def rehearse(options: argparse.Namespace) -> int:
    """Tell what the key set of ``--keys`` would do."""
    if options.keys is None:
        raise Unusable("keys rehearse takes tomorrow's key set with --keys")
    if len(options.issuer or ()) > 1:
        raise Unusable("keys rehearse takes one --issuer: whose key set it is")
    names, tokens = tokens_of(options)
    settings, fetched = with_profile(settings_text(options), options), records(options)
    compiled(settings, fetched)
    document = advisor.rehearse(
        settings,
        text_in(options.keys, "a key set", "--keys takes a file"),
        tokens,
        issuer=options.issuer[0] if options.issuer else None,
        fetched=in_order(fetched),
        now=options.now,
    )
    if options.json:
        write_json(f"{document.to_json()}\n")
    else:
        look = Look.of(sys.stdout, options)
        look.show(fitted(_told(document, names, look), look.width), sys.stdout)
    return REJECTED if any(finding.severity == "error" for finding in document.findings) else ACCEPTED


def _told(document: RehearsalDocument, names: tuple[str, ...], look: Look) -> Iterator[Line]:
    is_well = not any(finding.severity == "error" for finding in document.findings)
    yield "accepted" if is_well else "refused", 0, "WELL" if is_well else "NOT WELL", f"  {inert(document.message)}"
    for finding in document.findings:
        yield TONES[finding.severity], 2, f"{finding.severity}: ", inert(finding.message)
        yield "fix", 4, "Fix: ", inert(finding.remedy)
    if document.keys:
        yield "", 0, "", ""
        yield "fix", 0, "keys of the new set", ""
        for key in document.keys:
            yield from table((key.key,), look)
            yield "quiet", 4, "", _fate(key)
    if document.gone:
        yield "fix", 0, "keys that are gone", ""
        yield from table(document.gone, look)
    if document.tokens:
        yield "", 0, "", ""
        yield from (_of_token(name, token, look) for name, token in zip(names, document.tokens))
    if document.untried:
        yield "quiet", 2, "", f"{document.untried} more that were not tried"
    if document.readers:
        yield "", 0, "", ""
        yield "fix", 0, "known readers of key sets", ""
        yield from (_of_reader(reader, look) for reader in document.readers)


def _fate(key: RehearsedKey) -> str:
    was = f": `{inert(key.was)}`" if key.was is not None else ""
    named = f"; named by {key.named_by} token{'' if key.named_by == 1 else 's'}" if key.named_by else ""
    return f"{FATES[key.fate]}{was}{named}"


def _of_token(name: str, token: RehearsedToken, look: Look) -> Line:
    tone, marks, fate = OF_TOKENS[token.fate]
    code = token.tomorrow.code or (token.today.code if token.fate == "refused" else None)
    now = f"; its key is now called `{inert(token.key_is_now)}`" if token.key_is_now is not None else ""
    return tone, 0, f"{marks[look.ascii]} ", f"{name}: {fate}{f': {code}' if code else ''}{now}"


def _of_reader(reader: ReaderVerdict, look: Look) -> Line:
    tone, marks, verdict = VERDICTS[reader.verdict]
    why = f": {inert(reader.why)}" if reader.why and reader.verdict != "reads_all" else ""
    return tone, 2, f"{marks[look.ascii]} ", f"{inert(reader.reader)} {inert(reader.versions)}: {verdict}{why} ({reader.evidence})"
