/* sqljwt: also finds the key by its id, looks ten lines of an identity map through, and says who logs in. */
#include <sqljwt.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "peer.h"

#define PERSON(number) ISSUER " person" number "@partner.example partner" number "\\n"

static void *prepare(const struct login *login, const char *issuer, const char *audience) {
  char settings[4096];
  const int len = snprintf(settings, sizeof settings,
                           "{\"server.jwt_authentication.enabled\": true, \"server.jwt_authentication.issuers\": \"%s\","
                           " \"server.jwt_authentication.audience\": \"%s\", \"server.jwt_authentication.jwks\": {\"keys\": [%s]},"
                           " \"server.identity_map.configuration\": \"" PERSON("0") PERSON("1") PERSON("2") PERSON("3")
                               PERSON("4") PERSON("5") PERSON("6") PERSON("7") ISSUER
                           " /^([a-z0-9._-]+)@corp\\\\.example$ \\\\1\\n" ISSUER " /^svc-([a-z]+)@robots\\\\.example$ robot\\n\"}",
                           issuer, audience, login->jwk);
  sqljwt_validator *validator = NULL;
  if (len < 0 || (size_t)len >= sizeof settings ||
      sqljwt_validator_new(settings, (size_t)len, &validator, NULL) != SQLJWT_OK) {
    return NULL;
  }
  return validator;
}

static bool judge(void *ready, const char *token) {
  sqljwt_login *login = NULL;
  const sqljwt_status status =
      sqljwt_validate((const sqljwt_validator *)ready, token, strlen(token), "alice", 5, time(NULL), &login, NULL);
  sqljwt_login_free(login);
  return status == SQLJWT_OK;
}

const struct peer WITH_SQLJWT = {"sqljwt", prepare, judge};
