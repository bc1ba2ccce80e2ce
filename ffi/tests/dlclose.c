/*
 * May a plugin with the library in it be unloaded while threads live on that saw a bad signature? They end when it is gone, in
 * every round.
 */
#include "sample.h"

#include <dlfcn.h>
#include <pthread.h>

static const char *plugin;
static pthread_barrier_t unloaded;

static void *a_thread(void *unused) {
  void *library = dlopen(plugin, RTLD_NOW | RTLD_LOCAL);
  int (*refuse)(void) = NULL;
  CHECK(library != NULL);
  void *symbol = dlsym(library, "refuse_a_forged_token");
  CHECK(symbol != NULL);
  memcpy(&refuse, &symbol, sizeof refuse);
  CHECK(refuse());
  CHECK(dlclose(library) == 0);
  pthread_barrier_wait(&unloaded);
  return unused;
}

int main(int count, char **arguments) {
  CHECK(count == 3);
  plugin = arguments[1];
  const int rounds = atoi(arguments[2]);
  for (int round = 0; round < rounds; round++) {
    pthread_t thread;
    CHECK(pthread_barrier_init(&unloaded, NULL, 2) == 0);
    CHECK(pthread_create(&thread, NULL, a_thread, NULL) == 0);
    pthread_barrier_wait(&unloaded);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(pthread_barrier_destroy(&unloaded) == 0);
  }
  printf("%d rounds: loaded, used, unloaded, and the thread ended\n", rounds);
  return 0;
}
