/* cjose verifies signatures; the claims are for its user to judge, here with jansson, which it takes itself. */
#include <cjose/cjose.h>
#include <jansson.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "peer.h"

struct ready {
  cjose_jwk_t *key;
  const char *issuer;
  const char *audience;
};

static void *prepare(const struct login *login, const char *issuer, const char *audience) {
  cjose_jwk_t *key = cjose_jwk_import(login->jwk, strlen(login->jwk), NULL);
  struct ready *ready = malloc(sizeof *ready);
  if (key == NULL || ready == NULL) {
    return NULL; /* it knows no Ed25519 keys */
  }
  *ready = (struct ready){key, issuer, audience};
  return ready;
}

static bool is(const json_t *claims, const char *name, const char *expected) {
  const char *value = json_string_value(json_object_get(claims, name));
  return value != NULL && strcmp(value, expected) == 0;
}

static bool judge(void *argument, const char *token) {
  const struct ready *ready = argument;
  bool fine = false;
  uint8_t *text = NULL;
  size_t len = 0;
  cjose_jws_t *jws = cjose_jws_import(token, strlen(token), NULL);
  if (jws != NULL && cjose_jws_verify(jws, ready->key, NULL) && cjose_jws_get_plaintext(jws, &text, &len, NULL)) {
    json_t *claims = json_loadb((const char *)text, len, JSON_REJECT_DUPLICATES, NULL);
    fine = json_integer_value(json_object_get(claims, "exp")) > time(NULL) && is(claims, "iss", ready->issuer) &&
           is(claims, "aud", ready->audience);
    json_decref(claims);
  }
  cjose_jws_release(jws);
  return fine;
}

const struct peer WITH_CJOSE = {"cjose", prepare, judge};
