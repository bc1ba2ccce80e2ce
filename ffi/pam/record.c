#define _GNU_SOURCE
#include "record.h"

#include "token_host.h"
#include "trusted_file.h"

#include <errno.h>
#include <fcntl.h>
#include <security/pam_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

/* Room for what was decided (2,047 bytes at most), three items of PAM's, and what else is wrong (1,023). */
enum { LINE_MOST = 4352, SHOWN_MOST = 300 };

void record_shown(char *into, size_t size, const char *text) {
  if (text == NULL || sqljwt_looks_like_token(text, strlen(text))) {
    snprintf(into, size, "%s", text == NULL ? "-" : "(a token)");
    return;
  }
  size_t len = 0;
  for (; *text != '\0'; text++) {
    const unsigned char byte = (unsigned char)*text;
    const bool is_plain = byte > 0x20 && byte < 0x7f && byte != '`' && byte != '\\';
    if (len + sizeof "\\xff..." > size) {
      len += (size_t)snprintf(into + len, size - len, "...");
      break;
    }
    len += (size_t)snprintf(into + len, size - len, is_plain ? "%c" : "\\x%02x", byte);
  }
  into[len] = '\0';
}

static void shown_item(const pam_handle_t *pam, int item, char shown[SHOWN_MOST]) {
  const void *text = NULL;
  record_shown(shown, SHOWN_MOST, pam_get_item(pam, item, &text) == PAM_SUCCESS ? text : NULL);
}

/* One call of write a line, so that lines of several processes do not mix. */
static bool written(int fd, const char *text) {
  char stamped[LINE_MOST + 64], moment[32];
  const time_t now = (time_t)token_host_now();
  struct tm utc;
  strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
  const int len = snprintf(stamped, sizeof stamped, "%s pam_sqljwt: %s\n", moment, text);
  return write(fd, stamped, (size_t)len) == len;
}

/* Opens the log to append to it: a regular file with one name, in a folder that nobody else may write. The file itself may be
 * anybody's: MariaDB's helper is root and writes to a log of the server's. */
static int opened(const char *path, char why[TRUSTED_WHY]) {
  const char *name = NULL;
  uid_t owner = 0;
  char *above = trusted_folder_of(path, &name);
  const int folder = above == NULL ? -1 : trusted_folder(above, TRUSTED_SELF, &owner, why);
  free(above);
  if (folder < 0) {
    return -1;
  }
  const int file = openat(folder, name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0640);
  close(folder);
  struct stat found;
  if (file < 0) {
    snprintf(why, TRUSTED_WHY, "cannot be opened: %m");
    return -1;
  }
  const bool is_one_file = fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1;
  if (!is_one_file) {
    snprintf(why, TRUSTED_WHY, "is not a regular file of one name");
    close(file);
    return -1;
  }
  return file;
}

static bool written_to_file(const char *path, const char *text, char why[TRUSTED_WHY]) {
  snprintf(why, TRUSTED_WHY, "cannot be written");
  const int file = opened(path, why);
  if (file < 0) {
    return false;
  }
  const bool is_written = written(file, text);
  close(file);
  return is_written;
}

void record_write(pam_handle_t *pam, const pam_arguments *arguments, int priority, const char *line, const char *also) {
  char text[LINE_MOST], user[SHOWN_MOST], peer[SHOWN_MOST], service[SHOWN_MOST], why[TRUSTED_WHY];
  shown_item(pam, PAM_USER, user);
  shown_item(pam, PAM_RHOST, peer);
  shown_item(pam, PAM_SERVICE, service);
  snprintf(text, sizeof text, "%s; user=%s rhost=%s service=%s pid=%ld%s%s", line, user, peer, service, (long)getpid(),
           also[0] == '\0' ? "" : "; ", also);
  if (arguments->log == LOG_TO_STDERR && written(STDERR_FILENO, text)) {
    return;
  }
  if (arguments->log == LOG_TO_FILE) {
    if (written_to_file(arguments->log_file, text, why)) {
      return;
    }
    /* Not lost: it goes where it would go without the argument. */
    pam_syslog(pam, LOG_ERR, "the log %.200s %s", arguments->log_file, why);
  }
  pam_syslog(pam, priority, "%s", text);
}
