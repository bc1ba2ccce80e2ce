/*
 * Answers test vectors: the C face of the suite that every language runs.
 *
 * Standard input holds fields, each a length (4 bytes, the lowest first) and as many bytes; four make a vector: settings, token,
 * user and now. Each is answered with three: the status, the SQL user, empty where there is none, and the explanation.
 */
#include "sqljwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field {
  char *data;
  size_t len;
};

static int take(struct field *field) {
  unsigned char length[4];
  if (fread(length, 1, sizeof length, stdin) != sizeof length) {
    return 0;
  }
  field->len = length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 | (size_t)length[3] << 24;
  field->data = (char *)malloc(field->len + 1);
  if (field->data == NULL || fread(field->data, 1, field->len, stdin) != field->len) {
    exit(2);
  }
  field->data[field->len] = '\0';
  return 1;
}

static void give(const char *data, size_t len) {
  const unsigned char length[4] = {(unsigned char)len, (unsigned char)(len >> 8), (unsigned char)(len >> 16),
                                   (unsigned char)(len >> 24)};
  fwrite(length, 1, sizeof length, stdout);
  if (len > 0) {
    fwrite(data, 1, len, stdout);
  }
}

int main(void) {
  struct field settings, token, user, now;
  while (take(&settings) && take(&token) && take(&user) && take(&now)) {
    const int64_t seconds = strtoll(now.data, NULL, 10);
    sqljwt_validator *validator = NULL;
    sqljwt_login *login = NULL;
    sqljwt_text *explanation = NULL;
    sqljwt_status status = sqljwt_validator_new(settings.data, settings.len, &validator, NULL);
    if (status == SQLJWT_OK) {
      status = sqljwt_validate(validator, token.data, token.len, user.data, user.len, seconds, &login, NULL);
    }
    if (sqljwt_explain_with_settings(settings.data, settings.len, token.data, token.len, user.data, user.len, seconds,
                                     &explanation) != SQLJWT_OK) {
      return 1;
    }
    char number[16];
    const sqljwt_view granted = sqljwt_login_user(login), told = sqljwt_text_view(explanation);
    give(number, (size_t)snprintf(number, sizeof number, "%d", (int)status));
    give(granted.data, granted.len);
    give(told.data, told.len);
    sqljwt_text_free(explanation);
    sqljwt_login_free(login);
    sqljwt_validator_free(validator);
    free(settings.data), free(token.data), free(user.data), free(now.data);
  }
  return 0;
}
