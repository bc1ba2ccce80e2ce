/* The one line that a login leaves in the log: what was decided, for whom, from where. Never the token. */
#ifndef SQLJWT_PAM_RECORD_H
#define SQLJWT_PAM_RECORD_H

#include "arguments.h"

#include <security/pam_modules.h>
#include <stddef.h>

/**
 * Writes the line.
 *
 * @param priority  of syslog
 * @param line      what was decided: inert, as the engine gives it
 * @param also      what else to say, or an empty text
 */
void record_write(pam_handle_t *pam, const pam_arguments *arguments, int priority, const char *line, const char *also);

/** A text of the client's for the log: ASCII, what is not printed of it escaped, cut. A token is named, not shown. */
void record_shown(char *into, size_t size, const char *text);

#endif
