/* The library does nothing unasked: no allocation before the first call, no thread, no signal handler, no environment. */
#define _GNU_SOURCE
#include "sqljwt.h"

#include "sample.h"

#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>

extern char **environ;
extern void *__libc_malloc(size_t size);

static int started;
static int early_allocations;
static int variables_read;

static int from_the_library(const void *address) {
  Dl_info info;
  return dladdr(address, &info) != 0 && info.dli_fname != NULL && strstr(info.dli_fname, "libsqljwt") != NULL;
}

/* These take the place of the C library's own, for libsqljwt too. */
void *malloc(size_t size) {
  if (!started && from_the_library(__builtin_return_address(0))) {
    early_allocations++;
  }
  return __libc_malloc(size);
}

char *getenv(const char *name) {
  if (from_the_library(__builtin_return_address(0))) {
    variables_read += started ? 1 : 0;
    /* The one that AWS-LC's set-up reads when it is loaded. */
    CHECK(strcmp(name, "OPENSSL_ia32cap") == 0);
  }
  for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
    const size_t length = strlen(name);
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
      return *entry + length + 1;
    }
  }
  return NULL;
}

static int threads(void) {
  DIR *tasks = opendir("/proc/self/task");
  int count = 0;
  CHECK(tasks != NULL);
  for (struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
    count += task->d_name[0] != '.';
  }
  closedir(tasks);
  return count;
}

int main(void) {
  started = 1;
  sqljwt_validator *validator = NULL;
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validator_new(TEXT(SETTINGS), &validator, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK);
  sqljwt_login_free(login);
  sqljwt_validator_free(validator);

  CHECK(early_allocations == 0);
  CHECK(variables_read == 0);
  CHECK(threads() == 1);
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0) {
      CHECK(action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN);
    }
  }
  puts("the library does nothing unasked");
  return 0;
}
