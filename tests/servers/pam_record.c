/* A PAM module for tests: it takes the password, writes down how long it was, and lets in who has the right one.
 *
 *   auth  required  pam_record.so [file=FILE] [password=WORD]
 *
 * file=FILE      one line for each password that reached it: its length, its first three bytes (a token begins with `eyJ`), and
 *                `whole` or, where the conversation broke off, PAM's number of the error
 * password=WORD  the password that it lets in; without it every password but the empty one
 *
 * It is what a token module stands in front of (nothing but real passwords may ever reach it), what tells how much of a password a
 * client and a server carry, and what the benchmark takes for PAM without a token module.
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <string.h>

/* The value of `name=` among the arguments, or NULL. */
static const char *argument(int count, const char **arguments, const char *name) {
  size_t length = strlen(name);
  for (int index = 0; index < count; index++) {
    if (strncmp(arguments[index], name, length) == 0) {
      return arguments[index] + length;
    }
  }
  return NULL;
}

static void write_down(const char *file, int status, const char *password) {
  FILE *output = fopen(file, "a");
  if (output == NULL) {
    return;
  }
  if (status == PAM_SUCCESS) {
    fprintf(output, "%zu %.3s whole\n", strlen(password), password);
  } else {
    fprintf(output, "0 - %d\n", status);
  }
  fclose(output);
}

int pam_sm_authenticate(pam_handle_t *handle, int flags, int count, const char **arguments) {
  (void)flags;
  const char *password = NULL;
  int status = pam_get_authtok(handle, PAM_AUTHTOK, &password, NULL);
  if (status == PAM_SUCCESS && password == NULL) {
    status = PAM_AUTH_ERR;
  }
  const char *file = argument(count, arguments, "file=");
  if (file != NULL) {
    write_down(file, status, password);
  }
  if (status != PAM_SUCCESS) {
    return PAM_AUTH_ERR;
  }
  const char *wanted = argument(count, arguments, "password=");
  int is_right = wanted == NULL ? password[0] != '\0' : strcmp(password, wanted) == 0;
  return is_right ? PAM_SUCCESS : PAM_AUTH_ERR;
}

int pam_sm_setcred(pam_handle_t *handle, int flags, int count, const char **arguments) {
  (void)handle, (void)flags, (void)count, (void)arguments;
  return PAM_SUCCESS;
}

int pam_sm_acct_mgmt(pam_handle_t *handle, int flags, int count, const char **arguments) {
  (void)handle, (void)flags, (void)count, (void)arguments;
  return PAM_SUCCESS;
}
