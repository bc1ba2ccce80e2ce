#include "arguments.h"

#include "token_host.h"

#include <stdio.h>
#include <string.h>

/* What stands behind `name=`, if the word begins so. */
static const char *value(const char *word, const char *name) {
  const size_t len = strlen(name);
  return strncmp(word, name, len) == 0 ? word + len : NULL;
}

static bool seconds(const char *text, int64_t *read) {
  static const int64_t MOST = 1000000000;
  *read = 0;
  for (const char *digit = text; *digit != '\0'; digit++) {
    if (*digit < '0' || *digit > '9' || *read > MOST) {
      return false;
    }
    *read = *read * 10 + (*digit - '0');
  }
  return *text != '\0' && *read <= MOST;
}

/* A path is whole: a server's working folder is nobody's business here. */
static bool path(const char *text, const char **read) {
  if (text[0] != '/') {
    return false;
  }
  *read = text;
  return true;
}

static bool log_place(const char *text, pam_arguments *read) {
  if (strcmp(text, "syslog") == 0 || strcmp(text, "stderr") == 0) {
    read->log = text[1] == 'y' ? LOG_TO_SYSLOG : LOG_TO_STDERR;
    return true;
  }
  if (!path(text, &read->log_file)) {
    return false;
  }
  read->log = LOG_TO_FILE;
  return true;
}

static bool word(const char *word, pam_arguments *read) {
  const char *text = NULL;
  if (strcmp(word, "only_tokens") == 0) {
    return read->only_tokens = true;
  }
  if (strcmp(word, "map_user") == 0) {
    return read->map_user = true;
  }
  if ((text = value(word, "settings=")) != NULL) {
    return path(text, &read->settings);
  }
  if ((text = value(word, "keys=")) != NULL) {
    return path(text, &read->keys);
  }
  if ((text = value(word, "agent=")) != NULL) {
    return path(text, &read->agent);
  }
  if ((text = value(word, "log=")) != NULL) {
    return log_place(text, read);
  }
  if ((text = value(word, "max_age=")) != NULL) {
    return seconds(text, &read->max_age);
  }
  return false;
}

bool arguments_read(int count, const char **words, pam_arguments *read, char *fault, unsigned long size) {
  memset(read, 0, sizeof *read);
  read->max_age = TOKEN_HOST_NO_LIMIT;
  fault[0] = '\0';
  for (int index = 0; index < count; index++) {
    if (!word(words[index], read) && fault[0] == '\0') {
      snprintf(fault, size, "the argument `%.200s` cannot be used: see pam_sqljwt(8)", words[index]);
    }
  }
  if (fault[0] == '\0' && (read->settings == NULL) == (read->agent == NULL)) {
    snprintf(fault, size, "either `settings=` or `agent=` has to be given");
  }
  if (fault[0] == '\0' && read->agent != NULL && (read->keys != NULL || read->max_age != TOKEN_HOST_NO_LIMIT)) {
    snprintf(fault, size, "`keys=` and `max_age=` are the agent's own business where `agent=` is given");
  }
  return fault[0] == '\0';
}
