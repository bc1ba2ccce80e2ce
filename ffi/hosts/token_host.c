#define _GNU_SOURCE
#include "token_host.h"

#include "trusted_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What the engine reads at most (`SETTINGS_BYTES_MAX`), and two answers of 1 MiB (`FETCHED_BYTES_MAX`) with every byte written as
 * `\u0000`. */
static const size_t SETTINGS_BYTES_MOST = 33554432, KEYS_BYTES_MOST = 12648448;

/* As many issuers as the engine's cache holds (`CACHED_ISSUERS_MAX`). */
static const size_t ISSUERS_MOST = 256;

/* A file as it was when it was looked at. */
typedef struct seen {
  struct stat as;
  bool is_there;
  /* Whether a later change would show: the clock of the file system has gone on since this one. */
  bool is_settled;
} seen;

/* The keys of one issuer. */
typedef struct issuer_keys {
  struct issuer_keys *next;
  /* Of its file; the mark for the writer is named the same, without `.json`. */
  char name[80];
  seen file;
  char *text; /* what was taken of it last */
  size_t text_len;
  /* Whether the file could not be used when it was last read: it is looked at again at every login. */
  bool is_bad;
} issuer_keys;

struct token_host {
  char *settings, *keys;
  int64_t max_age;

  /* Held by the one thread that reads files; it guards what stands here. */
  pthread_mutex_t reading;
  seen file, folder;
  token_host_fault last; /* of `file` */
  sqljwt_key_cache *cache;
  issuer_keys *issuers;
  size_t issuers_len;

  /* Held for as long as it takes to count or to copy; it guards what stands here. */
  pthread_mutex_t lock;
  sqljwt_validator *current;
  token_host_fault kept; /* why what is current is not what the file says; empty where it is */
  int64_t kept_since;
};

/* ── Faults ── */

static void clear(token_host_fault *fault) { *fault = (token_host_fault){{0}, {0}, 0, 0}; }

static void file_fault(token_host_fault *fault, const char *path, const char *why) {
  char text[sizeof fault->message];
  clear(fault);
  snprintf(text, sizeof text, "%.700s: %s", path, why);
  trusted_inert(fault->message, sizeof fault->message, text);
}

static void refusal_fault(token_host_fault *fault, const char *path, const sqljwt_refusal *refusal) {
  const sqljwt_view line = sqljwt_refusal_log_line(refusal), remedy = sqljwt_refusal_remedy(refusal);
  file_fault(fault, path, line.data == NULL ? "cannot be used" : line.data);
  if (remedy.data != NULL) {
    trusted_inert(fault->hint, sizeof fault->hint, remedy.data);
  }
  if (!sqljwt_refusal_place(refusal, &fault->line, &fault->column)) {
    fault->line = fault->column = 0;
  }
}

/* ── The clock ── */

int64_t token_host_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec;
}

/* ── Has a file changed? ── */

/* The kernel stamps files with its tick: two changes in the same one look alike. */
static bool is_settled(const struct stat *as) {
  static const int64_t TICK_NANOSECONDS = 20000000, WHOLE_SECONDS = 2000000000;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  const int64_t apart = (now.tv_sec - as->st_ctim.tv_sec) * (int64_t)1000000000 + (now.tv_nsec - as->st_ctim.tv_nsec);
  /* Some file systems count whole seconds. */
  return apart > (as->st_ctim.tv_nsec == 0 ? WHOLE_SECONDS : TICK_NANOSECONDS);
}

static seen seen_now(const struct stat *as) { return (seen){*as, true, is_settled(as)}; }

