#define _GNU_SOURCE
#include "agent.h"

#include "json.h"
#include "trusted_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* From connecting to the answer. The agent may have to fetch keys; a server whose logins stand in one line behind each other
 * (PgBouncer) waits meanwhile. */
static const int64_t WAIT_MILLISECONDS = 5000;

/* Longer answers are refused: the agent's explanations are shorter by far. */
enum { ANSWER_MOST = 262144 };

__attribute__((format(printf, 2, 3))) static bool failed(agent_answer *answer, const char *format, ...) {
  char text[sizeof answer->log_line];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  trusted_inert(answer->log_line, sizeof answer->log_line, text);
  return false;
}

/* ── The request ── */

/* A text as JSON, `len` more bytes in `into`. What is not ASCII goes as it is where the whole text is UTF-8; otherwise as a
 * replacement, so that nothing in it is taken for something else. */
static size_t put_text(char *into, const char *text) {
  const bool is_utf8 = json_is_utf8(text, strlen(text));
  size_t len = 0;
  into[len++] = '"';
  for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
    if (*byte == '"' || *byte == '\\') {
      into[len++] = '\\';
      into[len++] = (char)*byte;
    } else if (*byte < 0x20 || *byte == 0x7f || (*byte >= 0x80 && !is_utf8)) {
      len += (size_t)snprintf(into + len, sizeof "\\u0000", "\\u%04x", *byte < 0x80 ? *byte : 0xfffdU);
    } else {
      into[len++] = (char)*byte;
    }
  }
  into[len++] = '"';
  return len;
}

static size_t put(char *into, const char *text) {
  const size_t len = strlen(text);
  memcpy(into, text, len);
  return len;
}

/* One line of JSON, to be wiped. */
static char *request_of(const char *token, const char *user, const char *peer, size_t *len) {
  const size_t most = 6 * (strlen(token) + (user == NULL ? 0 : strlen(user)) + strlen(peer)) + 64;
  char *line = malloc(most);
  if (line == NULL) {
    return NULL;
  }
  size_t at = put(line, "{\"token\":");
  at += put_text(line + at, token);
  if (user != NULL) {
    at += put(line + at, ",\"user\":");
    at += put_text(line + at, user);
  }
  at += put(line + at, ",\"peer\":");
  at += put_text(line + at, peer);
  at += put(line + at, "}\n");
  *len = at;
  return line;
}

/* ── The socket ── */

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool ready(int fd, short events, int64_t until) {
  for (;;) {
    const int64_t left = until - milliseconds();
    struct pollfd wanted = {fd, events, 0};
    const int count = left <= 0 ? 0 : poll(&wanted, 1, (int)left);
    if (count > 0) {
      return true;
    }
    if (count == 0) {
      errno = ETIMEDOUT;
      return false;
    }
    if (errno != EINTR) {
      return false;
    }
  }
}

/* Whether the socket is one that only root, this process's user or the agent's service can have put there. */
static bool is_in_place(const char *path, uid_t *owner, agent_answer *answer) {
  char why[TRUSTED_WHY];
  const char *name = NULL;
  char *above = trusted_folder_of(path, &name);
  const int folder = above == NULL ? -1 : trusted_folder(above, TRUSTED_SERVICE, owner, why);
  free(above);
  if (folder < 0) {
    return failed(answer, "agent_unavailable: %.700s lies in what %s", path, above == NULL ? "cannot be opened" : why);
  }
  struct stat found;
  const bool is_there = fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0;
  close(folder);
  if (!is_there || !S_ISSOCK(found.st_mode)) {
    return failed(answer, "agent_unavailable: %.700s is %s", path, is_there ? "no socket" : "not there: is sqljwt-agent running?");
  }
  return true;
}

/* Whether the other end is the agent: a process of root, of this one's user, or of whom the folder belongs to. */
static bool is_the_agent(int fd, uid_t owner) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == 0 || peer.uid == geteuid() || peer.uid == owner);
}

static int connected(const char *path, int64_t until, agent_answer *answer) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  uid_t owner = 0;
  if (strlen(path) >= sizeof address.sun_path) {
    failed(answer, "agent_unavailable: the path of the socket is too long");
    return -1;
  }
  memcpy(address.sun_path, path, strlen(path));
  if (!is_in_place(path, &owner, answer)) {
    return -1;
  }
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    failed(answer, "agent_unavailable: no socket can be made: %m");
    return -1;
  }
  /* A unix socket does not connect later: it says EAGAIN while the agent has too many who wait. */
  while (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
    if ((errno != EAGAIN && errno != EINTR) || milliseconds() >= until) {
      failed(answer, "agent_unavailable: %.700s: %m", path);
      close(fd);
      return -1;
    }
    poll(NULL, 0, 5);
  }
  if (!is_the_agent(fd, owner)) {
    failed(answer, "agent_unavailable: at %.700s listens a user who is not the agent's", path);
    close(fd);
    return -1;
  }
  return fd;
}

