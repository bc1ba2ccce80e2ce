/*
 * sqljwt: may this JSON Web Token log in as this SQL user, and if not, why not?
 *
 * What holds for every function of this file:
 *
 * - 0 (SQLJWT_OK) is the only success. Every other status, present or future, means: do not log in.
 * - Handles (sqljwt_validator, sqljwt_login, sqljwt_refusal, sqljwt_text) belong to the caller, who gives each back once
 *   to the function `_free` of its name; that of NULL does nothing. Freeing one twice, or using it afterwards, is undefined.
 * - Views (sqljwt_view) are borrowed: valid until the handle they were read from is freed. A NUL stands behind their last byte.
 * - Text goes in as a pointer and a length and needs no NUL; the pointer may be NULL where the length is 0. The library keeps no
 *   pointer into it.
 * - Inputs come first, outputs last. An output is written on success and left alone otherwise; a refusal is the other way round.
 *   NULL stands for a refusal that is not wanted. Where any other output is NULL the call fails: with SQLJWT_NULL_POINTER, or false.
 * - Functions that read a handle take NULL and answer with the absent view, false or SQLJWT_NULL_POINTER.
 * - Any thread may use any handle, several at the same time too; only freeing one needs that no other thread is using it.
 * - There is no initialisation, no global state to set and no last error. The library starts no thread, installs no signal
 *   handler, prints nothing and reads no clock, file or network.
 * - A bug inside the library becomes SQLJWT_PANIC: a refusal like every other.
 *
 * This file is generated from the sources in ffi/src.
 */

#ifndef SQLJWT_H
#define SQLJWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header; `sqljwt_version` tells that of the library. */
#define SQLJWT_VERSION "0.1.0"

/** The ABI of this header; `sqljwt_abi_version` tells that of the library. */
#define SQLJWT_ABI_VERSION 0

#if defined(__cplusplus) && __cplusplus >= 201703L
#define SQLJWT_MUST_USE [[nodiscard]]
#elif defined(__GNUC__)
#define SQLJWT_MUST_USE __attribute__((warn_unused_result))
#else
#define SQLJWT_MUST_USE
#endif

