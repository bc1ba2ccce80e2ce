-- Whoever the identity provider calls NAME@corp.example logs in as SQL user NAME, with the roles that the groups give.
-- The key is a test key: it is published, so never use it for anything else.
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';
SET CLUSTER SETTING server.jwt_authentication.audience = 'db-login';
SET CLUSTER SETTING server.jwt_authentication.claim = 'email';
SET CLUSTER SETTING server.jwt_authentication.jwks =
    '{"keys": [{"kty": "OKP", "kid": "k1", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
                "x": "E8fPeT8OHdRCQbGU4E0W6YPpz-b9FOl2eDY81h7Ux6I"}]}';
SET CLUSTER SETTING server.jwt_authentication.authorization.enabled = true;
SET CLUSTER SETTING server.identity_map.configuration = 'https://idp.example /^(.*)@corp\.example$ \1';
