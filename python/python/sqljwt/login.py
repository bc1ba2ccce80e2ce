"""Who logs in: the one good answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IgnoredGroup:
    """A group of the token that gives no role."""

    group: str
    """The group, normalised as role names are."""
    why: str
    """``prefix``, ``not_allowed`` or ``admin``: which option leaves it out."""


@dataclass(frozen=True)
class Provision:
    """A SQL user to be made for a login, where there is none of that name yet."""

    source: str
    """Where the user comes from, as the database records it."""
    statement: str
    """The statement that makes the user, with names in quotes."""


@dataclass(frozen=True)
class Login:
    """A login that may go ahead: the signature has verified and every check has passed."""

    user: str
    """The SQL user to log in, normalised."""
    principal: str
    """The bearer as the token names them."""
    issuer: str
    """The issuer of the token."""
    audience: str
    """The configured audience that the token is for."""
    issued_at: int | None
    """When the token was issued, in Unix seconds."""
    expires_at: int | None
    """When the token expires, in Unix seconds; None only in the ``cockroachdb`` profile."""
    key_id: str
    """The id of the key that signed."""
    algorithm: str
    """The algorithm of the signature."""
    map_line: int | None
    """The line of the identity map that gave the SQL user, counted from 1; None where the issuer has no map."""
    roles: tuple[str, ...] | None
    """The roles that the token's groups give; None where groups are not synchronised."""
    ignored_groups: tuple[IgnoredGroup, ...] | None
    """The groups that give no role by the engine's options; None where groups are not synchronised."""
    provision: Provision | None
    """The SQL user to be made where it is not there yet; None where users are not made of tokens, or this one cannot be."""