/** What calls answer with. A number never changes its meaning and is never used twice. */
enum {
  /** the call did what it is for */
  SQLJWT_OK = 0,
  /** the issuer's keys have to be fetched before anything can be said */
  SQLJWT_KEYS_NEEDED = 100,
  /** somebody is fetching the issuer's keys already, or they could not be had a moment ago */
  SQLJWT_KEYS_AWAITED = 101,
  /** the issuer's keys could not be had; the message says why */
  SQLJWT_KEYS_FAILED = 102,
  /** a bug inside sqljwt ended the call */
  SQLJWT_PANIC = 900,
  /** an argument is NULL that may not be */
  SQLJWT_NULL_POINTER = 901,
  /** a length is more than any object has, a negative number perhaps */
  SQLJWT_LENGTH_INVALID = 902,
  /** an argument is not UTF-8 that has to be */
  SQLJWT_NOT_UTF8 = 903,
  /** the settings as a whole cannot be read */
  SQLJWT_REASON_SETTINGS_INVALID = 1001,
  /** a setting of that name does not exist */
  SQLJWT_REASON_SETTING_UNKNOWN = 1002,
  /** a setting has a value of the wrong kind or outside its range */
  SQLJWT_REASON_SETTING_WRONG_TYPE = 1003,
  /** the list of issuers cannot be used */
  SQLJWT_REASON_ISSUERS_INVALID = 1004,
  /** the list of audiences cannot be used */
  SQLJWT_REASON_AUDIENCE_INVALID = 1005,
  /** the setting that names the identity claim cannot be used */
  SQLJWT_REASON_CLAIM_SETTING_INVALID = 1006,
  /** the key set cannot be used */
  SQLJWT_REASON_JWKS_INVALID = 1007,
  /** the identity map cannot be used */
  SQLJWT_REASON_IDENTITY_MAP_INVALID = 1008,
  /** engine.profile names no profile */
  SQLJWT_REASON_PROFILE_UNKNOWN = 1009,
  /** token logins are switched off */
  SQLJWT_REASON_DISABLED = 1101,
  /** no token was sent */
  SQLJWT_REASON_TOKEN_EMPTY = 2001,
  /** the token is longer than this server reads */
  SQLJWT_REASON_TOKEN_TOO_LARGE = 2002,
  /** the text is not a compact signed token of three parts */
  SQLJWT_REASON_TOKEN_MALFORMED = 2003,
  /** the token is encrypted, not signed */
  SQLJWT_REASON_TOKEN_ENCRYPTED = 2004,
  /** a part of the token is not canonical unpadded base64url */
  SQLJWT_REASON_TOKEN_BAD_BASE64 = 2005,
  /** the token's claims are not one well-formed JSON object */
  SQLJWT_REASON_PAYLOAD_INVALID = 2006,
  /** the token states the same claim twice */
  SQLJWT_REASON_PAYLOAD_DUPLICATE_MEMBER = 2007,
  /** the token's header is not one well-formed JSON object with members of the right kind */
  SQLJWT_REASON_HEADER_INVALID = 2101,
  /** the token's header states the same member twice */
  SQLJWT_REASON_HEADER_DUPLICATE_MEMBER = 2102,
  /** the token names a signature algorithm that is never accepted */
  SQLJWT_REASON_ALG_NOT_ALLOWED = 2103,
  /** the token demands an extension that this server does not know */
  SQLJWT_REASON_CRIT_UNSUPPORTED = 2104,
  /** the token uses the unencoded-payload option */
  SQLJWT_REASON_B64_UNSUPPORTED = 2105,
  /** the token says that it is compressed */
  SQLJWT_REASON_ZIP_UNSUPPORTED = 2106,
  /** the token is of another kind than an ID token or an access token */
  SQLJWT_REASON_TYP_NOT_ALLOWED = 2107,
  /** the token wraps another token */
  SQLJWT_REASON_CTY_NESTED = 2108,
  /** the token does not say who issued it */
  SQLJWT_REASON_ISS_MISSING = 3001,
  /** the token's issuer is not a text */
  SQLJWT_REASON_ISS_INVALID = 3002,
  /** the token's issuer is not one of the configured issuers */
  SQLJWT_REASON_ISSUER_NOT_ALLOWED = 3003,
  /** the token does not name the key that signed it */
  SQLJWT_REASON_KEY_ID_MISSING = 3101,
  /** the key that the token names is not in the key set */
  SQLJWT_REASON_KEY_NOT_FOUND = 3102,
  /** the token's algorithm is not one that the named key is for */
  SQLJWT_REASON_KEY_ALG_MISMATCH = 3103,
  /** the named key is not meant for verifying signatures */
  SQLJWT_REASON_KEY_NOT_FOR_VERIFY = 3104,
  /** the named key is too weak to prove anything */
  SQLJWT_REASON_KEY_WEAK = 3105,
  /** the named key is malformed */
  SQLJWT_REASON_KEY_INVALID = 3106,
  /** the named key belongs to another issuer */
  SQLJWT_REASON_KEY_ISSUER_MISMATCH = 3107,
  /** the issuer's keys could not be fetched */
  SQLJWT_REASON_KEYS_UNAVAILABLE = 3108,
  /** the signature does not verify under the named key */
  SQLJWT_REASON_SIGNATURE_INVALID = 3201,
  /** the token does not say when it expires */
  SQLJWT_REASON_EXP_MISSING = 4001,
  /** the token's expiry time is not a time */
  SQLJWT_REASON_EXP_INVALID = 4002,
  /** the token has expired */
  SQLJWT_REASON_TOKEN_EXPIRED = 4003,
  /** the token's not-before time is not a time */
  SQLJWT_REASON_NBF_INVALID = 4004,
  /** the token is not valid yet */
  SQLJWT_REASON_TOKEN_NOT_YET_VALID = 4005,
  /** the token's time of issue is not a time */
  SQLJWT_REASON_IAT_INVALID = 4006,
  /** the token says it was issued in the future */
  SQLJWT_REASON_ISSUED_IN_FUTURE = 4007,
  /** the token lives longer than this server allows */
  SQLJWT_REASON_LIFETIME_TOO_LONG = 4008,
  /** the token does not say which service it is for */
  SQLJWT_REASON_AUD_MISSING = 4101,
  /** the token's audience is neither a text nor a list of texts */
  SQLJWT_REASON_AUD_INVALID = 4102,
  /** the token is meant for another service */
  SQLJWT_REASON_AUDIENCE_NOT_ALLOWED = 4103,
  /** the claim that says who logs in is not in the token */
  SQLJWT_REASON_CLAIM_MISSING = 5001,
  /** the claim that says who logs in has a value that names nobody */
  SQLJWT_REASON_CLAIM_INVALID = 5002,
  /** the identity provider has not verified the person's e-mail address */
  SQLJWT_REASON_EMAIL_UNVERIFIED = 5003,
  /** a claim that this server requires is not in the token */
  SQLJWT_REASON_REQUIRED_CLAIM_MISSING = 5004,
  /** the token is bound to a key that only its owner can use */
  SQLJWT_REASON_CNF_UNSUPPORTED = 5005,
  /** the token was not issued for what this server requires */
  SQLJWT_REASON_SCOPE_MISSING = 5006,
  /** the identity map has lines for this issuer, and none gives this login a SQL user */
  SQLJWT_REASON_IDENTITY_UNMAPPED = 5101,
  /** the name that the login gets is not a valid SQL user name */
  SQLJWT_REASON_MAPPED_USER_INVALID = 5102,
  /** matching the token against the identity map would take more work than one login may */
  SQLJWT_REASON_TOO_COSTLY = 5103,
  /** the requested SQL user is not one that the token gives */
  SQLJWT_REASON_USER_MISMATCH = 6001,
  /** no SQL user was requested and the token gives more than one */
  SQLJWT_REASON_USER_AMBIGUOUS = 6002,
  /** the SQL user is one that the database keeps for itself */
  SQLJWT_REASON_USER_RESERVED = 6101,
  /** the token carries no groups, and its issuer cannot be asked for them */
  SQLJWT_REASON_GROUPS_MISSING = 7001,
  /** the token's groups are not a text or a list of texts */
  SQLJWT_REASON_GROUPS_INVALID = 7002,
  /** the token's list of groups is empty */
  SQLJWT_REASON_GROUPS_EMPTY = 7003,
  /** the groups can only be had from the issuer's userinfo endpoint */
  SQLJWT_REASON_USERINFO_NEEDED = 7004,
  /** the token's groups name more roles than one login may have */
  SQLJWT_REASON_GROUPS_TOO_MANY = 7006,
  /** the engine failed to decide */
  SQLJWT_REASON_INTERNAL_ERROR = 9001
};


