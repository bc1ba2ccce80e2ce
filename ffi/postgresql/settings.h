/*
 * Which settings are in force? Those of the file that `sqljwt.settings_file` names, as they were when they last could be used.
 */
#ifndef SQLJWT_POSTGRESQL_SETTINGS_H
#define SQLJWT_POSTGRESQL_SETTINGS_H

#include "postgres.h"

#include "sqljwt.h"
#include "token_host.h"

/** Why a login is slower than it has to be, and a reload less safe. */
#define SETTINGS_NOT_PRELOADED \
	"sqljwt_validator is not in shared_preload_libraries: every login compiles the settings, and no reload checks them"

/** `sqljwt.keys_dir`: the folder of keys, or an empty text. */
extern char *settings_keys_dir;

/** `sqljwt.wait_ms`: how long a login waits for keys that are not there yet. */
extern int	settings_wait_ms;

/** The compiled settings, lent; NULL where there are none. */
extern const sqljwt_validator *settings_in_force(void);

/** Why there are none, on one line. */
extern const char *settings_lacking(void);

/** Whether the postmaster compiles the settings, once for all logins. */
extern bool settings_are_preloaded(void);

#endif
