/*
 * How does a server reload its settings while logins are going on?
 *
 *     server SETTINGS TOKEN USER NOW [LOGINS [RELOADS]]
 *
 * Several threads log in with one shared validator, as the sessions of a server do, while the settings are exchanged
 * under them. Every login has to succeed: none may be lost to a reload.
 *
 * The pattern is the struct `shared` and its three functions. A login takes a handle of its own under the lock, which is
 * held for that moment only, and validates without it. A reload compiles the new settings aside, before it takes the
 * lock; settings that do not compile change nothing. The old validator goes when the last login that uses it is done.
 */
#include <sqljwt.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shared {
  pthread_mutex_t lock;
  sqljwt_validator *current; /* guarded by the lock */
};

/* A handle for one login, to be freed by it. */
static sqljwt_validator *shared_take(struct shared *shared) {
  pthread_mutex_lock(&shared->lock);
  sqljwt_validator *mine = sqljwt_validator_share(shared->current);
  pthread_mutex_unlock(&shared->lock);
  return mine;
}

/* Puts a validator, which may be NULL, in the place of the current one. */
static void shared_exchange(struct shared *shared, sqljwt_validator *next) {
  pthread_mutex_lock(&shared->lock);
  sqljwt_validator *previous = shared->current;
  shared->current = next;
  pthread_mutex_unlock(&shared->lock);
  sqljwt_validator_free(previous);
}

/* New settings from now on; where they cannot be used, the old ones stay. */
static int shared_reload(struct shared *shared, const char *settings, size_t len) {
  sqljwt_validator *next = NULL;
  sqljwt_refusal *refusal = NULL;
  if (sqljwt_validator_new(settings, len, &next, &refusal) != SQLJWT_OK) {
    fprintf(stderr, "settings kept: %s\n", sqljwt_refusal_log_line(refusal).data);
    sqljwt_refusal_free(refusal);
    return -1;
  }
  shared_exchange(shared, next);
  return 0;
}

enum { THREADS = 4 };

/* What the threads have in common; all but `shared` is read only. */
struct load {
  struct shared shared;
  const char *token;
  const char *user;
  int64_t now;
  long logins;
};

/* One session after the other; answers with how many logins failed. */
static void *sessions(void *argument) {
  struct load *load = argument;
  long failed = 0;
  for (long count = 0; count < load->logins; count++) {
    sqljwt_validator *validator = shared_take(&load->shared);
    sqljwt_login *login = NULL;
    const sqljwt_status status = sqljwt_validate(validator, load->token, strlen(load->token), load->user,
                                                 strlen(load->user), load->now, &login, NULL);
    sqljwt_validator_free(validator);
    if (status != SQLJWT_OK) {
      failed++;
    }
    sqljwt_login_free(login);
  }
  return (void *)(intptr_t)failed;
}

/* The text of a small file without the line feed at its end. */
static char *contents(const char *path) {
  enum { ROOM = 1024 * 1024 };
  FILE *file = fopen(path, "rb");
  char *text = malloc(ROOM);
  if (file == NULL || text == NULL) {
    perror(path);
    exit(2);
  }
  const size_t len = fread(text, 1, ROOM - 1, file);
  fclose(file);
  text[len > 0 && text[len - 1] == '\n' ? len - 1 : len] = '\0';
  return text;
}

int main(int count, char **arguments) {
  if (count < 5) {
    fputs("server SETTINGS TOKEN USER NOW [LOGINS [RELOADS]]\n", stderr);
    return 2;
  }
  char *settings = contents(arguments[1]);
  char *token = contents(arguments[2]);
  struct load load = {{PTHREAD_MUTEX_INITIALIZER, NULL}, token, arguments[3], strtoll(arguments[4], NULL, 10), 1000};
  if (count > 5) {
    load.logins = atol(arguments[5]);
  }
  const long reloads = count > 6 ? atol(arguments[6]) : 100;

  long failed = 0;
  if (shared_reload(&load.shared, settings, strlen(settings)) != 0) {
    return 2;
  }
  pthread_t threads[THREADS];
  for (int index = 0; index < THREADS; index++) {
    if (pthread_create(&threads[index], NULL, sessions, &load) != 0) {
      return 2;
    }
  }
  for (long reload = 0; reload < reloads; reload++) {
    const int spoilt = reload % 10 == 9; /* an administrator's slip now and then: nobody may notice */
    const size_t len = spoilt ? 0 : strlen(settings);
    if ((shared_reload(&load.shared, settings, len) != 0) != spoilt) {
      failed++;
    }
  }
  for (int index = 0; index < THREADS; index++) {
    void *result = NULL;
    pthread_join(threads[index], &result);
    failed += (long)(intptr_t)result;
  }
  shared_exchange(&load.shared, NULL);
  printf("%ld logins in %d threads, %ld reloads, %ld failed\n", load.logins * THREADS, THREADS, reloads, failed);
  free(token);
  free(settings);
  return failed == 0 ? 0 : 1;
}