/**
 * One fetch of an issuer's keys: the address to ask next.
 */
typedef struct sqljwt_fetch sqljwt_fetch;

/**
 * The bearer of a token. Only `sqljwt_identify` makes one. It lets nobody in: which SQL user the bearer may be, the server's
 * own map says.
 */
typedef struct sqljwt_identity sqljwt_identity;

/**
 * The keys of issuers, fetched where the settings say `jwks_auto_fetch`: any number of threads may use one at the same time.
 *
 * Nothing here opens a connection. On SQLJWT_KEYS_NEEDED the server gives the refusal to `sqljwt_key_cache_start`, asks the
 * address it gets with an HTTP GET of its own, and gives what comes back to `sqljwt_key_cache_answer`, until there is nothing
 * more to ask. A server that fetches in another process gives what that has written down to `sqljwt_key_cache_replay`.
 */
typedef struct sqljwt_key_cache sqljwt_key_cache;

/**
 * A login that may go ahead. Only `sqljwt_validate` makes one.
 */
typedef struct sqljwt_login sqljwt_login;

/**
 * Why a call did not succeed: what to tell the client, and what to tell the administrator.
 */
typedef struct sqljwt_refusal sqljwt_refusal;

/**
 * A text that the caller owns: read it with `sqljwt_text_view`, give it back with `sqljwt_text_free`.
 */
typedef struct sqljwt_text sqljwt_text;

/**
 * Compiled settings. Immutable: any number of threads may use one at the same time, without a lock.
 *
 * A process that forks may use it in parent and children alike.
 */
typedef struct sqljwt_validator sqljwt_validator;

/**
 * Borrowed text: `len` bytes of UTF-8 at `data`, and one NUL after them.
 *
 * It is valid as long as the handle it was read from. Absent text has `data` NULL and `len` 0. Texts that come from a
 * token can contain NUL bytes themselves: where `strlen(data)` differs from `len`, `data` alone is not the whole text.
 */
typedef struct {
  /**
   * The first byte, or NULL where there is no text.
   */
  const char *data;
  /**
   * How many bytes, without the NUL.
   */
  size_t len;
} sqljwt_view;

/**
 * How a call ended: 0, one of the constants of this header, or a number that a later version adds.
 *
 * 0 is the only success. Every other value, present or future, means: do not log in.
 */
typedef int32_t sqljwt_status;

/**
 * A header field of an answer: lent, like every argument; UTF-8, and without the line's end.
 */
typedef struct {
  /**
   * Its name, in any case.
   */
  sqljwt_view name;
  /**
   * Its value.
   */
  sqljwt_view value;
} sqljwt_header;

/**
 * A role that the SQL user has in the database: lent, like every argument; UTF-8.
 */
typedef struct {
  /**
   * The role.
   */
  sqljwt_view role;
  /**
   * Through which of the roles granted to the user they have it; absent for one that is granted to them.
   */
  sqljwt_view through;
} sqljwt_membership;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The content of a text. Of NULL: absent.
 *
 * @param text  lent; the view is valid until it is freed
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_text_view(const sqljwt_text *text);

/**
 * Frees a text and ends every view of it. NULL is fine.
 *
 * @param text  taken
 */
void sqljwt_text_free(sqljwt_text *text);

/**
 * The status that the call answered with.
 *
 * @param refusal  lent, as in the functions below
 * @return never 0 for a refusal; SQLJWT_NULL_POINTER for NULL
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_refusal_status(const sqljwt_refusal *refusal);

/**
 * For the client: the error message. It gives away no more than the profile allows.
 *
 * @param refusal  lent; the view is valid until it is freed, as are those of the functions below
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_client_message(const sqljwt_refusal *refusal);

/**
 * For the client: the DETAIL field. Absent in the `hardened` profile.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_client_detail(const sqljwt_refusal *refusal);

/**
 * For the client: the SQLSTATE, five characters.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_client_sqlstate(const sqljwt_refusal *refusal);

/**
 * For the server's log: the reason's name and the fact, on one line. It can quote claims, never the token.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_log_line(const sqljwt_refusal *refusal);

/**
 * For the administrator: the reason's name, such as `audience_not_allowed`.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_name(const sqljwt_refusal *refusal);

/**
 * For the administrator: the fact, with what was expected and what was found.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_message(const sqljwt_refusal *refusal);

/**
 * For the administrator: one sentence on what to change, and where.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_remedy(const sqljwt_refusal *refusal);

/**
 * For the administrator: the setting that decided. Absent where none did.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_setting(const sqljwt_refusal *refusal);

/**
 * The line of the settings where the fault stands, counted from 1: the first fault of settings that cannot be used.
 * `sqljwt_explain_with_settings` tells all of them. Where in the settings a token was refused is told by `sqljwt_explain`;
 * `sqljwt_validate` does not look for it.
 *
 * @param line  written when the function answers true
 * @return whether the settings are at fault and the fault has a place
 */
