/*
 * May this token log in? A module for PAM: it takes JSON Web Tokens in the place of passwords. pam_sqljwt(8) tells its arguments.
 *
 * It decides nothing: the engine, or the agent, says who logs in, and the module holds that against whom the server asks for.
 * What it has read it keeps for the next login where the process lives on (`-z nodelete` keeps the module, and with it what is
 * static, when the server closes it).
 */
#include "agent.h"
#include "arguments.h"
#include "record.h"
#include "token_host.h"
#include "trusted_file.h"

#include <pthread.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

/* What a login came to. */
typedef struct login_outcome {
  int answer; /* PAM's */
  int priority;
  char user[256];  /* who logs in, where the answer is PAM_SUCCESS */
  char line[2048]; /* for the log: what was decided */
  char also[1024]; /* what else is wrong */
} login_outcome;

static void refused(login_outcome *outcome, int answer, int priority, const char *line) {
  outcome->answer = answer;
  outcome->priority = priority;
  outcome->user[0] = '\0';
  trusted_inert(outcome->line, sizeof outcome->line, line);
}

/* ── What is kept between logins ── */

typedef struct kept_host {
  struct kept_host *next;
  char *settings, *keys;
  int64_t max_age;
  token_host *host;
} kept_host;

static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;
static kept_host *kept_hosts;

static bool is_same(const char *a, const char *b) { return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0; }

static kept_host *kept_new(const pam_arguments *arguments) {
  kept_host *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return NULL;
  }
  made->settings = strdup(arguments->settings);
  made->keys = arguments->keys == NULL ? NULL : strdup(arguments->keys);
  made->max_age = arguments->max_age;
  made->host = token_host_new(arguments->settings, arguments->keys, arguments->max_age);
  if (made->settings == NULL || (arguments->keys != NULL && made->keys == NULL) || made->host == NULL) {
    token_host_free(made->host);
    free(made->settings);
    free(made->keys);
    free(made);
    return NULL;
  }
  return made;
}

/* The files of a line of /etc/pam.d: as many as there are lines, never given back. */
static token_host *host_of(const pam_arguments *arguments) {
  pthread_mutex_lock(&kept_lock);
  kept_host *host = kept_hosts;
  while (host != NULL && (!is_same(host->settings, arguments->settings) || !is_same(host->keys, arguments->keys) ||
                          host->max_age != arguments->max_age)) {
    host = host->next;
  }
  if (host == NULL && (host = kept_new(arguments)) != NULL) {
    host->next = kept_hosts;
    kept_hosts = host;
  }
  pthread_mutex_unlock(&kept_lock);
  return host == NULL ? NULL : host->host;
}

/* ── Who logs in? ── */

/* The engine's answer. Text of a token can hold a NUL: such a user is nobody that C knows. */
static void accepted(login_outcome *outcome, const sqljwt_login *login) {
  const sqljwt_view user = sqljwt_login_user(login), line = sqljwt_login_log_line(login);
  if (user.data == NULL || user.len == 0 || strlen(user.data) != user.len || user.len >= sizeof outcome->user) {
    refused(outcome, PAM_AUTH_ERR, LOG_NOTICE, "user_mismatch: the SQL user of the token is no user of a server in C");
    return;
  }
  outcome->answer = PAM_SUCCESS;
  outcome->priority = LOG_INFO;
  memcpy(outcome->user, user.data, user.len + 1);
  trusted_inert(outcome->line, sizeof outcome->line, line.data);
}

static void decide(token_host *host, const sqljwt_validator *validator, const char *token, const char *user, login_outcome *outcome) {
  sqljwt_login *login = NULL;
  sqljwt_refusal *refusal = NULL;
  token_host_fault fault;
  const sqljwt_status status =
      token_host_validate(host, validator, token, strlen(token), user, strlen(user), token_host_now(), &login, &refusal, &fault);
  if (status == SQLJWT_OK) {
    accepted(outcome, login);
  } else {
    const sqljwt_view line = sqljwt_refusal_log_line(refusal);
    refused(outcome, PAM_AUTH_ERR, LOG_NOTICE, line.data == NULL ? "refused" : line.data);
  }
  if (fault.message[0] != '\0') {
    trusted_inert(outcome->also, sizeof outcome->also, fault.message);
  }
  sqljwt_login_free(login);
  sqljwt_refusal_free(refusal);
}

