/* What a library has to do to be timed: get ready for an issuer once, then judge tokens. */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ISSUER "https://idp.example/tenants/main"
#define AUDIENCE "sql-login"

/* A login as the identity provider made it, and its key in the two forms that libraries take. */
struct login {
  const char *algorithm;
  const char *jwk;
  const char *pem;
  const char *token;
  const char *expired;
};

struct peer {
  const char *name;
  /* Everything that is done once: key, issuer and audience. NULL where the library lacks the algorithm. */
  void *(*prepare)(const struct login *login, const char *issuer, const char *audience);
  /* Signature, `exp`, `iss` and `aud` of one token. */
  bool (*judge)(void *ready, const char *token);
};

extern const struct peer WITH_SQLJWT, WITH_LIBJWT, WITH_CJOSE, WITH_CPP_JWT;

#ifdef __cplusplus
}
#endif

#endif
