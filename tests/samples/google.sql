-- Service accounts of one Google Cloud project, named by their e-mail address.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://accounts.google.com';
SET CLUSTER SETTING server.jwt_authentication.audience = 'https://db.example.com';
SET CLUSTER SETTING server.jwt_authentication.claim = 'email';
SET CLUSTER SETTING server.jwt_authentication.jwks = '{"keys":[{"kty":"RSA","kid":"google-2026","n":"xsYn1RBg7uzdpTp_mCOWepjl14ScpFTanQnoMtcbR5WlnuFNYtY7rRbKp2bboeX_SkPIPqgynFConyVfm_qEc_nJFNu-rNLBRCBEgmszt04t9LHkJMxWULg9JD5LIzF9sPtVRUEmz3BTKe27fvj1mQlfT8rTW6iGReUTxYHbA3rkC2xmqvNyHYJLQoAYObaKwdzWFV8NENgzhnuOLvw9zkFpg9HKsbnRHtUD8YEBpq3bLoWMEdF5dl88FQXYhaTIA3b9rDnWBzyak0SX-fX-o_gXVWqSmX484zcbj3kr3H2NwgwqoEMEJ20gbxPh9QLPa9SCa6p3ub-pJQw40bQYEw","e":"AQAB","use":"sig","alg":"RS256"}]}';
SET CLUSTER SETTING server.identity_map.configuration = '
# every service account of the project is the SQL user of its name
https://accounts.google.com /^([a-z0-9_]+)@proj-1234\.iam\.gserviceaccount\.com$ \1
';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
