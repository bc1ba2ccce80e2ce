#include "json.h"

#include <stdint.h>
#include <string.h>

enum { DEPTH_MOST = 32 };

static bool broken(json_reader *json) {
  json->is_broken = true;
  json->at = json->end;
  return false;
}

static void blanks(json_reader *json) {
  while (json->at < json->end && (*json->at == ' ' || *json->at == '\t' || *json->at == '\r' || *json->at == '\n')) {
    json->at++;
  }
}

/* Takes one byte that has to be next. */
static bool taken(json_reader *json, char byte) {
  if (json->at < json->end && *json->at == byte) {
    json->at++;
    return true;
  }
  return false;
}

/* The code point that begins a text, and how many bytes it has; 0 where it is none. */
static size_t utf8(const char *text, size_t len) {
  static const struct {
    uint8_t mask, lead, second_least, second_most;
    size_t bytes;
  } FORMS[] = {{0x80, 0x00, 0, 0, 1},       {0xe0, 0xc0, 0x80, 0xbf, 2}, {0xff, 0xe0, 0xa0, 0xbf, 3}, {0xff, 0xed, 0x80, 0x9f, 3},
               {0xf0, 0xe0, 0x80, 0xbf, 3}, {0xff, 0xf0, 0x90, 0xbf, 4}, {0xff, 0xf4, 0x80, 0x8f, 4}, {0xf8, 0xf0, 0x80, 0xbf, 4}};
  const uint8_t *bytes = (const uint8_t *)text;
  for (size_t form = 0; len > 0 && form < sizeof FORMS / sizeof *FORMS; form++) {
    if ((bytes[0] & FORMS[form].mask) != FORMS[form].lead) {
      continue;
    }
    const size_t wanted = FORMS[form].bytes;
    if (wanted > len || bytes[0] == 0xc0 || bytes[0] == 0xc1 || bytes[0] > 0xf4) {
      return 0;
    }
    if (wanted > 1 && (bytes[1] < FORMS[form].second_least || bytes[1] > FORMS[form].second_most)) {
      return 0;
    }
    for (size_t i = 2; i < wanted; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return wanted;
  }
  return 0;
}

bool json_is_utf8(const char *text, size_t len) {
  for (size_t at = 0; at < len;) {
    const size_t bytes = utf8(text + at, len - at);
    if (bytes == 0) {
      return false;
    }
    at += bytes;
  }
  return true;
}

static int digit(char byte) {
  if (byte >= '0' && byte <= '9') {
    return byte - '0';
  }
  const char lower = (char)(byte | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Four hexadecimal digits. */
static bool unit(json_reader *json, uint32_t *value) {
  *value = 0;
  for (int i = 0; i < 4; i++, json->at++) {
    const int next = json->at < json->end ? digit(*json->at) : -1;
    if (next < 0) {
      return broken(json);
    }
    *value = *value << 4 | (uint32_t)next;
  }
  return true;
}

/* Behind `\u`: a code point of one unit or two. A NUL is refused, for what is read goes on as C text. */
static bool code_point(json_reader *json, uint32_t *value) {
  uint32_t low = 0;
  if (!unit(json, value)) {
    return false;
  }
  if (*value >= 0xd800 && *value <= 0xdbff) {
    if (!taken(json, '\\') || !taken(json, 'u') || !unit(json, &low) || low < 0xdc00 || low > 0xdfff) {
      return broken(json);
    }
    *value = 0x10000 + ((*value - 0xd800) << 10 | (low - 0xdc00));
  } else if (*value == 0 || (*value >= 0xdc00 && *value <= 0xdfff)) {
    return broken(json);
  }
  return true;
}

static size_t encoded(uint32_t value, char bytes[4]) {
  const size_t len = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
  static const uint8_t LEADS[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
  for (size_t i = len - 1; i > 0; i--, value >>= 6) {
    bytes[i] = (char)(0x80 | (value & 0x3f));
  }
  bytes[0] = (char)(LEADS[len] | value);
  return len;
}

/* What stands behind a backslash. */
static size_t escape(json_reader *json, char bytes[4]) {
  static const char NAMES[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
  uint32_t value = 0;
  if (taken(json, 'u')) {
    return code_point(json, &value) ? encoded(value, bytes) : 0;
  }
  const char *name = json->at < json->end && *json->at != '\0' ? strchr(NAMES, *json->at) : NULL;
  if (name == NULL) {
    return 0;
  }
  json->at++;
  bytes[0] = MEANT[name - NAMES];
  return 1;
}

/* A text into room for it, or into none (`text` NULL). */
static bool string(json_reader *json, char *text, size_t size) {
  size_t len = 0;
  if (!taken(json, '"')) {
    return broken(json);
  }
  while (!taken(json, '"')) {
    char bytes[4];
    size_t count = 0;
    if (taken(json, '\\')) {
      count = escape(json, bytes);
    } else if (json->at < json->end && (unsigned char)*json->at >= 0x20) {
      count = utf8(json->at, (size_t)(json->end - json->at));
      memcpy(bytes, json->at, count);
      json->at += count;
    }
    if (count == 0 || (text != NULL && len + count >= size)) {
      return broken(json);
    }
    if (text != NULL) {
      memcpy(text + len, bytes, count);
    }
    len += count;
  }
  if (text != NULL) {
    text[len] = '\0';
  }
  return true;
}

json_reader json_object(const char *text, size_t len) {
  json_reader json = {text, text + len, false, true};
  if (!taken(&json, '{')) {
    broken(&json);
  }
  return json;
}

bool json_member(json_reader *json, char *name, size_t size) {
  if (json->is_broken) {
    return false;
  }
  blanks(json);
  if (taken(json, '}')) {
    blanks(json);
    return json->at == json->end ? false : broken(json);
  }
  if (!json->is_first && !taken(json, ',')) {
    return broken(json);
  }
  json->is_first = false;
  blanks(json);
  if (!string(json, name, size)) {
    return false;
  }
  blanks(json);
  if (!taken(json, ':')) {
    return broken(json);
  }
  blanks(json);
  return true;
}

bool json_text(json_reader *json, char *text, size_t size) { return !json->is_broken && string(json, text, size); }

static bool word(json_reader *json, const char *word) {
  const size_t len = strlen(word);
  if ((size_t)(json->end - json->at) < len || memcmp(json->at, word, len) != 0) {
    return false;
  }
  json->at += len;
  return true;
}

bool json_boolean(json_reader *json, bool *value) {
  *value = word(json, "true");
  return *value || word(json, "false") || broken(json);
}

static size_t digits(json_reader *json) {
  const char *begin = json->at;
  while (json->at < json->end && *json->at >= '0' && *json->at <= '9') {
    json->at++;
  }
  return (size_t)(json->at - begin);
}

static bool number(json_reader *json) {
  taken(json, '-');
  if (!taken(json, '0') && digits(json) == 0) {
    return broken(json);
  }
  if (taken(json, '.') && digits(json) == 0) {
    return broken(json);
  }
  if (taken(json, 'e') || taken(json, 'E')) {
    if (!taken(json, '+')) {
      taken(json, '-');
    }
    return digits(json) > 0 || broken(json);
  }
  return true;
}

static bool skip(json_reader *json, int depth);

/* What stands between the brackets of an array or an object. */
static bool skip_inside(json_reader *json, char last, bool is_object, int depth) {
  blanks(json);
  if (taken(json, last)) {
    return true;
  }
  do {
    blanks(json);
    if (is_object) {
      if (!string(json, NULL, 0)) {
        return false;
      }
      blanks(json);
      if (!taken(json, ':')) {
        return broken(json);
      }
    }
    if (!skip(json, depth + 1)) {
      return false;
    }
    blanks(json);
  } while (taken(json, ','));
  return taken(json, last) || broken(json);
}

static bool skip(json_reader *json, int depth) {
  blanks(json);
  if (depth > DEPTH_MOST || json->at == json->end) {
    return broken(json);
  }
  if (*json->at == '"') {
    return string(json, NULL, 0);
  }
  if (taken(json, '[')) {
    return skip_inside(json, ']', false, depth);
  }
  if (taken(json, '{')) {
    return skip_inside(json, '}', true, depth);
  }
  return word(json, "true") || word(json, "false") || word(json, "null") || number(json);
}

bool json_skip(json_reader *json) { return !json->is_broken && skip(json, 0); }

bool json_is_whole(const json_reader *json) { return !json->is_broken && json->at == json->end; }