static void ask_engine(const pam_arguments *arguments, const char *token, const char *user, login_outcome *outcome) {
  token_host_fault fault;
  token_host *host = host_of(arguments);
  if (host == NULL) {
    refused(outcome, PAM_BUF_ERR, LOG_ERR, "internal_error: there is no memory");
    return;
  }
  sqljwt_validator *validator = token_host_validator(host, token_host_now(), &fault);
  if (validator == NULL) {
    char line[sizeof fault + 64];
    snprintf(line, sizeof line, "settings_invalid: %s%s%s", fault.message, fault.hint[0] == '\0' ? "" : "; ", fault.hint);
    refused(outcome, PAM_AUTHINFO_UNAVAIL, LOG_ERR, line);
    return;
  }
  if (fault.message[0] != '\0') {
    char also[sizeof fault.message + 64];
    snprintf(also, sizeof also, "what was read before is kept: %s", fault.message);
    trusted_inert(outcome->also, sizeof outcome->also, also);
  }
  decide(host, validator, token, user, outcome);
  sqljwt_validator_free(validator);
}

static void ask_agent(pam_handle_t *pam, const pam_arguments *arguments, const char *token, const char *user, login_outcome *outcome) {
  const void *peer = NULL;
  agent_answer answer;
  if (pam_get_item(pam, PAM_RHOST, &peer) != PAM_SUCCESS || peer == NULL) {
    peer = "";
  }
  if (!agent_ask(arguments->agent, token, user, peer, &answer)) {
    refused(outcome, PAM_AUTHINFO_UNAVAIL, LOG_ERR, answer.log_line);
  } else if (!answer.is_accepted) {
    refused(outcome, PAM_AUTH_ERR, LOG_NOTICE, answer.log_line);
  } else {
    outcome->answer = PAM_SUCCESS;
    outcome->priority = LOG_INFO;
    snprintf(outcome->user, sizeof outcome->user, "%s", answer.user);
    trusted_inert(outcome->line, sizeof outcome->line, answer.log_line);
  }
}

/* The server logs in whom it has asked for, not whom the engine answers: they have to be the same, byte for byte. */
static void hold_against(login_outcome *outcome, const char *user) {
  if (outcome->answer != PAM_SUCCESS || strcmp(outcome->user, user) == 0) {
    return;
  }
  char line[sizeof outcome->line], asked[256], answered[256];
  record_shown(asked, sizeof asked, user);
  record_shown(answered, sizeof answered, outcome->user);
  snprintf(line, sizeof line, "%s: the server asks for `%s`, the token logs in `%s`",
           sqljwt_reason_name(SQLJWT_REASON_USER_MISMATCH), asked, answered);
  refused(outcome, PAM_AUTH_ERR, LOG_NOTICE, line);
}

/* Whether this process is a server that logs in whom the client asks for, whatever PAM_USER then is: with `map_user` every good
 * token would be good for everybody. */
static bool is_heedless(void) {
  static const char *const SERVERS[] = {"postgres", "pgbouncer"};
  char program[512];
  const ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
  program[len < 0 ? 0 : len] = '\0';
  const char *slash = strrchr(program, '/');
  for (size_t server = 0; slash != NULL && server < sizeof SERVERS / sizeof *SERVERS; server++) {
    if (strncmp(slash + 1, SERVERS[server], strlen(SERVERS[server])) == 0) {
      return true;
    }
  }
  return false;
}