static bool is_same_time(struct timespec a, struct timespec b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

static bool is_unchanged(const seen *file, const struct stat *now) {
  return file->is_there && file->is_settled && file->as.st_dev == now->st_dev && file->as.st_ino == now->st_ino &&
         file->as.st_size == now->st_size && is_same_time(file->as.st_mtim, now->st_mtim) &&
         is_same_time(file->as.st_ctim, now->st_ctim);
}

/* ── Settings ── */

/* Whether the settings state whose users they are; where `names` is given, those. Settings that say nothing have CockroachDB's
 * rules, to which `postgres` is a name like any other. */
static bool state_names(const sqljwt_validator *validator, const char *names, const char *path, token_host_fault *fault) {
  static const char SETTING[] = "engine.user_names";
  sqljwt_text *text = sqljwt_validator_setting(validator, SETTING, sizeof SETTING - 1);
  const char *stated = sqljwt_text_view(text).data;
  const bool is_so = stated != NULL && (names == NULL || strcmp(stated, names) == 0);
  if (!is_so) {
    char why[200];
    if (stated == NULL) {
      snprintf(why, sizeof why, "%s is missing, so the settings do not say whose users they are", SETTING);
    } else {
      snprintf(why, sizeof why, "%s is `%s`, and the users of this server are `%s`", SETTING, stated, names);
    }
    file_fault(fault, path, why);
    if (names == NULL) {
      snprintf(fault->hint, sizeof fault->hint, "write \"%s\": \"postgresql\", or \"mysql\" for MySQL and MariaDB", SETTING);
    } else {
      snprintf(fault->hint, sizeof fault->hint, "write \"%s\": \"%s\"", SETTING, names);
    }
  }
  sqljwt_text_free(text);
  return is_so;
}

static sqljwt_validator *compiled(int file, const struct stat *found, const char *path, const char *names, token_host_fault *fault) {
  char why[TRUSTED_WHY];
  size_t len = 0;
  char *text = trusted_text(file, found, SETTINGS_BYTES_MOST, &len, why);
  if (text == NULL) {
    file_fault(fault, path, why);
    return NULL;
  }
  sqljwt_validator *validator = NULL;
  sqljwt_refusal *refusal = NULL;
  if (sqljwt_validator_new(text, len, &validator, &refusal) != SQLJWT_OK) {
    refusal_fault(fault, path, refusal);
    sqljwt_refusal_free(refusal);
  } else if (!state_names(validator, names, path, fault)) {
    sqljwt_validator_free(validator);
    validator = NULL;
  }
  free(text);
  return validator;
}

sqljwt_validator *token_host_compile(const char *settings, const char *names, token_host_fault *fault) {
  token_host_fault unwanted;
  char why[TRUSTED_WHY];
  struct stat found;
  fault = fault == NULL ? &unwanted : fault;
  clear(fault);
  const int file = trusted_path(settings, &found, why);
  if (file < 0) {
    file_fault(fault, settings, why);
    return NULL;
  }
  sqljwt_validator *validator = compiled(file, &found, settings, names, fault);
  close(file);
  return validator;
}

/* The validator as it is to be asked: with the keys that are read from the folder, where there is one. */
static sqljwt_validator *with_keys(token_host *host, const sqljwt_validator *validator, sqljwt_refusal **refusal) {
  sqljwt_validator *with = NULL;
  if (host->keys == NULL) {
    return sqljwt_validator_share(validator);
  }
  const sqljwt_status status = host->cache == NULL ? sqljwt_key_cache_new(validator, &host->cache, refusal)
                                                   : sqljwt_key_cache_follow(host->cache, validator, refusal);
  if (status != SQLJWT_OK || sqljwt_validator_with_keys(validator, host->cache, &with, refusal) != SQLJWT_OK) {
    return NULL;
  }
  return with;
}

static void forget_text(issuer_keys *issuer) {
  free(issuer->text);
  issuer->text = NULL;
  issuer->text_len = 0;
}

/* What was read of an issuer's keys may be gone from the cache with the settings before: it is read again. */
static void forget_files(token_host *host) {
  host->folder.is_there = false;
  for (issuer_keys *issuer = host->issuers; issuer != NULL; issuer = issuer->next) {
    issuer->file.is_there = false;
    forget_text(issuer);
  }
}

static bool exchange(token_host *host, const sqljwt_validator *validator, token_host_fault *fault) {
  sqljwt_refusal *refusal = NULL;
  sqljwt_validator *next = with_keys(host, validator, &refusal);
  if (next == NULL) {
    refusal_fault(fault, host->settings == NULL ? "settings" : host->settings, refusal);
    sqljwt_refusal_free(refusal);
    return false;
  }
  forget_files(host);
  pthread_mutex_lock(&host->lock);
  sqljwt_validator *before = host->current;
  host->current = next;
  clear(&host->kept);
  pthread_mutex_unlock(&host->lock);
  sqljwt_validator_free(before);
  return true;
}

bool token_host_use(token_host *host, const sqljwt_validator *validator, token_host_fault *fault) {
  token_host_fault unwanted;
  fault = fault == NULL ? &unwanted : fault;
  clear(fault);
  pthread_mutex_lock(&host->reading);
  const bool is_done = exchange(host, validator, fault);
  pthread_mutex_unlock(&host->reading);
  return is_done;
}

/* Reads the file if it is not the one that was read last; the fault is that of the file as it is now. */
static void read_settings(token_host *host, token_host_fault *fault) {
  char why[TRUSTED_WHY];
  struct stat found;
  const int file = trusted_path(host->settings, &found, why);
  if (file < 0) {
    file_fault(fault, host->settings, why);
    return;
  }
  if (!is_unchanged(&host->file, &found)) {
    host->file = seen_now(&found);
    clear(&host->last);
    sqljwt_validator *validator = compiled(file, &found, host->settings, NULL, &host->last);
    if (validator != NULL) {
      exchange(host, validator, &host->last);
      sqljwt_validator_free(validator);
    }
  }
  close(file);
  *fault = host->last;
}

/* ── Keys ── */

/* The fault of an issuer's file. */
static void keys_fault(token_host *host, issuer_keys *issuer, const char *why, const sqljwt_refusal *refusal, token_host_fault *fault) {
  char path[sizeof fault->message];
  snprintf(path, sizeof path, "%.600s/%s", host->keys, issuer->name);
  issuer->is_bad = true;
  if (refusal == NULL) {
    file_fault(fault, path, why);
  } else {
    refusal_fault(fault, path, refusal);
  }
}

/* Takes the text, which it then owns, unless it is the one that was taken last: a file may be written anew and say the same. */
static bool take_text(token_host *host, issuer_keys *issuer, char *text, size_t len, token_host_fault *fault) {
  sqljwt_refusal *refusal = NULL;
  if (issuer->text != NULL && issuer->text_len == len && memcmp(issuer->text, text, len) == 0) {
    free(text);
    return false;
  }
  if (sqljwt_key_cache_replay(host->cache, text, len, &refusal) != SQLJWT_OK) {
    keys_fault(host, issuer, "cannot be used", refusal, fault);
    sqljwt_refusal_free(refusal);
    free(text);
    return false;
  }
  forget_text(issuer);
  issuer->text = text;
  issuer->text_len = len;
  return true;
}

/* Reads the file of an issuer if it has changed. Keys that are there stay where the new file cannot be used. */
static bool read_issuer(token_host *host, int folder, uid_t owner, issuer_keys *issuer, token_host_fault *fault) {
  char why[TRUSTED_WHY];
  struct stat found;
  const int file = trusted_file(folder, issuer->name, owner, &found, why);
  size_t len = 0;
  char *text = NULL;
  bool is_new = false;
  if (file >= 0 && !issuer->is_bad && is_unchanged(&issuer->file, &found)) {
    close(file);
    return false;
  }
  issuer->is_bad = false;
  if (file >= 0) {
    issuer->file = seen_now(&found);
    text = trusted_text(file, &found, KEYS_BYTES_MOST, &len, why);
    close(file);
  }
  if (text == NULL) {
    keys_fault(host, issuer, why, NULL, fault);
  } else {
    is_new = take_text(host, issuer, text, len, fault);
  }
  return is_new;
}

static int open_keys(const token_host *host, uid_t *owner, token_host_fault *fault) {
  char why[TRUSTED_WHY];
  const int folder = trusted_folder(host->keys, TRUSTED_SERVICE, owner, why);
  if (folder < 0) {
    file_fault(fault, host->keys, why);
  }
  return folder;
}

/* Reads what was written since into the folder, of the issuers whose keys were asked for before: a key that was taken back does
 * not count any longer than it takes to write that down. */
static void read_keys(token_host *host, token_host_fault *fault) {
  uid_t owner = 0;
  struct stat found;
  if (host->cache == NULL || host->issuers == NULL) {
    return;
  }
  const int folder = open_keys(host, &owner, fault);
  if (folder < 0) {
    return;
  }
  const bool is_same = fstat(folder, &found) == 0 && is_unchanged(&host->folder, &found);
  if (!is_same) {
    host->folder = seen_now(&found);
  }
  for (issuer_keys *issuer = host->issuers; issuer != NULL; issuer = issuer->next) {
    if (!is_same || issuer->is_bad) {
      read_issuer(host, folder, owner, issuer, fault);
    }
  }
  close(folder);
}

static issuer_keys *issuer_named(token_host *host, const char *name) {
  for (issuer_keys *issuer = host->issuers; issuer != NULL; issuer = issuer->next) {
    if (strcmp(issuer->name, name) == 0) {
      return issuer;
    }
  }
  issuer_keys *issuer = host->issuers_len < ISSUERS_MOST ? calloc(1, sizeof *issuer) : NULL;
  if (issuer != NULL) {
    snprintf(issuer->name, sizeof issuer->name, "%s", name);
    issuer->next = host->issuers;
    host->issuers = issuer;
    host->issuers_len++;
  }
  return issuer;
}

static issuer_keys *issuer_of(token_host *host, sqljwt_view issuer) {
  sqljwt_text *text = sqljwt_keys_file_name(issuer.data, issuer.len);
  const sqljwt_view name = sqljwt_text_view(text);
  issuer_keys *found = name.data == NULL || name.len >= sizeof found->name ? NULL : issuer_named(host, name.data);
  sqljwt_text_free(text);
  return found;
}

/* Tells the writer that somebody lacks keys of this issuer. Where the mark stands already, or there is no folder for it, it is
 * well so. */
static void want(int folder, const issuer_keys *issuer) {
  char name[sizeof issuer->name];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(issuer->name, "."), issuer->name);
  const int wanted = openat(folder, "wanted", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (wanted < 0) {
    return;
  }
  const int mark = openat(wanted, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (mark >= 0) {
    close(mark);
  }
  close(wanted);
}

static bool take_keys(token_host *host, sqljwt_view name, token_host_fault *fault) {
  uid_t owner = 0;
  issuer_keys *issuer = host->cache == NULL ? NULL : issuer_of(host, name);
  const int folder = issuer == NULL ? -1 : open_keys(host, &owner, fault);
  if (folder < 0) {
    return false;
  }
  const bool is_new = read_issuer(host, folder, owner, issuer, fault);
  if (!is_new) {
    want(folder, issuer);
  }
  close(folder);
  return is_new;
}

bool token_host_take_keys(token_host *host, const sqljwt_refusal *needed, token_host_fault *fault) {
  token_host_fault unwanted;
  const sqljwt_view name = sqljwt_refusal_keys_issuer(needed);
  fault = fault == NULL ? &unwanted : fault;
  clear(fault);
  if (name.data == NULL) {
    return false;
  }
  if (host->keys == NULL) {
    file_fault(fault, "keys", "no folder of keys is given, and the settings hold none of this issuer");
    return false;
  }
  pthread_mutex_lock(&host->reading);
  const bool is_new = take_keys(host, name, fault);
  pthread_mutex_unlock(&host->reading);
  return is_new;
}

/* ── Logins ── */

/* How often a validator is asked: at first, after keys have come by this thread or another one, and once more should they have
 * been exchanged meanwhile. */
static const int ROUNDS = 3;

/* Whether to ask again after a refusal, which then is freed. */
static bool ask_again(token_host *host, int round, sqljwt_status status, sqljwt_refusal **refusal, token_host_fault *fault) {
  if (status != SQLJWT_KEYS_NEEDED || round + 1 >= ROUNDS) {
    return false;
  }
  /* Without news it is asked once more all the same: another thread may have brought them between the answer and this call. */
  if (!token_host_take_keys(host, *refusal, fault) && round > 0) {
    return false;
  }
  sqljwt_refusal_free(*refusal);
  *refusal = NULL;
  return true;
}

/* Hands a refusal over, if it is wanted. */
static sqljwt_status answered(sqljwt_status status, sqljwt_refusal *refusal, sqljwt_refusal **place) {
  if (place == NULL) {
    sqljwt_refusal_free(refusal);
  } else if (status != SQLJWT_OK) {
    *place = refusal;
  }
  return status;
}

sqljwt_status token_host_validate(token_host *host, const sqljwt_validator *validator, const char *token, size_t token_len,
                                  const char *user, size_t user_len, int64_t now, sqljwt_login **login,
                                  sqljwt_refusal **refusal, token_host_fault *fault) {
  token_host_fault unwanted;
  fault = fault == NULL ? &unwanted : fault;
  clear(fault);
  for (int round = 0;; round++) {
    sqljwt_refusal *why = NULL;
    const sqljwt_status status = sqljwt_validate(validator, token, token_len, user, user_len, now, login, &why);
    if (!ask_again(host, round, status, &why, fault)) {
      return answered(status, why, refusal);
    }
  }
}

sqljwt_status token_host_identify(token_host *host, const sqljwt_validator *validator, const char *token, size_t token_len,
                                  int64_t now, sqljwt_identity **identity, sqljwt_refusal **refusal,
                                  token_host_fault *fault) {
  token_host_fault unwanted;
  fault = fault == NULL ? &unwanted : fault;
  clear(fault);
  for (int round = 0;; round++) {
    sqljwt_refusal *why = NULL;
    const sqljwt_status status = sqljwt_identify(validator, token, token_len, now, identity, &why);
    if (!ask_again(host, round, status, &why, fault)) {
      return answered(status, why, refusal);
    }
  }
}

/* ── The host ── */

token_host *token_host_new(const char *settings, const char *keys, int64_t max_age) {
  token_host *host = calloc(1, sizeof *host);
  if (host == NULL) {
    return NULL;
  }
  pthread_mutex_init(&host->reading, NULL);
  pthread_mutex_init(&host->lock, NULL);
  host->max_age = max_age;
  host->settings = settings == NULL ? NULL : strdup(settings);
  host->keys = keys == NULL ? NULL : strdup(keys);
  if ((settings != NULL && host->settings == NULL) || (keys != NULL && host->keys == NULL)) {
    token_host_free(host);
    return NULL;
  }
  return host;
}

void token_host_free(token_host *host) {
  if (host == NULL) {
    return;
  }
  for (issuer_keys *issuer = host->issuers, *next; issuer != NULL; issuer = next) {
    next = issuer->next;
    forget_text(issuer);
    free(issuer);
  }
  sqljwt_validator_free(host->current);
  sqljwt_key_cache_free(host->cache);
  free(host->settings);
  free(host->keys);
  pthread_mutex_destroy(&host->reading);
  pthread_mutex_destroy(&host->lock);
  free(host);
}

/* Notes what is wrong with the file now, and since when. */
static void note(token_host *host, const token_host_fault *fault, int64_t now) {
  pthread_mutex_lock(&host->lock);
  if (host->kept.message[0] == '\0') {
    host->kept_since = now;
  }
  host->kept = *fault;
  pthread_mutex_unlock(&host->lock);
}

/* Reads what has changed, unless another thread is at it: then what there is serves. Only the first login waits. */
static void read_files(token_host *host, int64_t now, token_host_fault *keys_fault) {
  if (pthread_mutex_trylock(&host->reading) != 0) {
    pthread_mutex_lock(&host->lock);
    const bool is_first = host->current == NULL;
    pthread_mutex_unlock(&host->lock);
    if (!is_first) {
      return;
    }
    pthread_mutex_lock(&host->reading);
  }
  if (host->settings != NULL) {
    token_host_fault fault;
    clear(&fault);
    read_settings(host, &fault);
    note(host, &fault, now);
  }
  read_keys(host, keys_fault);
  pthread_mutex_unlock(&host->reading);
}

sqljwt_validator *token_host_validator(token_host *host, int64_t now, token_host_fault *fault) {
  token_host_fault unwanted;
  fault = fault == NULL ? &unwanted : fault;
  clear(fault);
  read_files(host, now, fault);
  pthread_mutex_lock(&host->lock);
  const bool is_kept = host->kept.message[0] != '\0';
  const bool is_too_old = is_kept && host->max_age != TOKEN_HOST_NO_LIMIT && now - host->kept_since > host->max_age;
  sqljwt_validator *validator = is_too_old ? NULL : sqljwt_validator_share(host->current);
  if (is_kept) {
    *fault = host->kept;
  } else if (validator == NULL) {
    file_fault(fault, "settings", "none are given");
  }
  pthread_mutex_unlock(&host->lock);
  return validator;
}
