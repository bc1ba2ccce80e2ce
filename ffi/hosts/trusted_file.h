/*
 * May this file decide who logs in? Only when nobody can write it who is not trusted with that: it and its folder belong to root
 * or to the user that the server runs as, and nobody else may write them.
 *
 * No link is followed in the last place of a path, nothing but a regular file is opened, and no opening ever waits: a FIFO in the
 * place of the settings does not hang the server.
 */
#ifndef SQLJWT_TRUSTED_FILE_H
#define SQLJWT_TRUSTED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/** Room for a clause such as `is writable by others than its owner (mode 0666)`: inert, one line. */
enum { TRUSTED_WHY = 256 };

/** Whom a folder may belong to. */
typedef enum trusted_owner {
  /** root, or the user that this process runs as */
  TRUSTED_SELF,
  /** these, or a service of its own whose folder root has made: the folder above it has to be trusted */
  TRUSTED_SERVICE
} trusted_owner;

/**
 * Opens a folder.
 *
 * @param owner  written: whom it belongs to
 * @param why    written where the answer is -1
 * @return a descriptor that only gives access to what is inside (`O_PATH`), or -1
 */
int trusted_folder(const char *path, trusted_owner allowed, uid_t *owner, char why[TRUSTED_WHY]);

/**
 * Opens a regular file to read.
 *
 * @param folder  of `trusted_folder`
 * @param name    its name in there
 * @param owner   whom it may belong to, besides root and the user that this process runs as
 * @param found   written: what was opened
 * @return a descriptor, or -1
 */
int trusted_file(int folder, const char *name, uid_t owner, struct stat *found, char why[TRUSTED_WHY]);

/** Opens a regular file by its path: folder and file belong to root or to this process. */
int trusted_path(const char *path, struct stat *found, char why[TRUSTED_WHY]);

/**
 * Reads a file that `trusted_file` has opened, once and whole.
 *
 * @param found  what was opened
 * @param most   more bytes than that are refused
 * @return the text, to be freed with `free`; NULL, with a reason, also where it changes meanwhile
 */
char *trusted_text(int file, const struct stat *found, size_t most, size_t *len, char why[TRUSTED_WHY]);

/** Whether nobody but root and this process may write something, as its owner and mode say. */
bool trusted_mode(const struct stat *found, uid_t owner, char why[TRUSTED_WHY]);

/** Splits a path: the folder that it lies in, as a new text to be freed, and where in it its last name begins. */
char *trusted_folder_of(const char *path, const char **name);

/** Copies a text so that it is inert on a terminal and fits, cut where a character ends: control characters become `?`. */
void trusted_inert(char *into, size_t size, const char *text);

#endif
