/*
 * One object of JSON (RFC 8259), read strictly and member by member: what the agent answers.
 *
 * Whatever is not well formed ends the reading for good: `is_broken`, and no member is there any more.
 */
#ifndef SQLJWT_PAM_JSON_H
#define SQLJWT_PAM_JSON_H

#include <stdbool.h>
#include <stddef.h>

typedef struct json_reader {
  const char *at, *end;
  bool is_broken;
  bool is_first;
} json_reader;

/** Begins an object: `{` has to be the first byte. */
json_reader json_object(const char *text, size_t len);

/**
 * Goes to the next member, and reads its name.
 *
 * @param name  written: with a NUL behind it; a longer one than fits breaks the reading
 * @return false at the end of the object, and where it is broken
 */
bool json_member(json_reader *json, char *name, size_t size);

/** Reads a value that has to be a text. With a NUL behind it; one with a NUL inside, or longer than fits, breaks the reading. */
bool json_text(json_reader *json, char *text, size_t size);

/** Reads a value that has to be `true` or `false`. */
bool json_boolean(json_reader *json, bool *value);

/** Passes over a value of any kind. */
bool json_skip(json_reader *json);

/** Whether the object has ended well, with nothing behind it. */
bool json_is_whole(const json_reader *json);

/** Whether bytes are UTF-8 (RFC 3629). */
bool json_is_utf8(const char *text, size_t len);

#endif
