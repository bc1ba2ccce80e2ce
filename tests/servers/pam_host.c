/* A server in miniature: it logs in by PAM whoever a line of its input names, all in one process.
 *
 *   pam_host FOLDER SERVICE [THREADS]      FOLDER has the PAM services, as /etc/pam.d has them
 *
 * A line of the input is USER, the peer and the password, with tabs between them. Each is answered by one line: what PAM says of the
 * login, what it says of the account (`-` where the login failed), and who is logged in. libpam unloads the modules after each login,
 * as it does in every server.
 *
 * With THREADS each line is answered by so many threads, one line a thread. A thread ends when libpam has unloaded the modules: what
 * they keep for threads is freed then.
 */
#define _GNU_SOURCE
#include <pthread.h>
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

struct line {
  const char *folder, *service, *user, *peer;
  char *password;
};

static void *log_in(void *argument) {
  const struct line *line = argument;
  const struct pam_conv conversation = {answer, line->password};
  pam_handle_t *handle = NULL;
  const void *name = NULL;
  int login = pam_start_confdir(line->service, line->user, &conversation, line->folder, &handle), account = -1;
  if (login == PAM_SUCCESS) {
    pam_set_item(handle, PAM_RHOST, line->peer);
    login = pam_authenticate(handle, 0);
    account = login == PAM_SUCCESS ? pam_acct_mgmt(handle, 0) : -1;
    pam_get_item(handle, PAM_USER, &name);
  }
  char text[512];
  if (account >= 0) {
    snprintf(text, sizeof text, "%d %d %s", login, account, account == PAM_SUCCESS && name != NULL ? (const char *)name : "-");
  } else {
    snprintf(text, sizeof text, "%d - -", login);
  }
  pam_end(handle, account >= 0 ? account : login);
  printf("%s\n", text);
  return NULL;
}

/* A few at a time. */
static int in_threads(const struct line *line, long threads) {
  enum { AT_ONCE = 4 };
  while (threads > 0) {
    pthread_t running[AT_ONCE];
    int count = 0;
    for (; count < AT_ONCE && threads > 0; count++, threads--) {
      if (pthread_create(&running[count], NULL, log_in, (void *)line) != 0) {
        return 2;
      }
    }
    while (count > 0) {
      pthread_join(running[--count], NULL);
    }
  }
  return 0;
}

int main(int count, char **arguments) {
  char *text = NULL;
  size_t size = 0;
  if (count < 3 || count > 4) {
    fprintf(stderr, "usage: pam_host FOLDER SERVICE [THREADS]\n");
    return 2;
  }
  while (getline(&text, &size, stdin) > 0) {
    char *rest = text, *user = strsep(&rest, "\t"), *peer = strsep(&rest, "\t"), *password = strsep(&rest, "\n");
    if (password == NULL) {
      return 2;
    }
    struct line line = {arguments[1], arguments[2], user, peer, password};
    if (count == 3) {
      log_in(&line);
    } else if (in_threads(&line, atol(arguments[3])) != 0) {
      return 2;
    }
    fflush(stdout);
    memset(text, 0, size);
  }
  free(text);
  return 0;
}
