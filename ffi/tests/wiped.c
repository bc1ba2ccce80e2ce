/*
 * What of a login is left in memory that the library has given back? Nothing that the token says: every block is searched when it
 * is freed.
 */
#define _GNU_SOURCE
#include "sqljwt.h"

#include "sample.h"

#include <malloc.h>

extern void __libc_free(void *block);

/* What must not be left: claims, and pieces of the token. */
static const char *const SECRETS[] = {"ada@corp.example", "readers", "eyJhbGciOi", "eyJpc3MiOi", "OHQG87F5B89"};
enum { SECRETS_LEN = sizeof SECRETS / sizeof *SECRETS };

static struct {
  size_t blocks, left;
} freed;

/* This takes the place of the C library's own, for libsqljwt too. */
void free(void *block) {
  if (block != NULL) {
    const size_t size = malloc_usable_size(block);
    freed.blocks++;
    for (size_t secret = 0; secret < SECRETS_LEN; secret++) {
      freed.left += memmem(block, size, SECRETS[secret], strlen(SECRETS[secret])) != NULL;
    }
  }
  __libc_free(block);
}

static void what_nobody_overwrites_is_found(void) {
  char *copy = malloc(sizeof TOKEN);
  CHECK(copy != NULL);
  memcpy(copy, TOKEN, sizeof TOKEN);
  free(copy);
  CHECK(freed.blocks == 1 && freed.left == 2 + 1); /* header, claims and signature */
  freed.blocks = freed.left = 0;
}

static void a_login(const sqljwt_validator *validator) {
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK);
  sqljwt_login_free(login);
}

static void a_refusal_that_quotes_the_token(const sqljwt_validator *validator) {
  sqljwt_refusal *refusal = NULL;
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("eve"), NOW, NULL, &refusal) == SQLJWT_NULL_POINTER);
  sqljwt_refusal_free(refusal);
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("eve"), NOW, &login, &refusal) != SQLJWT_OK);
  sqljwt_refusal_free(refusal);
}

static void an_identity(const sqljwt_validator *validator) {
  sqljwt_identity *identity = NULL;
  CHECK(sqljwt_identify(validator, TEXT(TOKEN), NOW, &identity, NULL) == SQLJWT_OK);
  sqljwt_identity_free(identity);
}

static void an_explanation(const sqljwt_validator *validator) {
  sqljwt_text *text = NULL;
  CHECK(sqljwt_explain_timeline(validator, TEXT(TOKEN), TEXT("eve"), NOW, &text) == SQLJWT_OK);
  sqljwt_text_free(text);
}

int main(void) {
  what_nobody_overwrites_is_found();
  sqljwt_validator *validator = NULL;
  CHECK(sqljwt_validator_new(TEXT(SETTINGS), &validator, NULL) == SQLJWT_OK);
  a_login(validator);
  a_refusal_that_quotes_the_token(validator);
  an_identity(validator);
  an_explanation(validator);
  sqljwt_validator_free(validator);
  printf("%zu blocks were freed, %zu of them with something of a token\n", freed.blocks, freed.left);
  CHECK(freed.blocks > 100 && freed.left == 0);
  return 0;
}
