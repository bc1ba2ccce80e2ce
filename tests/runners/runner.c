/* C answers the contract's questions; the README beside this file says how they are put. */
#include <sqljwt.h>

#include <stdio.h>
#include <stdlib.h>

struct field {
  char *data;
  size_t len;
};

/* Takes a netstring; false at the end of the questions. */
static int take(struct field *field) {
  if (scanf("%zu", &field->len) != 1) {
    return 0;
  }
  field->data = (char *)malloc(field->len + 1);
  if (getchar() != ':' || field->data == NULL || fread(field->data, 1, field->len, stdin) != field->len || getchar() != ',') {
    fputs("a field is a length, a colon, as many bytes and a comma\n", stderr);
    exit(2);
  }
  field->data[field->len] = '\0';
  return 1;
}

static void give(sqljwt_view view) { fwrite(view.data, 1, view.len, stdout); }

/* The settings, with what was fetched for the login. */
static sqljwt_status compiled(const struct field *settings, const struct field *fetched, const struct field *userinfo,
                              const struct field *token, sqljwt_validator **validator) {
  sqljwt_validator *plain = NULL;
  sqljwt_key_cache *cache = NULL;
  sqljwt_status status = sqljwt_validator_new(settings->data, settings->len, &plain, NULL);
  if (status == SQLJWT_OK) {
    status = sqljwt_key_cache_new(plain, &cache, NULL);
  }
  if (status == SQLJWT_OK) {
    status = sqljwt_key_cache_replay(cache, fetched->data, fetched->len, NULL);
  }
  if (status == SQLJWT_OK) {
    status = sqljwt_validator_with_keys(plain, cache, validator, NULL);
  }
  if (status == SQLJWT_OK && userinfo->len > 0) {
    sqljwt_validator *with_keys = *validator;
    status = sqljwt_validator_with_userinfo(with_keys, token->data, token->len, 200, userinfo->data, userinfo->len, validator, NULL);
    sqljwt_validator_free(with_keys);
  }
  sqljwt_key_cache_free(cache);
  sqljwt_validator_free(plain);
  return status;
}

/* Writes what sqljwt_validate decides. */
static void verdict(sqljwt_status status, const sqljwt_validator *validator, const struct field *token, const struct field *user,
                    int64_t now) {
  sqljwt_login *login = NULL;
  if (status == SQLJWT_OK) {
    status = sqljwt_validate(validator, token->data, token->len, user->data, user->len, now, &login, NULL);
  }
  if (status == SQLJWT_OK) {
    fputs("accept ", stdout);
    give(sqljwt_login_user(login));
  } else if (status == SQLJWT_KEYS_NEEDED) {
    fputs("keys_needed", stdout);
  } else {
    printf("reject %s", sqljwt_reason_name(status));
  }
  sqljwt_login_free(login);
}

int main(void) {
  struct field id, settings, fetched, userinfo, token, user, now;
  while (take(&id) && take(&settings) && take(&fetched) && take(&userinfo) && take(&token) && take(&user) &&
         take(&now)) {
    const int64_t seconds = strtoll(now.data, NULL, 10);
    sqljwt_validator *validator = NULL;
    sqljwt_text *explanation = NULL;
    const sqljwt_status status = compiled(&settings, &fetched, &userinfo, &token, &validator);
    const sqljwt_status explained =
        status == SQLJWT_OK
            ? sqljwt_explain(validator, token.data, token.len, user.data, user.len, seconds, &explanation)
            : sqljwt_explain_with_settings(settings.data, settings.len, token.data, token.len, user.data, user.len, seconds,
                                           &explanation);
    if (explained != SQLJWT_OK) {
      return 1;
    }
    printf("%s\t", id.data);
    verdict(status, validator, &token, &user, seconds);
    putchar('\t');
    give(sqljwt_text_view(explanation));
    putchar('\n');
    sqljwt_text_free(explanation);
    sqljwt_validator_free(validator);
    free(id.data), free(settings.data), free(fetched.data), free(userinfo.data), free(token.data), free(user.data), free(now.data);
  }
  return 0;
}