static bool sent(int fd, const char *line, size_t len, int64_t until) {
  for (size_t at = 0; at < len;) {
    const ssize_t count = send(fd, line + at, len - at, MSG_NOSIGNAL);
    if (count > 0) {
      at += (size_t)count;
    } else if (errno != EINTR && (errno != EAGAIN || !ready(fd, POLLOUT, until))) {
      return false;
    }
  }
  return true;
}

/* Reads until the agent closes. */
static ssize_t received(int fd, char *line, size_t size, int64_t until) {
  size_t len = 0;
  while (len < size) {
    const ssize_t count = recv(fd, line + len, size - len, 0);
    if (count == 0) {
      return (ssize_t)len;
    }
    if (count > 0) {
      len += (size_t)count;
    } else if (errno != EINTR && (errno != EAGAIN || !ready(fd, POLLIN, until))) {
      return -1;
    }
  }
  errno = EMSGSIZE;
  return -1;
}

/* ── The answer ── */

/* Every member is read, so that an answer counts as a whole or not at all. A name that comes twice does not count. */
static bool understood(const char *line, size_t len, agent_answer *answer) {
  enum { ACCEPTED = 1, USER = 2, LOG_LINE = 4 };
  unsigned found = 0;
  char name[64];
  json_reader json = json_object(line, len - 1);
  while (json_member(&json, name, sizeof name)) {
    const unsigned member = strcmp(name, "accepted") == 0 ? ACCEPTED
                            : strcmp(name, "user") == 0   ? USER
                            : strcmp(name, "log_line") == 0 ? LOG_LINE
                                                            : 0;
    /* What decides stands first. */
    if ((found & member) != 0 || (found == 0 && member != ACCEPTED)) {
      return false;
    }
    found |= member;
    switch (member) {
      case ACCEPTED:
        json_boolean(&json, &answer->is_accepted);
        break;
      case USER:
        if (!answer->is_accepted) {
          json_skip(&json);
        } else {
          json_text(&json, answer->user, sizeof answer->user);
        }
        break;
      case LOG_LINE:
        json_text(&json, answer->log_line, sizeof answer->log_line);
        break;
      default:
        json_skip(&json);
    }
  }
  const bool is_whole = json_is_whole(&json) && (found & LOG_LINE) != 0 && answer->log_line[0] != '\0';
  return is_whole && (!answer->is_accepted || ((found & USER) != 0 && answer->user[0] != '\0'));
}

static bool asked(int fd, const char *request, size_t request_len, char *line, ssize_t *line_len, int64_t until,
                  agent_answer *answer) {
  if (!sent(fd, request, request_len, until)) {
    return failed(answer, "agent_unavailable: the token cannot be sent: %m");
  }
  const ssize_t len = *line_len = received(fd, line, ANSWER_MOST, until);
  if (len < 0) {
    return failed(answer, "agent_unavailable: no answer: %m");
  }
  if (len == 0 || line[len - 1] != '\n' || memchr(line, '\n', (size_t)len) != line + len - 1 ||
      !understood(line, (size_t)len, answer)) {
    answer->is_accepted = false;
    return failed(answer, "agent_unavailable: the answer is not one line that this module understands");
  }
  return true;
}

bool agent_ask(const char *socket_path, const char *token, const char *user, const char *peer, agent_answer *answer) {
  const int64_t until = milliseconds() + WAIT_MILLISECONDS;
  memset(answer, 0, sizeof *answer);
  const int fd = connected(socket_path, until, answer);
  if (fd < 0) {
    return false;
  }
  size_t request_len = 0;
  ssize_t line_len = 0;
  char *request = request_of(token, user, peer, &request_len);
  char *line = malloc(ANSWER_MOST);
  const bool is_answered = request == NULL || line == NULL
                               ? failed(answer, "agent_unavailable: there is no memory")
                               : asked(fd, request, request_len, line, &line_len, until, answer);
  close(fd);
  if (request != NULL) {
    explicit_bzero(request, request_len);
  }
  if (line_len > 0) {
    explicit_bzero(line, (size_t)line_len);
  }
  free(request);
  free(line);
  return is_answered;
}