SQLJWT_MUST_USE
bool sqljwt_refusal_line(const sqljwt_refusal *refusal,
                         uint32_t *line);

/**
 * The character in that line, counted from 1.
 *
 * @param column  written when the function answers true
 * @return whether the settings are at fault and the fault has a place
 */
SQLJWT_MUST_USE
bool sqljwt_refusal_column(const sqljwt_refusal *refusal,
                           uint32_t *column);

/**
 * Line and character at once.
 *
 * @param line    written when the function answers true, as `column` is
 * @param column  written when the function answers true
 * @return whether the settings are at fault and the fault has a place; false where one of both is NULL
 */
SQLJWT_MUST_USE
bool sqljwt_refusal_place(const sqljwt_refusal *refusal,
                          uint32_t *line,
                          uint32_t *column);

/**
 * With SQLJWT_KEYS_NEEDED: the issuer whose keys are needed. Otherwise absent, like the three below.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_keys_issuer(const sqljwt_refusal *refusal);

/**
 * With SQLJWT_KEYS_NEEDED: the id of the key that the token names.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_keys_id(const sqljwt_refusal *refusal);

/**
 * With SQLJWT_KEYS_NEEDED: the address of the issuer's discovery document, whose `jwks_uri` names the key set.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_keys_discovery_url(const sqljwt_refusal *refusal);

/**
 * With SQLJWT_KEYS_NEEDED: the address of the key set itself, where the settings give it.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_keys_jwks_url(const sqljwt_refusal *refusal);

/**
 * Where nothing but the person's groups is missing: the address of the issuer's discovery document, whose
 * `userinfo_endpoint` answers to the token. What it answers is for `sqljwt_validator_with_userinfo`.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_refusal_userinfo_discovery_url(const sqljwt_refusal *refusal);

/**
 * Frees a refusal and ends every view of it. NULL is fine.
 *
 * @param refusal  taken
 */
void sqljwt_refusal_free(sqljwt_refusal *refusal);

/**
 * The SQL user to log in, normalised. Log in as this one, not as the one that was requested.
 *
 * @param login  lent; the view is valid until it is freed, as are those of the functions below
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_user(const sqljwt_login *login);

/**
 * The bearer as the token names them: for the audit log, beside the SQL user.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_principal(const sqljwt_login *login);

/**
 * The issuer of the token.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_issuer(const sqljwt_login *login);

/**
 * The configured audience that the token is for.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_audience(const sqljwt_login *login);

/**
 * The id of the key that signed.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_key_id(const sqljwt_login *login);

/**
 * The algorithm of the signature, such as `RS256`.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_algorithm(const sqljwt_login *login);

/**
 * When the token was issued.
 *
 * @param seconds  written when the function answers true: Unix seconds
 * @return whether the token says so
 */
SQLJWT_MUST_USE
bool sqljwt_login_issued_at(const sqljwt_login *login,
                            int64_t *seconds);

/**
 * When the token expires: a server that ends sessions with their token ends this one then.
 *
 * @param seconds  written when the function answers true: Unix seconds
 * @return whether the token says so; always, except in the `cockroachdb` profile
 */
SQLJWT_MUST_USE
bool sqljwt_login_expires_at(const sqljwt_login *login,
                             int64_t *seconds);

/**
 * The line of the identity map that gave the SQL user, counted from 1.
 *
 * @param line  written when the function answers true
 * @return whether the issuer has an identity map
 */
SQLJWT_MUST_USE
bool sqljwt_login_map_line(const sqljwt_login *login,
                           uint32_t *line);

/**
 * How many roles the token's groups give.
 *
 * @param count  written when the function answers true; 0 means that the SQL user is to have no role
 * @return whether groups are synchronised; if not, leave the SQL user's roles as they are
 */
SQLJWT_MUST_USE
bool sqljwt_login_roles(const sqljwt_login *login,
                        size_t *count);

/**
 * One of the roles.
 *
 * @param index  from 0 to the count less one; beyond that the view is absent
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_role(const sqljwt_login *login,
                              size_t index);

/**
 * The statement that makes the SQL user, with names in quotes: to be run before the login where there is no such user yet.
 * Absent where the settings do not make users of tokens, or this one cannot be made.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_provision(const sqljwt_login *login);

/**
 * For the server's log: who came in, as whom, by whose word and by which key, on one line. It quotes claims, never the token.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_login_log_line(const sqljwt_login *login);

/**
 * Frees a login and ends every view of it. NULL is fine.
 *
 * @param login  taken
 */
void sqljwt_login_free(sqljwt_login *login);

