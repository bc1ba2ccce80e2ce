/* A bug inside arrives as SQLJWT_PANIC, at every function, and says nothing of its input. Test builds of the library only. */
#include "sqljwt.h"

#include "sample.h"

void sqljwt_test_panic(void);

#define PANICKING(call) (sqljwt_test_panic(), (call))

int main(void) {
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
