/*
 * The library does nothing unasked. When it is loaded it allocates nothing and reads one variable. From then on it asks the kernel
 * for memory and for nothing else: to open a file, to speak to the network, to start a thread or to set a signal handler would end
 * this program.
 */
#define _GNU_SOURCE
#include "sqljwt.h"

#include "sample.h"

#include <dlfcn.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/* What the library did: while it was loaded, and after that. */
static struct {
  int allocations, variables;
} early, late, *now = &early;

static int from_the_library(const void *address) {
  Dl_info info;
  return dladdr(address, &info) != 0 && info.dli_fname != NULL && strstr(info.dli_fname, "libsqljwt") != NULL;
}

#define BY_THE_LIBRARY from_the_library(__builtin_return_address(0))

/* These take the place of the C library's own, for libsqljwt too. */
void *malloc(size_t size) {
  now->allocations += BY_THE_LIBRARY;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  now->allocations += BY_THE_LIBRARY;
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  now->allocations += BY_THE_LIBRARY;
  return __libc_realloc(old, size);
}

int posix_memalign(void **place, size_t alignment, size_t size) {
  now->allocations += BY_THE_LIBRARY;
  *place = __libc_memalign(alignment, size);
  return *place == NULL;
}

char *getenv(const char *name) {
  if (BY_THE_LIBRARY) {
    now->variables++;
    /* The one that AWS-LC's set-up reads when it is loaded. */
    CHECK(strcmp(name, "OPENSSL_ia32cap") == 0);
  }
  const size_t length = strlen(name);
  for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
      return *entry + length + 1;
    }
  }
  return NULL;
}

/* A clock needs no help of the kernel. */
int clock_gettime(clockid_t clock, struct timespec *time) {
  CHECK(!BY_THE_LIBRARY);
  return (int)syscall(SYS_clock_gettime, clock, time);
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  CHECK(!BY_THE_LIBRARY);
  return (int)syscall(SYS_gettimeofday, time, zone);
}

time_t time(time_t *place) {
  struct timeval seconds;
  CHECK(!BY_THE_LIBRARY);
  syscall(SYS_gettimeofday, &seconds, NULL);
  if (place != NULL) {
    *place = seconds.tv_sec;
  }
  return seconds.tv_sec;
}

/* From here on the kernel gives memory, lets threads that wait for each other go on, and writes; everything else ends the program. */
static void seal(void) {
  static const unsigned allowed[] = {SYS_brk,   SYS_mmap,  SYS_mremap,    SYS_munmap,
                                     SYS_futex, SYS_write, SYS_exit_group};
  enum { COUNT = sizeof allowed / sizeof *allowed };
  struct sock_filter filter[COUNT + 3] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
  for (unsigned index = 0; index < COUNT; index++) {
    const unsigned char to_the_end = (unsigned char)(COUNT - index);
    filter[index + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[index], to_the_end, 0);
  }
  filter[COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  filter[COUNT + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const struct sock_fprog program = {COUNT + 3, filter};
  CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

int main(void) {
  now = &late;
  fputs("from here on SIGSYS ends whoever asks the kernel for more than memory\n", stderr);
  free(malloc(1)); /* the C library's own set-up, which asks for a random number */
  seal();
  sqljwt_validator *validator = NULL;
  sqljwt_login *login = NULL;
  sqljwt_refusal *refusal = NULL;
  sqljwt_text *text = NULL;
  CHECK(sqljwt_validator_new(TEXT("{"), &validator, NULL) == SQLJWT_REASON_SETTINGS_INVALID);
  CHECK(sqljwt_validator_new(TEXT(SETTINGS), &validator, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("eve"), NOW, NULL, &refusal) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_explain(validator, TEXT(TOKEN), TEXT("eve"), NOW, &text) == SQLJWT_OK);
  sqljwt_text_free(text);
  sqljwt_refusal_free(refusal);
  sqljwt_login_free(login);
  sqljwt_validator_free(validator);

  CHECK(early.allocations == 0 && late.allocations > 0);
  CHECK(late.variables == 0);
#ifdef __x86_64__
  CHECK(early.variables == 1);
#endif
  fputs("the library does nothing unasked\n", stderr);
  return 0;
}
