/*
 * May the bearer of this OAuth token log in to PostgreSQL? libsqljwt says; this file asks it what the line of pg_hba.conf
 * wants to know, waits for keys where some are missing, and hands the answer to the server.
 *
 * A refusal is an answer: the callback returns true with `authorized` false. Returning false would tell the server of an
 * internal error.
 */
#include "settings.h"

#include "libpq/libpq-be.h"
#include "libpq/oauth.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

PG_MODULE_MAGIC_EXT(.name = "sqljwt_validator", .version = SQLJWT_VERSION);

/** How often a login that waits looks whether its keys have come, in milliseconds. */
#define LOOK_EVERY 20

/** What the engine answered: who it is, in one of two shapes, or why not. */
typedef struct answer
{
	sqljwt_status status;
	sqljwt_login *login;
	sqljwt_identity *identity;
	sqljwt_refusal *refusal;
	/* Why the keys that are lacking cannot be read, where that is so. */
	token_host_fault keys;
} answer;

static bool validate(const ValidatorModuleState *state, const char *token, const char *role,
					 ValidatorModuleResult *result);
static token_host *open_host(const HbaLine *rule, ValidatorModuleResult *result);
static sqljwt_validator *with_scopes_of(const HbaLine *rule, ValidatorModuleResult *result);
static answer ask_with_keys(token_host *host, const HbaLine *rule, const char *token, const char *role);
static answer ask(const sqljwt_validator *validator, const HbaLine *rule, const char *token, const char *role);
static bool more_keys(token_host *host, const sqljwt_refusal *needed, TimestampTz until, token_host_fault *fault);
static bool is_the_rules_issuer(sqljwt_view issuer, const char *rule);
static char *issuer_of(const char *rule);
static const char *bearer(const answer *given, const HbaLine *rule, const char **why_not);
static bool is_plain(sqljwt_view name);
static void log_accepted(const answer *given, const char *authn_id);
static void log_refused(ValidatorModuleResult *result, const char *why, const char *more, const char *remedy);
static const char *details(const char *more);

static const OAuthValidatorCallbacks callbacks = {
	PG_OAUTH_VALIDATOR_MAGIC,
	.validate_cb = validate,
};

const OAuthValidatorCallbacks *
_PG_oauth_validator_module_init(void)
{
	return &callbacks;
}

/** The server's question. */
static bool
validate(const ValidatorModuleState *state, const char *token, const char *role, ValidatorModuleResult *result)
{
	const HbaLine *rule = MyProcPort->hba;
	token_host *host = open_host(rule, result);
	answer		given;
	const char *why_not = NULL;

	result->authorized = false;
	result->authn_id = NULL;
	if (host == NULL)
		return true;
	given = ask_with_keys(host, rule, token, role);
	if (given.status == SQLJWT_OK)
	{
		const char *authn_id = bearer(&given, rule, &why_not);

		if (authn_id != NULL)
		{
			result->authn_id = pstrdup(authn_id);
			result->authorized = true;
			log_accepted(&given, authn_id);
		}
		else
			log_refused(result, why_not, NULL, NULL);
	}
	else
		log_refused(result, sqljwt_refusal_log_line(given.refusal).data, given.keys.message,
					sqljwt_refusal_remedy(given.refusal).data);
	sqljwt_login_free(given.login);
	sqljwt_identity_free(given.identity);
	sqljwt_refusal_free(given.refusal);
	token_host_free(host);
	return true;
}

/** The settings and keys for this login. NULL, and said so: there are none. */
static token_host *
open_host(const HbaLine *rule, ValidatorModuleResult *result)
{
	sqljwt_validator *settings = with_scopes_of(rule, result);
	token_host *host;
	token_host_fault fault = {0};

	if (settings == NULL)
		return NULL;
	host = token_host_new(NULL, *settings_keys_dir ? settings_keys_dir : NULL, TOKEN_HOST_NO_LIMIT);
	if (host == NULL || !token_host_use(host, settings, &fault))
	{
		log_refused(result, host == NULL ? "internal_error: there is no memory" : fault.message, NULL, fault.hint);
		token_host_free(host);
		host = NULL;
	}
	sqljwt_validator_free(settings);
	return host;
}

/** The settings in force, which also ask for the scopes of the line. NULL, and said so: there are none, or no such scopes. */
static sqljwt_validator *
with_scopes_of(const HbaLine *rule, ValidatorModuleResult *result)
{
	const sqljwt_validator *settings = settings_in_force();
	const char *scopes = rule->oauth_scope ? rule->oauth_scope : "";
	sqljwt_validator *scoped = NULL;
	sqljwt_refusal *refusal = NULL;

	if (settings == NULL)
		log_refused(result, psprintf("settings_invalid: %s", settings_lacking()), NULL, NULL);
	else if (*scopes == '\0')
		return sqljwt_validator_share(settings);
	else if (sqljwt_validator_with_required_scopes(settings, scopes, strlen(scopes), &scoped, &refusal) != SQLJWT_OK)
		log_refused(result, sqljwt_refusal_log_line(refusal).data, NULL, sqljwt_refusal_remedy(refusal).data);
	sqljwt_refusal_free(refusal);
	return scoped;
}

/** The engine's answer, after waiting for keys where it needs some. */
static answer
ask_with_keys(token_host *host, const HbaLine *rule, const char *token, const char *role)
{
	TimestampTz until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), settings_wait_ms);
	sqljwt_validator *validator = token_host_validator(host, token_host_now(), NULL);
	answer		given = ask(validator, rule, token, role);
	token_host_fault fault = {0};

	while (given.status == SQLJWT_KEYS_NEEDED && more_keys(host, given.refusal, until, &fault))
	{
		sqljwt_refusal_free(given.refusal);
		given = ask(validator, rule, token, role);
	}
	sqljwt_validator_free(validator);
	given.keys = fault;
	return given;
}

