/* A bug inside arrives as SQLJWT_PANIC, at every function, and says nothing of its input. Test builds of the library only. */
#include "sqljwt.h"

#include "sample.h"

#include <pthread.h>

void sqljwt_test_panic(void);

#define PANICKING(call) (sqljwt_test_panic(), (call))

static pthread_key_t late;
static int statuses[2];

/* Runs when the thread has given its own variables up. */
static void at_the_end(void *unused) {
  sqljwt_text *text = NULL;
  (void)unused;
  statuses[1] = PANICKING(sqljwt_call(TEXT("{}"), &text));
}

static void *ending(void *unused) {
  sqljwt_text *text = NULL;
  statuses[0] = PANICKING(sqljwt_call(TEXT("{}"), &text));
  CHECK(pthread_setspecific(late, &late) == 0);
  return unused;
}

static void a_thread_that_is_ending_is_no_exception(void) {
  pthread_t thread;
  CHECK(pthread_key_create(&late, at_the_end) == 0 && pthread_create(&thread, NULL, ending, NULL) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(statuses[0] == SQLJWT_PANIC && statuses[1] == SQLJWT_PANIC);
}

int main(void) {
  a_thread_that_is_ending_is_no_exception();

  sqljwt_validator *validator = NULL;
  sqljwt_login *login = NULL;
  sqljwt_text *text = NULL;
  sqljwt_refusal *refusal = NULL;
  CHECK(PANICKING(sqljwt_validator_new(TEXT(SETTINGS), &validator, &refusal)) == SQLJWT_PANIC);
  CHECK(validator == NULL && refusal != NULL);
  sqljwt_refusal_free(refusal);
  CHECK(sqljwt_validator_new(TEXT(SETTINGS), &validator, NULL) == SQLJWT_OK);

  CHECK(PANICKING(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, &refusal)) == SQLJWT_PANIC);
  CHECK(login == NULL && sqljwt_refusal_status(refusal) == SQLJWT_PANIC);
  CHECK(strstr(sqljwt_refusal_message(refusal).data, "guard.rs:") != NULL);
  CHECK(strstr(sqljwt_refusal_log_line(refusal).data, "secret") == NULL);
  CHECK(strcmp(sqljwt_refusal_client_message(refusal).data, "JWT authentication: invalid token") == 0);
  CHECK(PANICKING(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL)) == SQLJWT_PANIC);
  CHECK(PANICKING(sqljwt_explain(validator, TEXT(TOKEN), TEXT("ada"), NOW, &text)) == SQLJWT_PANIC);
  CHECK(PANICKING(sqljwt_explain_redacted(validator, TEXT(TOKEN), TEXT("ada"), NOW, &text)) == SQLJWT_PANIC);
  CHECK(PANICKING(sqljwt_explain_timeline(validator, TEXT(TOKEN), TEXT("ada"), NOW, &text)) == SQLJWT_PANIC);
  CHECK(PANICKING(sqljwt_explain_with_settings(TEXT(SETTINGS), TEXT(TOKEN), TEXT("ada"), NOW, &text)) == SQLJWT_PANIC);
  CHECK(PANICKING(sqljwt_call(TEXT("{}"), &text)) == SQLJWT_PANIC);
  CHECK(text == NULL);
  CHECK(PANICKING(sqljwt_validator_share(validator)) == NULL);
  CHECK(PANICKING(sqljwt_refusal_message(refusal)).data == NULL);

  /* The library goes on working, in this thread too. */
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK);
  int64_t seconds = 7;
  CHECK(!PANICKING(sqljwt_login_issued_at(login, &seconds)) && seconds == 7);
  CHECK(PANICKING(sqljwt_login_user(login)).data == NULL && sqljwt_login_user(login).data != NULL);
  sqljwt_login_free(login);
  sqljwt_refusal_free(refusal);
  sqljwt_validator_free(validator);
  puts("a bug is a status");
  return 0;
}
