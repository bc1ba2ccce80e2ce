/*
 * The module's settings: three parameters, and the compiled file that one of them names.
 *
 * PostgreSQL checks a parameter whenever it reads its configuration, also when the text is the one it has. So the check of
 * `sqljwt.settings_file` reads the file: a reload is `pg_ctl reload`, and a file that cannot be used is told like every other
 * wrong parameter, while the settings before it stay in force.
 *
 * With the module in shared_preload_libraries the postmaster does this, and every login inherits what it has compiled.
 */
#include "settings.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "postmaster/postmaster.h"
#include "tcop/pquery.h"
#include "utils/guc.h"
#include "utils/portal.h"

/** `sqljwt.wait_ms` waits no longer than authentication_timeout does by default. */
#define WAIT_MS_MOST 60000

char	   *settings_keys_dir = NULL;
int			settings_wait_ms = 2000;

static char *settings_file = NULL;
static bool preloaded = false;

/*
 * PostgreSQL keeps an `extra` for each value it has checked and frees it without asking, so a handle in it would be lost. An
 * `extra` is therefore a number, and the handles stay here: that in force, and that which was checked last. Two are enough: a
 * value that was checked is assigned before the next one is checked, or never.
 */
static sqljwt_validator *in_force = NULL;
static sqljwt_validator *checked = NULL;
static uint32 checked_number = 0,
			in_force_number = 0;

/** Why the file cannot be used that was checked last. */
static token_host_fault fault;

static bool check_settings_file(char **value, void **extra, GucSource source);
static void assign_settings_file(const char *value, void *extra);
static bool check_folder(char **value, void **extra, GucSource source);
static bool is_absolute_or_empty(const char *path);
static bool logins_begin_here(void);
static bool somebody_asks(void);
static void tell_fault(const char *path);
static bool keep(sqljwt_validator *validator, void **extra);

void
_PG_init(void)
{
	preloaded = process_shared_preload_libraries_in_progress;
	DefineCustomStringVariable("sqljwt.settings_file", "The file of the settings for logins with tokens.",
							   "It is read whenever the server reads its configuration.", &settings_file, "", PGC_SIGHUP,
							   GUC_SUPERUSER_ONLY, check_settings_file, assign_settings_file, NULL);
	DefineCustomStringVariable("sqljwt.keys_dir", "The folder that another program writes the issuers' keys to.",
							   "Empty where the settings hold all keys.", &settings_keys_dir, "", PGC_SIGHUP,
							   GUC_SUPERUSER_ONLY, check_folder, NULL, NULL);
	DefineCustomIntVariable("sqljwt.wait_ms", "How long a login waits for keys that are not there yet.", NULL,
							&settings_wait_ms, 2000, 0, WAIT_MS_MOST, PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	MarkGUCPrefixReserved("sqljwt");
}

const sqljwt_validator *
settings_in_force(void)
{
	return in_force;
}

const char *
settings_lacking(void)
{
	return fault.message[0] ? fault.message : "sqljwt.settings_file is not set";
}

bool
settings_are_preloaded(void)
{
	return preloaded;
}

/** Reads and compiles the file, where it matters to this process. */
static bool
check_settings_file(char **value, void **extra, GucSource source)
{
	bool		unchanged = settings_file != NULL && strcmp(*value, settings_file) == 0;
	sqljwt_validator *validator;

	if (!is_absolute_or_empty(*value))
		return false;
	/*
	 * A process that serves a session already has no use for the settings, and at a reload there may be hundreds of them: they
	 * take the postmaster's word for the file. One that is told another name looks once, so that SHOW tells the truth in it.
	 */
	if (**value == '\0' || (!logins_begin_here() && !somebody_asks() && unchanged))
		return true;
	validator = token_host_compile(*value, "postgresql", &fault);
	if (validator == NULL)
	{
		tell_fault(*value);
		return false;
	}
	if (logins_begin_here())
		return keep(validator, extra);
	sqljwt_validator_free(validator);
	return true;
}

/** What was checked comes into force, and what was in force before goes. */
static void
assign_settings_file(const char *value, void *extra)
{
	uint32		number = extra != NULL ? *(uint32 *) extra : 0;

	if (!logins_begin_here() || (number != 0 && number == in_force_number))
		return;
	sqljwt_validator_free(in_force);
	in_force = NULL;
	in_force_number = number;
	if (number == checked_number)
	{
		in_force = checked;
		checked = NULL;
	}
}

static bool
check_folder(char **value, void **extra, GucSource source)
{
	return is_absolute_or_empty(*value);
}

static bool
is_absolute_or_empty(const char *path)
{
	if (*path == '\0' || is_absolute_path(path))
		return true;
	GUC_check_errdetail("The path has to be absolute.");
	return false;
}

/** Whether this process lets somebody in, or makes those that do: the postmaster, and a process before authentication. */
static bool
logins_begin_here(void)
{
	return !IsUnderPostmaster || ClientAuthInProgress;
}

/** Whether a statement is why the value is checked: ALTER SYSTEM, or a query of pg_file_settings. */
static bool
somebody_asks(void)
{
	return ActivePortal != NULL;
}

/**
 * Says why the file cannot be used, to whoever is told that the parameter is wrong. The column `error` of pg_file_settings has
 * a fixed text, so those who ask that get a warning beside it.
 */
static void
tell_fault(const char *path)
{
	if (somebody_asks() && ActivePortal->commandTag != CMDTAG_ALTER_SYSTEM)
		ereport(WARNING, (errmsg("\"%s\" cannot be used as sqljwt.settings_file", path),
						  errdetail_internal("%s", fault.message),
						  fault.hint[0] ? errhint_internal("%s", fault.hint) : 0));
	GUC_check_errdetail("%s", fault.message);
	if (fault.hint[0])
		GUC_check_errhint("%s", fault.hint);
}

/** Keeps what was checked until it is assigned. What was checked before and not assigned goes. */
static bool
keep(sqljwt_validator *validator, void **extra)
{
	uint32	   *number = guc_malloc(LOG, sizeof(*number));

	if (number == NULL)
	{
		sqljwt_validator_free(validator);
		return false;
	}
	sqljwt_validator_free(checked);
	checked = validator;
	*number = ++checked_number;
	*extra = number;
	return true;
}