/**
 * Compiles settings: once when the server starts, and again whenever they change.
 *
 * The text is a JSON object, `SET CLUSTER SETTING` statements or what `SHOW CLUSTER SETTINGS` prints, whichever it
 * begins like. Nothing of it is kept by reference.
 *
 * @param settings      lent; UTF-8, or UTF-16 with its byte order mark
 * @param settings_len  how many bytes
 * @param validator     written on success; free it with `sqljwt_validator_free`
 * @param refusal       NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK; the reason's number, 1001 to 1099, for settings that cannot be used; 900 to 999 for a call that
 *         could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_validator_new(const char *settings,
                                   size_t settings_len,
                                   sqljwt_validator **validator,
                                   sqljwt_refusal **refusal);

/**
 * Another handle to the same compiled settings, to be freed on its own; they live until the last handle is freed.
 *
 * This is what a reload needs: a login holds a handle of its own while the server exchanges its. Cheap: nothing is
 * compiled again.
 *
 * @param validator  lent
 * @return the other handle; NULL for NULL
 */
SQLJWT_MUST_USE
sqljwt_validator *sqljwt_validator_share(const sqljwt_validator *validator);

/**
 * Frees a handle. Texts, logins and refusals that came of it stay valid. NULL is fine.
 *
 * @param validator  taken; no thread may still be using this handle
 */
void sqljwt_validator_free(sqljwt_validator *validator);

/**
 * The same settings, which ask a token for these scopes too: for a server whose own rules name scopes. Cheap: nothing is
 * compiled again, and keys that come later count here too.
 *
 * @param validator    lent; may be in use by other threads
 * @param scopes       lent; UTF-8, names with blanks between them, as a token's claim `scope` has them
 * @param scopes_len   how many bytes
 * @param with_scopes  written on success: another validator, to be freed on its own
 * @param refusal      NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK; the reason's number, 1001 to 1099, for names that no scope can have; 900 to 999 for a call that could not
 *         be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_validator_with_required_scopes(const sqljwt_validator *validator,
                                                    const char *scopes,
                                                    size_t scopes_len,
                                                    sqljwt_validator **with_scopes,
                                                    sqljwt_refusal **refusal);

/**
 * What the settings set a setting to, as the database would hold it: for a server that takes only settings that state something.
 *
 * @param validator  lent; may be in use by other threads
 * @param name       lent; UTF-8, such as `engine.user_names`
 * @param name_len   how many bytes
 * @return a text, to be freed with `sqljwt_text_free`; NULL for what they leave out, and for a name that no setting has
 */
SQLJWT_MUST_USE
sqljwt_text *sqljwt_validator_setting(const sqljwt_validator *validator,
                                      const char *name,
                                      size_t name_len);

/**
 * Whether what a client sent in the place of a password is meant as a token: it begins as tokens do, with `eyJ`. One that was
 * cut counts too, and one with blanks or the word `Bearer` before it.
 *
 * It lets nobody in. A server that takes tokens beside passwords asks it which of the two to check, so that no token, good or
 * bad, is handed to whoever checks passwords.
 *
 * @param password      lent; any bytes
 * @param password_len  how many bytes
 * @return true too where it cannot be told: for NULL with a length
 */
SQLJWT_MUST_USE
bool sqljwt_looks_like_token(const char *password,
                             size_t password_len);

/**
 * Decides whether a token may log in as a SQL user at a moment. The one function that lets anybody in.
 *
 * @param validator  lent; may be in use by other threads
 * @param token      lent; any bytes, exactly as the client sent them
 * @param token_len  how many bytes
 * @param user       lent; the requested SQL user in UTF-8, empty to log in as the only one that the token gives
 * @param user_len   how many bytes
 * @param now        the present in Unix seconds, as `clock_gettime` gives it: on Linux `time(NULL)` lags behind by milliseconds
 * @param login      written on success: who logs in; free it with `sqljwt_login_free`
 * @param refusal    NULL, or written on every other status: why not, what to tell the client and what to log; free it
 *                   with `sqljwt_refusal_free`
 * @return SQLJWT_OK: log in as `sqljwt_login_user`. Everything else: do not log in. SQLJWT_KEYS_NEEDED, the reason's
 *         number from 1000 on, or 900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_validate(const sqljwt_validator *validator,
                              const char *token,
                              size_t token_len,
                              const char *user,
                              size_t user_len,
                              int64_t now,
                              sqljwt_login **login,
                              sqljwt_refusal **refusal);

/**
 * Says who bears a token at a moment, by every check but those of the SQL user.
 *
 * For a server that has a map of names to users of its own, as PostgreSQL has. Where the identity map of the settings is to
 * decide, `sqljwt_validate` does.
 *
 * @param validator  lent; may be in use by other threads
 * @param token      lent; any bytes, exactly as the client sent them
 * @param token_len  how many bytes
 * @param now        the present in Unix seconds, as `clock_gettime` gives it: on Linux `time(NULL)` lags behind by milliseconds
 * @param identity   written on success: who bears the token; free it with `sqljwt_identity_free`
 * @param refusal    NULL, or written on every other status; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK: the bearer is who the identity says. Everything else: nobody is known, as `sqljwt_validate` says it
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_identify(const sqljwt_validator *validator,
                              const char *token,
                              size_t token_len,
                              int64_t now,
                              sqljwt_identity **identity,
                              sqljwt_refusal **refusal);

/**
 * How many names the configured claim gives the bearer: at least one, except for NULL.
 */
