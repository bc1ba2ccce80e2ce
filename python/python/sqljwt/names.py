"""The names that the engine's documents use, as types.

Written from the engine's own tables by ``cargo xtask update``; ``tests/tests/names.rs`` has the words.
"""

from typing import Literal

Decision = Literal["accept", "reject", "keys_needed"]
"""What was decided; only ``accept`` logs anybody in."""

Profile = Literal["hardened", "cockroachdb"]
"""Whose rules decide: the engine's own, or the database's."""

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

Outcome = Literal["pass", "fail", "not_reached"]
"""How a check went."""

AdviceKind = Literal["next_failure", "near_miss", "warning"]
"""What kind of thing an advice tells: what would fail next, what nearly fits, what deserves attention."""

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""A signature algorithm that the engine accepts; ``EdDSA`` and ``Ed25519`` are two names of one."""

FetchFault = Literal[
    "not_fetched",
    "address_refused",
    "unreachable",
    "redirected",
    "http_status",
    "body_too_long",
    "discovery_invalid",
    "discovery_issuer",
    "jwks_uri_missing",
    "keys_invalid",
    "userinfo_missing",
    "userinfo_invalid",
    "cache_full",
    "record_invalid",
]
"""Why an issuer's keys could not be had, or are not used."""

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
    "scope_missing",
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
