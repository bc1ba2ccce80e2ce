/*
 * Where do a server's settings and keys come from? From files that others write: this reads them safely, and again whenever
 * they have changed. Shared by the hosts of libsqljwt (PAM, PostgreSQL); it decides nothing about tokens.
 *
 * To be compiled into a host: token_host.c and trusted_file.c of this folder.
 *
 * What holds for every function:
 *
 * - Any thread may use a host, several at the same time too; only freeing it needs that no other thread is using it.
 * - A process that forks may use it in parent and children alike, unless another thread was inside a call meanwhile.
 * - Settings that do not state `engine.user_names` are refused: whose users they are is nothing to be guessed.
 * - Nothing is fetched and nothing waits: a login costs a few system calls where no file has changed.
 * - Where something is wrong the fault says so; on every other way out it is cleared. Its texts are inert on a terminal, are
 *   one line each and tell no secret. It may be NULL.
 *
 * A login:
 *
 *   sqljwt_validator *validator = token_host_validator(host, token_host_now(), &fault);     // NULL: no usable settings, refuse
 *   status = token_host_validate(host, validator, …, &login, &refusal, &fault);
 *   sqljwt_validator_free(validator);
 */
#ifndef SQLJWT_TOKEN_HOST_H
#define SQLJWT_TOKEN_HOST_H

#include "sqljwt.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The settings and the keys of one server. */
typedef struct token_host token_host;

/** What is wrong with a file. */
typedef struct token_host_fault {
  /** One line for the log, beginning with the file's name; empty where nothing is wrong. */
  char message[1024];
  /** What to change; may be empty. */
  char hint[1024];
  /** Where in the settings, counted from 1; 0 where the fault has no place. */
  uint32_t line, column;
} token_host_fault;

/** `max_age` of a host whose settings serve however long their file has been unusable. */
#define TOKEN_HOST_NO_LIMIT INT64_MAX

/**
 * A host that has read nothing yet.
 *
 * @param settings  the settings' file; NULL for a host that is given its settings by `token_host_use`
 * @param keys      the folder that `sqljwt keys refresh --keys-dir` or the agent writes; NULL where the settings hold all keys
 * @param max_age   for how many seconds settings that were read before go on serving while their file is unusable
 * @return NULL when there is no memory
 */
token_host *token_host_new(const char *settings, const char *keys, int64_t max_age);

/** Frees a host. Validators that came of it stay valid. NULL is fine. */
void token_host_free(token_host *host);

/**
 * The present in Unix seconds. Not `time(NULL)`: on Linux that lags behind the clock by some milliseconds, so that a token would be
 * refused as one of the future that somebody on this machine has just made.
 */
int64_t token_host_now(void);

/**
 * The settings as they are now: read again where the file has changed since, and kept where the new file cannot be used.
 *
 * @param now    the present in Unix seconds
 * @param fault  written: with a validator, why the file is not the one that counts (the settings before it are kept); without
 *               one, why there are none
 * @return a handle of the caller's own, to be freed with `sqljwt_validator_free`; NULL where there are no usable settings
 */
sqljwt_validator *token_host_validator(token_host *host, int64_t now, token_host_fault *fault);

/**
 * `sqljwt_validate`, and again with the keys that the one writer has written since, where it says SQLJWT_KEYS_NEEDED.
 *
 * @param validator  lent: of `token_host_validator`, or one that was made of it
 * @param fault      written: why the file of the issuer's keys cannot be used, or empty
 */
SQLJWT_MUST_USE
sqljwt_status token_host_validate(token_host *host, const sqljwt_validator *validator, const char *token, size_t token_len,
                                  const char *user, size_t user_len, int64_t now, sqljwt_login **login,
                                  sqljwt_refusal **refusal, token_host_fault *fault);

/** `sqljwt_identify`, likewise. */
SQLJWT_MUST_USE
sqljwt_status token_host_identify(token_host *host, const sqljwt_validator *validator, const char *token, size_t token_len,
                                  int64_t now, sqljwt_identity **identity, sqljwt_refusal **refusal,
                                  token_host_fault *fault);

/**
 * Takes the keys that the one writer has written since, for a refusal with SQLJWT_KEYS_NEEDED: what the two above do. For a
 * server that waits for keys a while.
 *
 * Where there is nothing new, the folder `wanted` in that of the keys gets a mark for the writer, if it is there.
 *
 * @param needed  lent: the refusal of `sqljwt_validate` or `sqljwt_identify`
 * @param fault   written: why the file of the issuer's keys cannot be used, or empty
 * @return whether this call has brought keys: once for each file that is written. Another thread may have brought them since
 *         the validator was asked
 */
bool token_host_take_keys(token_host *host, const sqljwt_refusal *needed, token_host_fault *fault);

/**
 * Settings of a file, compiled and held by no host: for a server that checks them before it takes them.
 *
 * @param settings  the file
 * @param names     what `engine.user_names` has to say; NULL where it may name any server
 * @param fault     written: why they cannot be used, or empty
 * @return to be given to `token_host_use`, or freed with `sqljwt_validator_free`; NULL where they cannot be used
 */
sqljwt_validator *token_host_compile(const char *settings, const char *names, token_host_fault *fault);

/**
 * Goes over to settings that were compiled aside. Keys that were read stay where they come from the same places.
 *
 * @param validator  lent
 * @return whether they count now
 */
bool token_host_use(token_host *host, const sqljwt_validator *validator, token_host_fault *fault);

#ifdef __cplusplus
}
#endif

#endif
