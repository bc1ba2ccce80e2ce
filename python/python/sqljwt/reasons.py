"""Every reason for which a login can be refused: the engine's own table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from . import _native

Check = Literal[
    "settings",
    "enabled",
    "token",
    "header",
    "issuer",
    "key",
    "signature",
    "time",
    "audience",
    "principal",
    "identity_map",
    "user",
    "reserved",
    "groups",
    "internal",
]
"""One step of the decision; a profile puts the steps in order, and the first that fails gives the reason."""

ReasonCode = Literal[
    "settings_invalid",
    "setting_unknown",
    "setting_wrong_type",
    "issuers_invalid",
    "audience_invalid",
    "claim_setting_invalid",
    "jwks_invalid",
    "identity_map_invalid",
    "profile_unknown",
    "disabled",
    "token_empty",
    "token_too_large",
    "token_malformed",
    "token_encrypted",
    "token_bad_base64",
    "payload_invalid",
    "payload_duplicate_member",
    "header_invalid",
    "header_duplicate_member",
    "alg_not_allowed",
    "crit_unsupported",
    "b64_unsupported",
    "zip_unsupported",
    "typ_not_allowed",
    "cty_nested",
    "iss_missing",
    "iss_invalid",
    "issuer_not_allowed",
    "key_id_missing",
    "key_not_found",
    "key_alg_mismatch",
    "key_not_for_verify",
    "key_weak",
    "key_invalid",
    "key_issuer_mismatch",
    "keys_unavailable",
    "signature_invalid",
    "exp_missing",
    "exp_invalid",
    "token_expired",
    "nbf_invalid",
    "token_not_yet_valid",
    "iat_invalid",
    "issued_in_future",
    "lifetime_too_long",
    "aud_missing",
    "aud_invalid",
    "audience_not_allowed",
    "claim_missing",
    "claim_invalid",
    "email_unverified",
    "required_claim_missing",
    "cnf_unsupported",
    "identity_unmapped",
    "mapped_user_invalid",
    "too_costly",
    "user_mismatch",
    "user_ambiguous",
    "user_reserved",
    "groups_missing",
    "groups_invalid",
    "groups_empty",
    "userinfo_needed",
    "groups_too_many",
    "internal_error",
]
"""The machine-readable name of a refusal: it never changes its meaning."""


@dataclass(frozen=True)
class Reason:
    """One row of the catalogue."""

    code: ReasonCode
    number: int
    """1000 to 9999, banded by check; stable for ever."""
    check: Check
    summary: str
    """What the code means, in one line."""
    remedy: str
    """What would mend it, in general; an explanation says it for the case at hand."""
    reference: str
    """The standard's section, or the server behaviour, that the rule comes from."""


@lru_cache(maxsize=None)
def reason_codes() -> Mapping[ReasonCode, Reason]:
    """The catalogue of reasons by code, in the order of their numbers.

    >>> reason_codes()["token_expired"].remedy
    'request a new token'
    """
    rows = (Reason(**row) for row in json.loads(_native.call('{"verb": "reasons"}'))["reasons"])
    return MappingProxyType({row.code: row for row in rows})
