/* A server in miniature: it logs in by PAM whoever a line of its input names, all in one process.
 *
 *   pam_host FOLDER SERVICE      FOLDER has the PAM services, as /etc/pam.d has them
 *
 * A line of the input is USER, the peer and the password, with tabs between them. Each is answered by one line: what PAM says of the
 * login, what it says of the account (`-` where the login failed), and who is logged in. libpam unloads the modules after each login,
 * as it does in every server.
 */
#define _GNU_SOURCE
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Answers every question with the password. */
static int answer(int count, const struct pam_message **questions, struct pam_response **answers, void *password) {
  (void)questions;
  *answers = calloc((size_t)count, sizeof **answers);
  if (*answers == NULL) {
    return PAM_BUF_ERR;
  }
  for (int index = 0; index < count; index++) {
    (*answers)[index].resp = strdup(password);
  }
  return PAM_SUCCESS;
}

static void log_in(const char *folder, const char *service, const char *user, const char *peer, char *password) {
  const struct pam_conv conversation = {answer, password};
  pam_handle_t *handle = NULL;
  const void *name = NULL;
  int login = pam_start_confdir(service, user, &conversation, folder, &handle), account = -1;
  if (login == PAM_SUCCESS) {
    pam_set_item(handle, PAM_RHOST, peer);
    login = pam_authenticate(handle, 0);
    account = login == PAM_SUCCESS ? pam_acct_mgmt(handle, 0) : -1;
    pam_get_item(handle, PAM_USER, &name);
  }
  printf("%d ", login);
  if (account >= 0) {
    printf("%d %s\n", account, account == PAM_SUCCESS && name != NULL ? (const char *)name : "-");
  } else {
    printf("- -\n");
  }
  fflush(stdout);
  pam_end(handle, account >= 0 ? account : login);
}

int main(int count, char **arguments) {
  char *line = NULL;
  size_t size = 0;
  if (count != 3) {
    fprintf(stderr, "usage: pam_host FOLDER SERVICE\n");
    return 2;
  }
  while (getline(&line, &size, stdin) > 0) {
    char *rest = line, *user = strsep(&rest, "\t"), *peer = strsep(&rest, "\t"), *password = strsep(&rest, "\n");
    if (password == NULL) {
      return 2;
    }
    log_in(arguments[1], arguments[2], user, peer, password);
  }
  free(line);
  return 0;
}
