/*
 * What must not be done, done on purpose: the sanitizers and Valgrind have to notice, or they were not there.
 *
 *     broken free-twice | use-after-free | leak | overflow | race
 */
#include "sqljwt.h"

#include "sample.h"

#include <limits.h>
#include <pthread.h>

static sqljwt_validator *shared;

/* A reload without the lock. */
static void *reload(void *unused) {
  sqljwt_validator *next = NULL;
  (void)unused;
  CHECK(sqljwt_validator_new(TEXT(SETTINGS), &next, NULL) == SQLJWT_OK);
  shared = next;
  return NULL;
}

int main(int count, char **arguments) {
  const char *mistake = count > 1 ? arguments[1] : "";
  sqljwt_validator *validator = NULL;
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validator_new(TEXT(SETTINGS), &validator, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK);
  if (strcmp(mistake, "free-twice") == 0) {
    sqljwt_login_free(login);
    sqljwt_login_free(login);
  } else if (strcmp(mistake, "use-after-free") == 0) {
    const sqljwt_view user = sqljwt_login_user(login);
    sqljwt_login_free(login);
    printf("%c\n", user.data[0]);
  } else if (strcmp(mistake, "leak") == 0) {
    login = NULL;
  } else if (strcmp(mistake, "overflow") == 0) {
    printf("%d\n", INT_MAX - 1 + count); /* `count` is 2 */
  } else if (strcmp(mistake, "race") == 0) {
    pthread_t threads[2];
    CHECK(pthread_create(&threads[0], NULL, reload, NULL) == 0 && pthread_create(&threads[1], NULL, reload, NULL) == 0);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    sqljwt_validator_free(shared);
  }
  sqljwt_validator_free(validator);
  return 0;
}