SQLJWT_MUST_USE
size_t sqljwt_identity_principals(const sqljwt_identity *identity);

/**
 * One of the names. It is the token's own text, and no user of any server.
 *
 * @param identity  lent; the view is valid until it is freed, as are those of the functions below
 * @param index     from 0 to the count less one; beyond that the view is absent
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_identity_principal(const sqljwt_identity *identity,
                                      size_t index);

/**
 * The issuer of the token.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_identity_issuer(const sqljwt_identity *identity);

/**
 * The configured audience that the token is for.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_identity_audience(const sqljwt_identity *identity);

/**
 * The id of the key that signed.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_identity_key_id(const sqljwt_identity *identity);

/**
 * The algorithm of the signature, such as `RS256`.
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_identity_algorithm(const sqljwt_identity *identity);

/**
 * When the token was issued.
 *
 * @param seconds  written when the function answers true: Unix seconds
 * @return whether the token says so
 */
SQLJWT_MUST_USE
bool sqljwt_identity_issued_at(const sqljwt_identity *identity,
                               int64_t *seconds);

/**
 * When the token expires.
 *
 * @param seconds  written when the function answers true: Unix seconds
 * @return whether the token says so; always, except in the `cockroachdb` profile
 */
SQLJWT_MUST_USE
bool sqljwt_identity_expires_at(const sqljwt_identity *identity,
                                int64_t *seconds);

/**
 * How many roles the token's groups give.
 *
 * @param count  written when the function answers true
 * @return whether groups are synchronised; if not, leave the user's roles as they are
 */
SQLJWT_MUST_USE
bool sqljwt_identity_roles(const sqljwt_identity *identity,
                           size_t *count);

/**
 * One of the roles.
 *
 * @param index  from 0 to the count less one; beyond that the view is absent
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_identity_role(const sqljwt_identity *identity,
                                 size_t index);

/**
 * Frees an identity and ends every view of it. NULL is fine.
 *
 * @param identity  taken
 */
void sqljwt_identity_free(sqljwt_identity *identity);

/**
 * A cache without keys, for the issuers of these settings.
 *
 * @param validator  lent
 * @param cache      written on success; free it with `sqljwt_key_cache_free`
 * @param refusal    NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK, or 900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_key_cache_new(const sqljwt_validator *validator,
                                   sqljwt_key_cache **cache,
                                   sqljwt_refusal **refusal);

/**
 * Frees a cache. Validators that were made with it stay valid, and keep the keys that it had. NULL is fine.
 *
 * @param cache  taken; no thread may still be using this handle
 */
void sqljwt_key_cache_free(sqljwt_key_cache *cache);

/**
 * The same settings, judged by the keys that the cache has at each login: those that come later too, without a lock and
 * without anything compiled again.
 *
 * @param validator  lent
 * @param cache      lent
 * @param with_keys  written on success: another validator, to be freed on its own
 * @param refusal    NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK, or 900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_validator_with_keys(const sqljwt_validator *validator,
                                         const sqljwt_key_cache *cache,
                                         sqljwt_validator **with_keys,
                                         sqljwt_refusal **refusal);

/**
 * The same settings with what the issuer's userinfo endpoint has answered for one token, where the token does not say which
 * groups its bearer is in. It counts for that token alone.
 *
 * @param validator      lent
 * @param token          lent; the token that the request to the endpoint carried
 * @param token_len      how many bytes
 * @param http_status    the status code of the answer, such as 200
 * @param body           lent; the answer, a JSON object
 * @param body_len       how many bytes
 * @param with_userinfo  written on success: another validator, to be freed on its own
 * @param refusal        NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK; SQLJWT_KEYS_FAILED for an answer of no use; 900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_validator_with_userinfo(const sqljwt_validator *validator,
                                             const char *token,
                                             size_t token_len,
                                             uint16_t http_status,
                                             const char *body,
                                             size_t body_len,
                                             sqljwt_validator **with_userinfo,
                                             sqljwt_refusal **refusal);

/**
 * Goes over to new settings. What was fetched stays as long as it is fetched from the same places with the same
 * certificates; otherwise everything goes.
 *
 * @param cache      lent; may be in use by other threads
 * @param validator  lent: that of the new settings
 * @param refusal    NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK, or 900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_key_cache_follow(const sqljwt_key_cache *cache,
                                      const sqljwt_validator *validator,
                                      sqljwt_refusal **refusal);

/**
 * Begins to fetch the keys that a refusal with SQLJWT_KEYS_NEEDED says are needed.
 *
 * @param cache    lent; may be in use by other threads
 * @param needed   lent: the refusal of `sqljwt_validate`
 * @param now      the present in Unix seconds: how long the keys count is reckoned from it
 * @param fetch    written on success: what to ask, to be given to `sqljwt_key_cache_answer` or `sqljwt_key_cache_give_up`; or
 *                 NULL, when the validator is to be asked again at once
 * @param refusal  NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK; SQLJWT_KEYS_AWAITED while another thread fetches them and for a few seconds after a failure: refuse the
 *         login, or wait and ask the validator again; SQLJWT_KEYS_FAILED where there is nothing to fetch; 900 to 999
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_key_cache_start(const sqljwt_key_cache *cache,
                                     const sqljwt_refusal *needed,
                                     int64_t now,
                                     sqljwt_fetch **fetch,
                                     sqljwt_refusal **refusal);

/**
 * The issuer whose keys are fetched.
 *
 * @param fetch  lent; the view is valid until it is given back
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_fetch_issuer(const sqljwt_fetch *fetch);

/**
 * The address to ask with GET. Redirects are not to be followed, and certificates are to be checked.
 *
 * @param fetch  lent; the view is valid until it is given back
 */
