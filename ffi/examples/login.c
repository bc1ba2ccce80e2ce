/*
 * May this token log in? And if not, what does the client hear, and what does the log say?
 *
 *     login SETTINGS USER [NOW] < TOKEN
 *
 * Exit status: 0 may log in, 1 may not, 2 unusable input.
 */
#include <sqljwt.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGEST_FILE = 32 * 1024 * 1024 };

/* Everything that a file holds, to be freed; NULL where it cannot be read. */
static char *contents(FILE *file, size_t *len) {
  size_t room = 4096;
  char *text = malloc(room);
  *len = 0;
  while (text != NULL) {
    *len += fread(text + *len, 1, room - *len, file);
    if (*len < room) {
      break;
    }
    char *larger = room < LARGEST_FILE ? realloc(text, room *= 2) : NULL;
    if (larger == NULL) {
      free(text);
    }
    text = larger;
  }
  return text;
}

static void line(FILE *out, const char *heading, sqljwt_view text) {
  if (text.data != NULL) {
    fprintf(out, "%-8s ", heading);
    fwrite(text.data, 1, text.len, out);
    fputc('\n', out);
  }
}

static int refused(sqljwt_refusal *refusal) {
  line(stdout, "client:", sqljwt_refusal_client_message(refusal));
  line(stdout, "detail:", sqljwt_refusal_client_detail(refusal));
  line(stderr, "log:", sqljwt_refusal_log_line(refusal));
  line(stderr, "to mend:", sqljwt_refusal_remedy(refusal));
  sqljwt_refusal_free(refusal);
  return 1;
}

/* Not `time(NULL)`, which lags behind by milliseconds: to it a token that was just made would be one of the future. */
static int64_t present(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fputs("login SETTINGS USER [NOW] < TOKEN\n", stderr);
    return 2;
  }
  const char *user = arguments[2];
  const int64_t now = count > 3 ? strtoll(arguments[3], NULL, 10) : present();

  FILE *file = fopen(arguments[1], "rb");
  if (file == NULL) {
    perror(arguments[1]);
    return 2;
  }
  size_t settings_len = 0;
  char *settings = contents(file, &settings_len);
  fclose(file);
  size_t token_len = 0;
  char *token = contents(stdin, &token_len);
  if (settings == NULL || token == NULL) {
    fputs("the input cannot be read\n", stderr);
    return 2;
  }
  if (token_len > 0 && token[token_len - 1] == '\n') {
    token_len -= 1; /* the shell's, not the token's */
  }

  int result = 2;
  sqljwt_validator *validator = NULL;
  sqljwt_refusal *refusal = NULL;
  if (sqljwt_validator_new(settings, settings_len, &validator, &refusal) != SQLJWT_OK) {
    refused(refusal);
  } else {
    sqljwt_login *login = NULL;
    if (sqljwt_validate(validator, token, token_len, user, strlen(user), now, &login, &refusal) == SQLJWT_OK) {
      line(stdout, "user:", sqljwt_login_user(login));
      line(stdout, "bearer:", sqljwt_login_principal(login));
      size_t roles = 0;
      if (sqljwt_login_roles(login, &roles)) {
        for (size_t index = 0; index < roles; index++) {
          line(stdout, "role:", sqljwt_login_role(login, index));
        }
      }
      result = 0;
    } else {
      result = refused(refusal);
    }
    sqljwt_login_free(login);
  }
  sqljwt_validator_free(validator);
  free(token);
  free(settings);
  return result;
}