/**
 * One question. With `map=` PostgreSQL's own map decides who may be whom, and only wants to know who it is. In every other
 * case nobody but the engine looks at the role, so it is asked about that too, and keeps the server's own roles to the server.
 */
static answer
ask(const sqljwt_validator *validator, const HbaLine *rule, const char *token, const char *role)
{
	answer		given = {0};
	bool		mapped_by_server = rule->usermap != NULL && !rule->oauth_skip_usermap;

	if (mapped_by_server)
		given.status = sqljwt_identify(validator, token, strlen(token), token_host_now(), &given.identity, &given.refusal);
	else
		given.status = sqljwt_validate(validator, token, strlen(token), role, strlen(role), token_host_now(), &given.login,
									   &given.refusal);
	return given;
}

/**
 * Whether keys have come, now or before `until`. The folder's writer is told by a mark that they are wanted. A shutdown,
 * `authentication_timeout` and the end of the postmaster end the wait, and the process.
 */
static bool
more_keys(token_host *host, const sqljwt_refusal *needed, TimestampTz until, token_host_fault *fault)
{
	while (!token_host_take_keys(host, needed, fault))
	{
		long		left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until);

		if (left <= 0 || *settings_keys_dir == '\0')
			return false;
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, Min(left, LOOK_EVERY),
						 PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
	return true;
}

/** The bearer's name for the server, where it can be told: one name, of the line's issuer, that is fit for the log. */
static const char *
bearer(const answer *given, const HbaLine *rule, const char **why_not)
{
	sqljwt_view issuer = given->login ? sqljwt_login_issuer(given->login) : sqljwt_identity_issuer(given->identity);
	sqljwt_view name = given->login ? sqljwt_login_principal(given->login)
		: sqljwt_identity_principal(given->identity, 0);

	*why_not = NULL;
	if (!is_the_rules_issuer(issuer, rule->oauth_issuer))
		*why_not = psprintf("issuer_not_allowed: the token is of another issuer than `%s`, which line %d of pg_hba.conf names",
							rule->oauth_issuer, rule->linenumber);
	else if (given->identity && sqljwt_identity_principals(given->identity) != 1)
		*why_not = "user_ambiguous: the token gives its bearer several names, and pg_ident.conf takes one";
	else if (!is_plain(name))
		*why_not = "claim_invalid: the name of the token's bearer holds control characters";
	return *why_not == NULL ? name.data : NULL;
}

/** The token's issuer has to be that of the line, which may name its discovery document instead. */
static bool
is_the_rules_issuer(sqljwt_view issuer, const char *rule)
{
	char	   *wanted = issuer_of(rule);

	return strlen(wanted) == issuer.len && memcmp(wanted, issuer.data, issuer.len) == 0;
}

/**
 * The issuer that an address of a discovery document stands for, as libpq reads it: the well-known part comes behind the
 * issuer (OpenID Connect Discovery, section 4) or between its host and its path (RFC 8414, section 3.1).
 */
static char *
issuer_of(const char *rule)
{
	static const char *const documents[] = {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"};
	const char *found = strstr(rule, "/.well-known/");

	for (int i = 0; found != NULL && i < lengthof(documents); i++)
	{
		size_t		len = strlen(documents[i]);

		if (strncmp(found, documents[i], len) == 0 && (found[len] == '\0' || found[len] == '/'))
			return psprintf("%.*s%s", (int) (found - rule), rule, found + len);
	}
	return pstrdup(rule);
}

/** Whether the server can write this name into its log, and compare it, as it is: no NUL in it, and no control character. */
static bool
is_plain(sqljwt_view name)
{
	for (size_t i = 0; i < name.len; i++)
	{
		unsigned char c = (unsigned char) name.data[i];
		/* U+0080 to U+009F, the control characters that are no ASCII, are these two bytes. */
		bool		second = c == 0xC2 && i + 1 < name.len && (unsigned char) name.data[i + 1] < 0xA0;

		if (c < 0x20 || c == 0x7F || second)
			return false;
	}
	return name.len > 0;
}

/** One entry of the log for a login, which names the server's client too. */
static void
log_accepted(const answer *given, const char *authn_id)
{
	const char *who = given->login ? sqljwt_login_log_line(given->login).data
		: psprintf("accepted: principal `%s` of issuer `%s`, for pg_ident.conf to map", authn_id,
				   sqljwt_identity_issuer(given->identity).data);
	const char *detail = details(NULL);

	ereport(LOG, (errmsg_internal("sqljwt: %s; rhost=%s", who, MyProcPort->remote_host),
				  detail ? errdetail_internal("%s", detail) : 0));
}

/** One entry of the log for a refusal. From PostgreSQL 19 on the server's own entry says why, too. */
static void
log_refused(ValidatorModuleResult *result, const char *why, const char *more, const char *remedy)
{
	const char *detail = details(more);

	ereport(LOG, (errmsg_internal("sqljwt: %s; rhost=%s", why, MyProcPort->remote_host),
				  detail ? errdetail_internal("%s", detail) : 0,
				  remedy && *remedy ? errhint_internal("%s", remedy) : 0));
#if PG_VERSION_NUM >= 190000
	result->error_detail = pstrdup(why);
#else
	(void) result;
#endif
}

/** What else there is to say, on one line; NULL for nothing. */
static const char *
details(const char *more)
{
	if (settings_are_preloaded())
		return more && *more ? more : NULL;
	return more && *more ? psprintf("%s; %s", more, SETTINGS_NOT_PRELOADED) : SETTINGS_NOT_PRELOADED;
}
