/*
 * How fast does sqljwt judge a token, against the libraries that C and C++ servers take today?
 *
 * Every library first shows that it makes the same checks: it has to take a good token, and to refuse one that has expired, one
 * with another signature, one of another issuer and one for another audience. Then they take turns, in one thread; each round
 * gives one ratio, so that a machine that slows down slows both sides of it. Processor time is counted.
 */
#define _POSIX_C_SOURCE 200809L
#include "logins.h"

#include <openssl/crypto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 15 };

static const struct peer *const PEERS[] = {&WITH_SQLJWT, &WITH_LIBJWT, &WITH_CJOSE, &WITH_CPP_JWT};
enum { PEER_COUNT = sizeof PEERS / sizeof *PEERS };

static void expect(bool fact, const struct peer *peer, const struct login *login, const char *what) {
  if (!fact) {
    fprintf(stderr, "%s, %s: %s\n", peer->name, login->algorithm, what);
    exit(1);
  }
}

static void *ready(const struct peer *peer, const struct login *login, const char *issuer, const char *audience) {
  void *ready = peer->prepare(login, issuer, audience);
  expect(ready != NULL || peer != &WITH_SQLJWT, peer, login, "not ready");
  return ready;
}

/* Ready to be timed, with its checks shown; NULL where the library lacks the algorithm. */
static void *checked(const struct peer *peer, const struct login *login) {
  void *right = ready(peer, login, ISSUER, AUDIENCE);
  if (right == NULL) {
    return NULL;
  }
  expect(peer->judge(right, login->token), peer, login, "refuses a good token");
  expect(!peer->judge(right, login->expired), peer, login, "takes a token that has expired");
  char *forged = strdup(login->token);
  char *signature = forged + strlen(forged) - 20;
  *signature = *signature == 'A' ? 'B' : 'A';
  expect(!peer->judge(right, forged), peer, login, "takes another signature");
  free(forged);
  void *issuer = ready(peer, login, "https://other.example", AUDIENCE);
  void *audience = ready(peer, login, ISSUER, "other");
  expect(!peer->judge(issuer, login->token), peer, login, "takes another issuer");
  expect(!peer->judge(audience, login->token), peer, login, "takes another audience");
  return right;
}

/* Processor time for so many logins. */
static double seconds(const struct peer *peer, void *ready, const char *token, int logins) {
  struct timespec start, end;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
  bool fine = true;
  for (int count = 0; count < logins; count++) {
    fine &= peer->judge(ready, token);
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  if (!fine) {
    abort();
  }
  return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

static int ascending(const void *one, const void *other) {
  const double left = *(const double *)one, right = *(const double *)other;
  return (left > right) - (left < right);
}

static void measure(const struct login *login, int logins) {
  void *ready[PEER_COUNT];
  double ratios[PEER_COUNT][ROUNDS];
  for (int index = 0; index < PEER_COUNT; index++) {
    ready[index] = checked(PEERS[index], login);
  }
  for (int round = 0; round < ROUNDS; round++) {
    double took[PEER_COUNT] = {0};
    for (int turn = 0; turn < PEER_COUNT; turn++) {
      const int index = (turn + round) % PEER_COUNT; /* who goes first changes too */
      if (ready[index] != NULL) {
        took[index] = seconds(PEERS[index], ready[index], login->token, logins);
      }
    }
    for (int index = 0; index < PEER_COUNT; index++) {
      ratios[index][round] = took[index] / took[0];
    }
  }
  for (int index = 1; index < PEER_COUNT; index++) {
    if (ready[index] == NULL) {
      printf("%-6s  %-8s     -\n", login->algorithm, PEERS[index]->name);
      continue;
    }
    double *sorted = ratios[index];
    qsort(sorted, ROUNDS, sizeof *sorted, ascending);
    printf("%-6s  %-8s  %5.2f  (%.2f to %.2f)\n", login->algorithm, PEERS[index]->name, sorted[ROUNDS / 2], sorted[0],
           sorted[ROUNDS - 1]);
  }
}

int main(int count, char **arguments) {
  const int logins = count > 1 ? atoi(arguments[1]) : 1000;
  printf("rate of sqljwt_validate over that of each library, one thread, tokens of 600 bytes\n");
  printf("median of %d rounds of %d logins (least to most); the others verify with %s\n\n", ROUNDS, logins,
         OpenSSL_version(OPENSSL_VERSION));
  for (size_t index = 0; index < sizeof LOGINS / sizeof *LOGINS; index++) {
    measure(&LOGINS[index], logins);
  }
  return 0;
}
