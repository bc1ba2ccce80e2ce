/* What stands behind the module's name in a file of /etc/pam.d. */
#ifndef SQLJWT_PAM_ARGUMENTS_H
#define SQLJWT_PAM_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum log_kind { LOG_TO_SYSLOG, LOG_TO_STDERR, LOG_TO_FILE } log_kind;

/** Borrowed from the array that they were read from. */
typedef struct pam_arguments {
  const char *settings, *keys, *agent;
  bool only_tokens, map_user;
  log_kind log;
  const char *log_file;
  int64_t max_age;
} pam_arguments;

/**
 * Reads the arguments.
 *
 * @param fault  written where they cannot be used: one line
 * @return false where they cannot be used. Where the log goes to is read even so
 */
bool arguments_read(int count, const char **words, pam_arguments *read, char *fault, unsigned long size);

#endif
