"""``keys show`` and ``keys check``: which keys there are, and whether they will do."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from .._native import Engine, keys_document
from ..keys import IssuerKeys, KeyReport, KeysDocument, Rotation, SampleToken
from ..reasons import reason_codes
from ..said import inert, said
from .fetched import Records, compiled, records
from .inputs import Unusable, issuer_of, settings_text, token_in, variable, with_key_set_of, with_profile
from .status import ACCEPTED, KEYS_NEEDED, REJECTED
from .terminal import Line, Look, fitted, write_json

NO_KEY_STAYED = "no key stayed: tokens that were issued before are refused from one moment to the next"


def show(options: argparse.Namespace) -> int:
    """Tell all there is to tell about the keys."""
    told = _told(options)
    if options.json:
        write_json(f"{told.document.to_json()}\n")
    else:
        look = Look.of(sys.stdout, options)
        look.show(fitted(told.lines(look), look.width), sys.stdout)
    return ACCEPTED


def check(options: argparse.Namespace) -> int:
    """Judge what there is to tell: is there a key that will do, for every issuer and every token?"""
    told = _told(options)
    findings = [*map(_of_issuer, told.document.issuers), *map(told.of_token, told.names, told.document.tokens)]
    if not told.document.issuers:
        findings.append(Finding(REJECTED, "no issuer is configured: see server.jwt_authentication.issuers"))
    if options.json:
        write_json(f"{told.document.to_json()}\n")
    else:
        look = Look.of(sys.stdout, options)
        lines = (line for finding in findings for line in finding.lines(quiet=options.quiet))
        look.show(fitted(lines, look.width), sys.stdout)
    worst = {finding.status for finding in findings}
    return REJECTED if REJECTED in worst else KEYS_NEEDED if KEYS_NEEDED in worst else ACCEPTED


@dataclass(frozen=True)
class Finding:
    """What is found of an issuer or of a token."""

    status: int
    fact: str
    more: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()

    def lines(self, *, quiet: bool) -> Iterator[Line]:
        """As they are printed; of what is well, nothing but the warnings where only those are wanted."""
        tone, word = {ACCEPTED: ("accepted", "OK"), REJECTED: ("refused", "WRONG"), KEYS_NEEDED: ("keys", "UNKNOWN")}[self.status]
        if not quiet or self.status or self.warnings:
            yield tone, 0, word, f"  {self.fact}"
        yield from self.more if self.status or not quiet else ()
        yield from (("warning", 2, "Warning: ", warning) for warning in self.warnings)


@dataclass(frozen=True)
class Told:
    """The document, and what the command line calls its parts."""

    document: KeysDocument
    names: tuple[str, ...]
    """Of the tokens."""
    key_set: str | None
    """The file of ``--keys``."""
    whose: tuple[str, ...]
    """The issuers whose keys stand in it."""

    def lines(self, look: Look) -> Iterator[Line]:
        """Everything."""
        if not self.document.issuers:
            yield "cause", 0, "", "no issuer is configured: see server.jwt_authentication.issuers"
        for number, issuer in enumerate(self.document.issuers):
            if number:
                yield "", 0, "", ""
            yield from self._of_issuer(issuer, look)
        if self.document.tokens:
            yield "", 0, "", ""
        for name, token in zip(self.names, self.document.tokens):
            finding = self.of_token(name, token)
            tone, marks = {ACCEPTED: ("passed", "✓+"), REJECTED: ("failed", "✗x")}.get(finding.status, ("keys", "·?"))
            yield tone, 0, f"{marks[look.ascii]} ", finding.fact

    def _of_issuer(self, issuer: IssuerKeys, look: Look) -> Iterator[Line]:
        if issuer.issuer in self.whose:
            origin = f"of {self.key_set}"
        elif issuer.origin == "fetched":
            origin = f"fetched from {inert(issuer.url)}" if issuer.url else "fetched"
        else:
            origin = "of the settings" if issuer.origin == "configured" else "of the settings, for this issuer alone"
        yield "fix", 0, inert(issuer.issuer), f"  keys {origin}"
        if issuer.fetched_at and issuer.fresh_until:
            yield "quiet", 2, "", f"fetched {issuer.fetched_at.utc}, fresh until {issuer.fresh_until.utc}"
        if issuer.lacking is not None:
            yield from _lacking(issuer)
        yield from table(issuer.keys, look)
        if issuer.rotation:
            yield "quiet", 2, "", "fetch by fetch"
        yield from map(_rotation, issuer.rotation)

    def of_token(self, name: str, token: SampleToken) -> Finding:
        """What is found of a token."""
        whose = f" of {inert(token.issuer)}" if token.issuer else ""
        if token.signed_with is not None:
            return Finding(ACCEPTED, f"{name}: signed with {self._named(token)}{whose}")
        if token.code is not None:
            return Finding(REJECTED, f"{name}: {token.code}: {reason_codes()[token.code].summary}")
        key = f"key `{inert(token.kid)}`" if token.kid else "its key"
        return Finding(KEYS_NEEDED, f"{name}: {key}{whose} is not among the keys that are there: they have to be fetched first")

    def _named(self, token: SampleToken) -> str:
        """The key that has signed, by its own id: it may be there under several."""
        return f"key `{inert(token.kid or '')}` ({inert(token.signed_with or '')})"


def _of_issuer(issuer: IssuerKeys) -> Finding:
    name, usable = inert(issuer.issuer), [key for key in issuer.keys if key.usable]
    unusable = [f"{key.code}: {inert(key.why or '')}" for key in issuer.keys if not key.usable]
    rotations = [f"{rotation.at.utc}: {NO_KEY_STAYED}" for rotation in issuer.rotation if _kept_none(rotation)]
    if usable:
        fresh = f", fresh until {issuer.fresh_until.utc}" if issuer.fresh_until else ""
        keys = "key" if len(issuer.keys) == 1 else "keys"
        fact = f"{name}: {len(usable)} of {len(issuer.keys)} {keys} can be used{fresh}"
        return Finding(ACCEPTED, fact, warnings=(*unusable, *rotations))
    if issuer.lacking is not None and issuer.origin == "fetched":
        return Finding(KEYS_NEEDED, f"{name}: no keys count", tuple(_lacking(issuer)), tuple(rotations))
    more: list[Line] = [("cause", 2, "", text) for text in unusable]
    more += [("fix", 2, "Fix: ", inert(key.remedy)) for key in issuer.keys if key.remedy]
    fact = f"{name}: {'none of its keys can be used' if issuer.keys else 'it has no keys'}"
    return Finding(REJECTED, fact, tuple(more), tuple(rotations))


def _lacking(issuer: IssuerKeys) -> Iterator[Line]:
    yield "cause", 2, "", inert(issuer.lacking or "")
    if issuer.url:
        yield "fix", 2, "Fix: ", "`sqljwt keys refresh` fetches them; then give what it wrote with --fetched"


def table(keys: tuple[KeyReport, ...], look: Look) -> Iterator[Line]:
    """A line for each key, columns under each other where the terminal has room for them."""
    rows = [(_id(key), _kind(key), " ".join(key.algorithms), inert(key.thumbprint or "")) for key in keys]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    is_wide = look.width is None or sum(widths) + 43 + 10 <= look.width
    for key, (*columns, thumbprint) in zip(keys, rows):
        tone, marks = ("passed", "✓+") if key.usable else ("failed", "✗x")
        text = "  ".join(column.ljust(width) for column, width in zip(columns, widths))
        yield tone, 2, f"{marks[look.ascii]} ", (f"{text}  {thumbprint}" if is_wide else text).rstrip()
        if thumbprint and not is_wide:
            yield "quiet", 4, "", thumbprint
        if not key.usable:
            yield "cause", 4, "", f"{key.code}: {inert(key.why or '')}"
            yield "fix", 4, "Fix: ", inert(key.remedy or "")


def _id(key: KeyReport) -> str:
    return f"`{inert(key.kid)}`" if key.kid is not None else "(no id)"


def _kind(key: KeyReport) -> str:
    """The kind without its article."""
    return inert(key.kind).partition(" ")[2] if key.kind else ""


def _rotation(rotation: Rotation) -> Line:
    if rotation.failure is not None:
        return "warning", 4, f"{rotation.at.utc}  ", f"brought nothing: {inert(rotation.failure)}"
    tone, changes = "quiet", []
    for word, keys in (("new", rotation.added), ("gone", rotation.removed)):
        if keys:
            changes.append(f"{word} {', '.join(f'`{inert(key)}`' for key in keys)}")
    if _kept_none(rotation):
        tone, changes = "warning", [*changes, NO_KEY_STAYED]
    elif rotation.kept:
        changes.append(f"{rotation.kept} stayed")
    return tone, 4, f"{rotation.at.utc}  ", "; ".join(changes) or "no keys"


def _kept_none(rotation: Rotation) -> bool:
    """Whether there were keys before, and none of them is there any more."""
    return rotation.failure is None and bool(rotation.removed) and rotation.kept == 0


def _told(options: argparse.Namespace) -> Told:
    names, tokens = tokens_of(options)
    settings, fetched = with_profile(settings_text(options), options), records(options)
    engine = compiled(settings, fetched)
    whose = _whose(engine, options, tokens) if options.keys else ()
    for issuer in whose:
        settings = with_key_set_of(settings, options, issuer)
    if whose:
        engine = compiled(settings, fetched)
    document = KeysDocument._of(keys_document(engine, in_order(fetched), tokens, options.now))
    return Told(document, names, said(options.keys) if options.keys else None, whose)


def tokens_of(options: argparse.Namespace) -> tuple[tuple[str, ...], list[bytes]]:
    """What the tokens are called, and the tokens."""
    files, variables = options.token or [], options.token_env or []
    if [options.settings, *files].count("-") > 1:
        raise Unusable("only one of settings and tokens can come from standard input; name files for the others")
    names = ["standard input" if name == "-" else said(name) for name in files] + [said(name) for name in variables]
    return tuple(names), [*map(token_in, files), *map(variable, variables)]


def _whose(engine: Engine, options: argparse.Namespace, tokens: list[bytes]) -> tuple[str, ...]:
    """The issuers whose keys stand in the set of ``--keys``: those that are named, or those of the tokens, or the only one."""
    configured = [issuer.issuer for issuer in KeysDocument._of(keys_document(engine, (), (), options.now)).issuers]
    if options.issuer:
        if not set(options.issuer) <= set(configured):
            raise Unusable(f"--issuer takes an issuer of these settings: {', '.join(map(inert, configured))}")
        return tuple(dict.fromkeys(options.issuer))
    of_tokens = [issuer for issuer in configured if issuer in map(issuer_of, tokens)]
    if of_tokens or len(configured) == 1:
        return tuple(of_tokens or configured)
    raise Unusable("--keys takes the key set of one issuer: say with --issuer whose it is")


def in_order(fetched: Records) -> list[str]:
    """The records in the order in which the fetches were made: how keys followed each other is told by that."""
    documents = [json.loads(text) for _, text in fetched]
    each = [record for document in documents for record in (document if isinstance(document, list) else [document])]
    return [json.dumps(record) for record in sorted(each, key=lambda record: int(record["at"]))]