static void check(pam_handle_t *pam, const pam_arguments *arguments, const char *token, const char *user, login_outcome *outcome) {
  /* MariaDB logs in whoever PAM_USER then is: there the token alone says who. */
  const char *asked = arguments->map_user ? "" : user;
  if (!arguments->map_user && user[0] == '\0') {
    refused(outcome, PAM_USER_UNKNOWN, LOG_NOTICE, "user_mismatch: the server asks for no user");
    return;
  }
  if (arguments->map_user && is_heedless()) {
    refused(outcome, PAM_AUTHINFO_UNAVAIL, LOG_ERR,
            "settings_invalid: `map_user` is not for this server, which logs in whomever the client asks for");
    return;
  }
  /* The line of a refusal quotes the user. */
  if (sqljwt_looks_like_token(user, strlen(user))) {
    refused(outcome, PAM_USER_UNKNOWN, LOG_NOTICE, "user_mismatch: a token stands in the place of the user");
    return;
  }
  if (arguments->agent != NULL) {
    ask_agent(pam, arguments, token, arguments->map_user ? NULL : user, outcome);
  } else {
    ask_engine(arguments, token, asked, outcome);
  }
  if (!arguments->map_user) {
    hold_against(outcome, user);
  } else if (outcome->answer == PAM_SUCCESS && pam_set_item(pam, PAM_USER, outcome->user) != PAM_SUCCESS) {
    refused(outcome, PAM_BUF_ERR, LOG_ERR, "internal_error: PAM_USER cannot be set");
  }
}

/* ── What libpam calls ── */

/* Under this name the user stands whom this module has let in, for the functions below. */
static const char LET_IN[] = "sqljwt_let_in";

static void forget(pam_handle_t *pam, void *user, int status) {
  (void)pam, (void)status;
  free(user);
}

static int let_in(pam_handle_t *pam, const char *user) {
  char *copy = strdup(user);
  if (copy == NULL) {
    return PAM_BUF_ERR;
  }
  const int answer = pam_set_data(pam, LET_IN, copy, forget);
  if (answer != PAM_SUCCESS) {
    free(copy);
  }
  return answer;
}

int pam_sm_authenticate(pam_handle_t *pam, int flags, int count, const char **words) {
  (void)flags;
  pam_arguments arguments;
  login_outcome outcome = {PAM_AUTH_ERR, LOG_NOTICE, "", "", ""};
  char fault[300];
  const char *user = NULL, *token = NULL;
  /* Whatever fails here fails the login, and is said. */
  if (!arguments_read(count, words, &arguments, fault, sizeof fault)) {
    char line[sizeof fault + 32];
    snprintf(line, sizeof line, "settings_invalid: %s", fault);
    refused(&outcome, PAM_AUTHINFO_UNAVAIL, LOG_ERR, line);
  } else if (pam_get_user(pam, &user, NULL) != PAM_SUCCESS || user == NULL) {
    refused(&outcome, PAM_USER_UNKNOWN, LOG_NOTICE, "user_mismatch: the server asks for no user");
  } else if (pam_get_authtok(pam, PAM_AUTHTOK, &token, NULL) != PAM_SUCCESS || token == NULL) {
    refused(&outcome, PAM_AUTH_ERR, LOG_NOTICE, "token_empty: the client's token or password did not arrive");
  } else if (arguments.only_tokens && !sqljwt_looks_like_token(token, strlen(token))) {
    return PAM_IGNORE;
  } else {
    check(pam, &arguments, token, user, &outcome);
    /* No module behind this one is to find the token, whatever the control words say. libpam wipes it. */
    pam_set_item(pam, PAM_AUTHTOK, NULL);
  }
  if (outcome.answer == PAM_SUCCESS && let_in(pam, outcome.user) != PAM_SUCCESS) {
    refused(&outcome, PAM_BUF_ERR, LOG_ERR, "internal_error: there is no memory");
  }
  record_write(pam, &arguments, outcome.priority, outcome.line, outcome.also);
  return outcome.answer;
}

/* Whether this module has let in who logs in. */
static bool is_let_in(pam_handle_t *pam) {
  const void *let_in = NULL, *user = NULL;
  return pam_get_data(pam, LET_IN, &let_in) == PAM_SUCCESS && let_in != NULL &&
         pam_get_item(pam, PAM_USER, &user) == PAM_SUCCESS && user != NULL && strcmp(let_in, user) == 0;
}

/* An account is what the token says it is: settled at the login. Of everybody else this module knows nothing. */
int pam_sm_acct_mgmt(pam_handle_t *pam, int flags, int count, const char **words) {
  (void)flags, (void)count, (void)words;
  return is_let_in(pam) ? PAM_SUCCESS : PAM_IGNORE;
}

int pam_sm_setcred(pam_handle_t *pam, int flags, int count, const char **words) {
  (void)flags, (void)count, (void)words;
  return is_let_in(pam) ? PAM_SUCCESS : PAM_IGNORE;
}
