/* libjwt 3: its checker knows all four checks; `exp` is one of those it makes unasked. */
#include <jwt.h>

#include "peer.h"

static void *prepare(const struct login *login, const char *issuer, const char *audience) {
  jwk_set_t *keys = jwks_create(login->jwk); /* lives as long as the program, like the checker */
  const jwk_item_t *key = jwks_item_get(keys, 0);
  jwt_checker_t *checker = jwt_checker_new();
  if (key == NULL || jwks_item_error(key) || jwt_checker_setkey(checker, jwks_item_alg(key), key) != 0 ||
      jwt_checker_claim_set(checker, JWT_CLAIM_ISS, issuer) != 0 ||
      jwt_checker_claim_set(checker, JWT_CLAIM_AUD, audience) != 0) {
    return NULL;
  }
  return checker;
}

static bool judge(void *ready, const char *token) { return jwt_checker_verify((jwt_checker_t *)ready, token) == 0; }

const struct peer WITH_LIBJWT = {"libjwt", prepare, judge};