SQLJWT_MUST_USE
sqljwt_view sqljwt_fetch_url(const sqljwt_fetch *fetch);

/**
 * Whether to ask with the header field `Cache-Control: no-cache`: after a token with an unknown key id.
 *
 * @param fetch  lent
 */
SQLJWT_MUST_USE
bool sqljwt_fetch_no_cache(const sqljwt_fetch *fetch);

/**
 * Takes the answer to a fetch.
 *
 * @param cache        lent; may be in use by other threads
 * @param fetch        taken, and written: what to ask next, or NULL when the keys are there. After an error it is NULL too
 * @param http_status  the status code of the answer, such as 200
 * @param headers      lent; all its header fields, a name as often as it came
 * @param headers_len  how many
 * @param body         lent; without transfer and content coding. More than 1 MiB is an error: read no further than that
 * @param body_len     how many bytes
 * @param refusal      NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK; SQLJWT_KEYS_FAILED for an answer of no use; 900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_key_cache_answer(const sqljwt_key_cache *cache,
                                      sqljwt_fetch **fetch,
                                      uint16_t http_status,
                                      const sqljwt_header *headers,
                                      size_t headers_len,
                                      const char *body,
                                      size_t body_len,
                                      sqljwt_refusal **refusal);

/**
 * Ends a fetch to which no answer came. For a few seconds nobody asks this issuer again.
 *
 * @param cache    lent; may be in use by other threads
 * @param fetch    taken; NULL is fine
 * @param why      lent; a clause in UTF-8 for the log, such as `connection refused`
 * @param why_len  how many bytes
 * @param refusal  NULL, or written; free it with `sqljwt_refusal_free`
 * @return SQLJWT_KEYS_FAILED, with what to log; SQLJWT_OK for NULL; 900 to 999
 */
sqljwt_status sqljwt_key_cache_give_up(const sqljwt_key_cache *cache,
                                       sqljwt_fetch *fetch,
                                       const char *why,
                                       size_t why_len,
                                       sqljwt_refusal **refusal);

/**
 * Takes over fetches that were written down, as if they were made now by this server: with all checks, and for as long as
 * their keys count. A fetch that failed leaves what there was, and why it failed is told when keys are lacking.
 *
 * @param cache        lent; may be in use by other threads
 * @param records      lent; one record or an array of them, as `sqljwt_key_cache_record` and `sqljwt keys refresh` write them
 * @param records_len  how many bytes
 * @param refusal      NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK; SQLJWT_KEYS_FAILED for a text that is no such record; 900 to 999
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_key_cache_replay(const sqljwt_key_cache *cache,
                                      const char *records,
                                      size_t records_len,
                                      sqljwt_refusal **refusal);

/**
 * The fetch that gave an issuer the keys that the cache has, as JSON: to be written down for other processes.
 *
 * @param cache       lent; may be in use by other threads
 * @param issuer      lent; UTF-8
 * @param issuer_len  how many bytes
 * @return a text, to be freed with `sqljwt_text_free`; NULL where the cache has no keys of this issuer
 */
SQLJWT_MUST_USE
sqljwt_text *sqljwt_key_cache_record(const sqljwt_key_cache *cache,
                                     const char *issuer,
                                     size_t issuer_len);

/**
 * The name of the file in which the record of an issuer's keys lies, in the folder that `sqljwt keys refresh` or the agent writes
 * and servers read: the issuer's SHA-256 hash in hexadecimal digits, and `.json`.
 *
 * @param issuer      lent; UTF-8
 * @param issuer_len  how many bytes
 * @return a text, to be freed with `sqljwt_text_free`; NULL where the issuer is no UTF-8
 */
SQLJWT_MUST_USE
sqljwt_text *sqljwt_keys_file_name(const char *issuer,
                                   size_t issuer_len);

