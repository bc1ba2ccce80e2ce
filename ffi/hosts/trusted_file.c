#define _GNU_SOURCE
#include "trusted_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) static int because(char why[TRUSTED_WHY], const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(why, TRUSTED_WHY, format, arguments);
  va_end(arguments);
  return -1;
}

bool trusted_mode(const struct stat *found, uid_t owner, char why[TRUSTED_WHY]) {
  if (found->st_uid != 0 && found->st_uid != geteuid() && found->st_uid != owner) {
    because(why, "belongs to user %lu, not to root or the server's own user %lu", (unsigned long)found->st_uid,
            (unsigned long)geteuid());
    return false;
  }
  /* Access lists show in the bits of the group: what the mask of one allows. */
  if ((found->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    because(why, "is writable by others than its owner (mode %04o)", (unsigned)found->st_mode & 07777);
    return false;
  }
  return true;
}

/* Whether the folder above is trusted, so that nobody but root or the server's own user has made what lies in it. */
static bool lies_well(const char *path, char why[TRUSTED_WHY]) {
  const char *name = NULL;
  char *above = trusted_folder_of(path, &name);
  struct stat found;
  bool well = false;
  if (above == NULL || stat(above, &found) != 0) {
    because(why, "lies in a folder that cannot be looked at: %m");
  } else {
    well = trusted_mode(&found, 0, why);
    if (!well) {
      char clause[TRUSTED_WHY - 32];
      trusted_inert(clause, sizeof clause, why);
      because(why, "lies in a folder that %s", clause);
    }
  }
  free(above);
  return well;
}

int trusted_folder(const char *path, trusted_owner allowed, uid_t *owner, char why[TRUSTED_WHY]) {
  struct stat found;
  const int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    return because(why, "is a folder that cannot be opened: %m");
  }
  const bool is_looked_at = fstat(folder, &found) == 0;
  if (!is_looked_at) {
    because(why, "is a folder that cannot be looked at: %m");
  }
  const bool is_well = is_looked_at && trusted_mode(&found, allowed == TRUSTED_SERVICE ? found.st_uid : 0, why) &&
                       (found.st_uid == 0 || found.st_uid == geteuid() || lies_well(path, why));
  if (!is_well) {
    close(folder);
    return -1;
  }
  *owner = found.st_uid;
  return folder;
}

/* What stands there is looked at before it is opened: to open a device can do something. */
static bool is_a_file(const struct stat *found, char why[TRUSTED_WHY]) {
  if (!S_ISREG(found->st_mode)) {
    because(why, "is %s, not a regular file",
            S_ISLNK(found->st_mode)    ? "a link"
            : S_ISDIR(found->st_mode)  ? "a folder"
            : S_ISFIFO(found->st_mode) ? "a FIFO"
                                       : "a device or socket");
    return false;
  }
  return true;
}

int trusted_file(int folder, const char *name, uid_t owner, struct stat *found, char why[TRUSTED_WHY]) {
  if (fstatat(folder, name, found, AT_SYMLINK_NOFOLLOW) != 0) {
    return because(why, "cannot be looked at: %m");
  }
  if (!is_a_file(found, why)) {
    return -1;
  }
  const int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (file < 0) {
    return because(why, "cannot be opened: %m");
  }
  if (fstat(file, found) != 0) {
    because(why, "cannot be looked at: %m");
  } else if (is_a_file(found, why) && trusted_mode(found, owner, why)) {
    return file;
  }
  close(file);
  return -1;
}

int trusted_path(const char *path, struct stat *found, char why[TRUSTED_WHY]) {
  const char *name = NULL;
  uid_t owner = 0;
  char clause[TRUSTED_WHY], shown[TRUSTED_WHY - 32];
  char *above = trusted_folder_of(path, &name);
  if (above == NULL) {
    return because(why, "cannot be opened: %m");
  }
  const int folder = trusted_folder(above, TRUSTED_SELF, &owner, clause);
  free(above);
  if (folder < 0) {
    trusted_inert(shown, sizeof shown, clause);
    return because(why, "lies in what %s", shown);
  }
  const int file = trusted_file(folder, name, 0, found, why);
  close(folder);
  return file;
}

/* Reads until the end or until the room is full. */
static ssize_t filled(int file, char *room, size_t size) {
  size_t len = 0;
  while (len < size) {
    const ssize_t got = read(file, room + len, size - len);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return got < 0 ? -1 : (ssize_t)len;
    }
    len += (size_t)got;
  }
  return (ssize_t)len;
}

char *trusted_text(int file, const struct stat *found, size_t most, size_t *len, char why[TRUSTED_WHY]) {
  if (found->st_size < 0 || (uintmax_t)found->st_size > most) {
    because(why, "has %jd bytes, more than %zu", (intmax_t)found->st_size, most);
    return NULL;
  }
  /* One byte more than there should be: the file may be growing. */
  const size_t expected = (size_t)found->st_size;
  char *text = malloc(expected + 1);
  const ssize_t got = text == NULL ? -1 : filled(file, text, expected + 1);
  struct stat after;
  if (got < 0) {
    because(why, "cannot be read: %m");
  } else if ((size_t)got != expected || fstat(file, &after) != 0 || after.st_size != found->st_size ||
             after.st_mtim.tv_sec != found->st_mtim.tv_sec || after.st_mtim.tv_nsec != found->st_mtim.tv_nsec) {
    because(why, "changed while it was read: replace it with `mv`, whole");
  } else {
    *len = expected;
    return text;
  }
  free(text);
  return NULL;
}

char *trusted_folder_of(const char *path, const char **name) {
  size_t end = strlen(path);
  /* `keys/` is `keys`. */
  while (end > 1 && path[end - 1] == '/') {
    end--;
  }
  size_t begin = end;
  while (begin > 0 && path[begin - 1] != '/') {
    begin--;
  }
  *name = path + begin;
  while (begin > 1 && path[begin - 1] == '/') {
    begin--;
  }
  return begin == 0 ? strdup(".") : strndup(path, begin);
}

void trusted_inert(char *into, size_t size, const char *text) {
  size_t len = 0;
  for (; text[len] != '\0' && len + 1 < size; len++) {
    const unsigned char byte = (unsigned char)text[len];
    into[len] = byte < 0x20 || byte == 0x7f ? '?' : text[len];
  }
  if (text[len] != '\0') {
    /* Back to where a character of UTF-8 begins. */
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
      len--;
    }
  }
  into[len] = '\0';
}
