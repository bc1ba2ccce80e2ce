-- Service accounts of one namespace of an EKS cluster.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://oidc.eks.us-west-2.amazonaws.com/id/8EBD25CE57B5FC1A';
SET CLUSTER SETTING server.jwt_authentication.audience = '["sql.example.com"]';
SET CLUSTER SETTING server.jwt_authentication.jwks = '{"keys":[{"kty":"RSA","kid":"eks-2026","n":"xsYn1RBg7uzdpTp_mCOWepjl14ScpFTanQnoMtcbR5WlnuFNYtY7rRbKp2bboeX_SkPIPqgynFConyVfm_qEc_nJFNu-rNLBRCBEgmszt04t9LHkJMxWULg9JD5LIzF9sPtVRUEmz3BTKe27fvj1mQlfT8rTW6iGReUTxYHbA3rkC2xmqvNyHYJLQoAYObaKwdzWFV8NENgzhnuOLvw9zkFpg9HKsbnRHtUD8YEBpq3bLoWMEdF5dl88FQXYhaTIA3b9rDnWBzyak0SX-fX-o_gXVWqSmX484zcbj3kr3H2NwgwqoEMEJ20gbxPh9QLPa9SCa6p3ub-pJQw40bQYEw","e":"AQAB","use":"sig","alg":"RS256"}]}';
SET CLUSTER SETTING server.identity_map.configuration = 'https://oidc.eks.us-west-2.amazonaws.com/id/8EBD25CE57B5FC1A /^system:serviceaccount:prod:([a-z0-9_-]+)$ \1';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