/**
 * Tells as JSON on one line what a login would do to the roles of its SQL user: `plan`, what to revoke and then to grant,
 * the groups that are no roles, and the roles that go with those that are revoked; the `statements` that do it, with names in
 * quotes; and a `summary` for people.
 *
 * It lets nobody in and grants nothing. Of a login that is refused because the token has no group the plan revokes every
 * role, as the database does. The first arguments are those of `sqljwt_validate`.
 *
 * @param memberships      lent; the roles that the SQL user has
 * @param memberships_len  how many
 * @param existing         lent; the roles of the database, or NULL where they are not known
 * @param existing_len     how many
 * @param plan             written on success; free it with `sqljwt_text_free`
 * @param refusal          NULL, or written on failure; free it with `sqljwt_refusal_free`
 * @return SQLJWT_OK: there is a document, and the decision stands inside it. 900 to 999 for a call that could not be carried
 *         out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_roles(const sqljwt_validator *validator,
                           const char *token,
                           size_t token_len,
                           const char *user,
                           size_t user_len,
                           int64_t now,
                           const sqljwt_membership *memberships,
                           size_t memberships_len,
                           const sqljwt_view *existing,
                           size_t existing_len,
                           sqljwt_text **plan,
                           sqljwt_refusal **refusal);

/**
 * Explains a login as JSON on one line: every check, what was expected and found, and what would mend it.
 *
 * For the administrator, not for the client. The arguments are those of `sqljwt_validate`.
 *
 * @param explanation  written on success; free it with `sqljwt_text_free`
 * @return SQLJWT_OK: there is an explanation. That lets nobody in: the decision stands inside it, and only
 *         `sqljwt_validate` makes a login. 900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_explain(const sqljwt_validator *validator,
                             const char *token,
                             size_t token_len,
                             const char *user,
                             size_t user_len,
                             int64_t now,
                             sqljwt_text **explanation);

/**
 * Explains a login as `sqljwt_explain` does, without anything that the token, the login or the settings say: fit to be
 * shown to strangers.
 *
 * @param explanation  written on success; free it with `sqljwt_text_free`
 * @return as `sqljwt_explain`
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_explain_redacted(const sqljwt_validator *validator,
                                      const char *token,
                                      size_t token_len,
                                      const char *user,
                                      size_t user_len,
                                      int64_t now,
                                      sqljwt_text **explanation);

/**
 * Explains a login as `sqljwt_explain` does, as plain text to be read on a terminal: why, what to do, and what
 * else is wrong.
 *
 * @param timeline  written on success; free it with `sqljwt_text_free`
 * @return as `sqljwt_explain`
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_explain_timeline(const sqljwt_validator *validator,
                                      const char *token,
                                      size_t token_len,
                                      const char *user,
                                      size_t user_len,
                                      int64_t now,
                                      sqljwt_text **timeline);

/**
 * Explains a login as `sqljwt_explain` does, under settings that may be unusable: then the explanation says where their
 * fault stands, in the same shape.
 *
 * For tools, and for the moment when `sqljwt_validator_new` has refused. It compiles the settings anew; a server keeps a
 * validator.
 *
 * @param settings      lent; UTF-8, in the forms that `sqljwt_validator_new` takes
 * @param settings_len  how many bytes
 * @param explanation   written on success; free it with `sqljwt_text_free`
 * @return as `sqljwt_explain`: unusable settings are explained, not answered with a status
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_explain_with_settings(const char *settings,
                                           size_t settings_len,
                                           const char *token,
                                           size_t token_len,
                                           const char *user,
                                           size_t user_len,
                                           int64_t now,
                                           sqljwt_text **explanation);

/**
 * Answers one call of the wire contract: `explain`, `validate`, `identify`, `roles`, `decode`, `keys`, `settings_to_sql`,
 * `settings_from_sql`, `reasons`, `lint`, `rules`, `log`, `who_can`, `reach`, `suggest`, `rehearse`, `window`,
 * `convert_map`, `compare`, `coverage`. The same text in gives the same bytes out as in every other language.
 *
 * It compiles the settings of the call anew: for tools. A server uses `sqljwt_validate`.
 *
 * @param call      lent; JSON in UTF-8
 * @param call_len  how many bytes
 * @param answer    written on success; free it with `sqljwt_text_free`
 * @return SQLJWT_OK: there is an answer, which may be a document with the member `error`, and which lets nobody in.
 *         900 to 999 for a call that could not be carried out
 */
SQLJWT_MUST_USE
sqljwt_status sqljwt_call(const char *call,
                          size_t call_len,
                          sqljwt_text **answer);

/**
 * The name of a status as every document writes it, such as `token_expired`. `unknown_status` for a number that is none.
 *
 * Like every text of the catalogue it is static, ends with a NUL and is never NULL.
 */
SQLJWT_MUST_USE
const char *sqljwt_reason_name(sqljwt_status status);

/**
 * The check that gives this reason, such as `time`; empty for SQLJWT_OK and for a number that is no status.
 */
SQLJWT_MUST_USE
const char *sqljwt_reason_check(sqljwt_status status);

/**
 * What a status means, in one line for the administrator.
 */
SQLJWT_MUST_USE
const char *sqljwt_reason_summary(sqljwt_status status);

/**
 * What mends it in general; `sqljwt_refusal_remedy` says it for the login at hand.
 */
SQLJWT_MUST_USE
const char *sqljwt_reason_remedy(sqljwt_status status);

/**
 * The section of the standard, or the setting of the database, that the rule comes from.
 */
SQLJWT_MUST_USE
const char *sqljwt_reason_reference(sqljwt_status status);

/**
 * The ABI of the library that is running. It fits the header when it equals SQLJWT_ABI_VERSION.
 */
SQLJWT_MUST_USE
uint32_t sqljwt_abi_version(void);

/**
 * The version of the library that is running, such as `0.1.0`: static text.
 */
SQLJWT_MUST_USE
const char *sqljwt_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SQLJWT_H */
