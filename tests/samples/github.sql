-- Workflows of one repository, on its main branch only.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://token.actions.githubusercontent.com';
SET CLUSTER SETTING server.jwt_authentication.audience = 'db.example.com';
SET CLUSTER SETTING server.jwt_authentication.jwks = '{"keys":[{"kty":"RSA","kid":"github-2026","n":"xsYn1RBg7uzdpTp_mCOWepjl14ScpFTanQnoMtcbR5WlnuFNYtY7rRbKp2bboeX_SkPIPqgynFConyVfm_qEc_nJFNu-rNLBRCBEgmszt04t9LHkJMxWULg9JD5LIzF9sPtVRUEmz3BTKe27fvj1mQlfT8rTW6iGReUTxYHbA3rkC2xmqvNyHYJLQoAYObaKwdzWFV8NENgzhnuOLvw9zkFpg9HKsbnRHtUD8YEBpq3bLoWMEdF5dl88FQXYhaTIA3b9rDnWBzyak0SX-fX-o_gXVWqSmX484zcbj3kr3H2NwgwqoEMEJ20gbxPh9QLPa9SCa6p3ub-pJQw40bQYEw","e":"AQAB","use":"sig","alg":"RS256"}]}';
SET CLUSTER SETTING server.identity_map.configuration = 'https://token.actions.githubusercontent.com repo:octo-org/octo-repo:ref:refs/heads/main ci_main';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
-- sqljwt: engine.max_token_lifetime_seconds = 900
