/* A plugin made of the archive, which refuses a token with a bad signature: AWS-LC then keeps something for this thread. */
#include "sqljwt.h"

#include "sample.h"

int refuse_a_forged_token(void);

int refuse_a_forged_token(void) {
  char forged[sizeof TOKEN];
  memcpy(forged, TOKEN, sizeof TOKEN);
  char *last = &forged[sizeof TOKEN - 4];
  *last = *last == 'A' ? 'B' : 'A';
  sqljwt_validator *validator = NULL;
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validator_new(TEXT(SETTINGS), &validator, NULL) == SQLJWT_OK);
  const sqljwt_status status = sqljwt_validate(validator, TEXT(forged), TEXT("ada"), NOW, &login, NULL);
  sqljwt_validator_free(validator);
  return status == SQLJWT_REASON_SIGNATURE_INVALID && login == NULL;
}
