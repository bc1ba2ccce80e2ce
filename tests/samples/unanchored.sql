-- A line that would let anybody in who owns a domain that begins with example.com.
SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example.com';
SET CLUSTER SETTING server.jwt_authentication.audience = 'db.example.com';
SET CLUSTER SETTING server.identity_map.configuration = '
https://idp.example.com billing@example.com billing
https://idp.example.com /^(.*)@example\.com \1
';
SET CLUSTER SETTING server.jwt_authentication.enabled = true;
