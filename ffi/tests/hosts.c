/* What the hosts share (ffi/hosts) and PAM's reader of JSON: files that are trusted or not, settings and keys that are exchanged under logins. */
#define _GNU_SOURCE
#include "../hosts/token_host.h"
#include "../hosts/trusted_file.h"
#include "../pam/json.h"

#include "sample.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/sqljwt-hosts-XXXXXX";

static const char *in_folder(const char *name) {
  static _Thread_local char paths[4][256];
  static _Thread_local unsigned next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof *paths, "%s/%s", folder, name);
  return path;
}

/* As `mv` does it. */
static void put(const char *name, const char *text) {
  char new[300];
  snprintf(new, sizeof new, "%s.new", in_folder(name));
  FILE *file = fopen(new, "w");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
  CHECK(rename(new, in_folder(name)) == 0);
}

static void a_file_that_grows_is_not_read(void) {
  char why[TRUSTED_WHY];
  struct stat found;
  size_t len = 0;
  put("growing", "{}");
  const int file = trusted_path(in_folder("growing"), &found, why);
  CHECK(file >= 0);
  FILE *more = fopen(in_folder("growing"), "a");
  CHECK(more != NULL && fputs(" ", more) >= 0 && fclose(more) == 0);
  CHECK(trusted_text(file, &found, 100, &len, why) == NULL && strstr(why, "changed while it was read") != NULL);
  close(file);
  put("growing", "{} ");
  const int whole = trusted_path(in_folder("growing"), &found, why);
  CHECK(trusted_text(whole, &found, 2, &len, why) == NULL && strcmp(why, "has 3 bytes, more than 2") == 0);
  char *text = trusted_text(whole, &found, 3, &len, why);
  CHECK(text != NULL && len == 3 && memcmp(text, "{} ", 3) == 0);
  free(text);
  close(whole);
}

static void paths_are_split_where_files_begin(void) {
  static const char *const paths[][3] = {{"/a/b", "/a", "b"}, {"/a", "/", "a"},     {"a", ".", "a"},
                                         {"/a/b/", "/a", "b/"}, {"a//b", "a", "b"}, {"/", "/", ""}};
  for (size_t path = 0; path < sizeof paths / sizeof *paths; path++) {
    const char *name = NULL;
    char *above = trusted_folder_of(paths[path][0], &name);
    CHECK(above != NULL && strcmp(above, paths[path][1]) == 0 && strcmp(name, paths[path][2]) == 0);
    free(above);
  }
}

static void texts_are_cut_where_a_character_ends(void) {
  char text[6];
  trusted_inert(text, sizeof text, "a\n\x1b\x7f");
  CHECK(strcmp(text, "a???") == 0);
  trusted_inert(text, sizeof text, "abc\xe2\x80\xa6");
  CHECK(strcmp(text, "abc") == 0);
  trusted_inert(text, sizeof text, "ab\xe2\x80\xa6");
  CHECK(strcmp(text, "ab\xe2\x80\xa6") == 0);
}

static const char POSTGRESQL[] = RULES("engine.user_names", "postgresql");
static const char MYSQL[] = RULES("engine.user_names", "mysql");

static bool lets_in(token_host *host, int64_t now, token_host_fault *fault) {
  sqljwt_validator *validator = token_host_validator(host, now, fault);
  sqljwt_login *login = NULL;
  if (validator == NULL) {
    return false;
  }
  const sqljwt_status status = token_host_validate(host, validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL, NULL);
  sqljwt_login_free(login);
  sqljwt_validator_free(validator);
  return status == SQLJWT_OK;
}

static void kept_settings_serve_until_they_are_too_old(void) {
  token_host_fault fault;
  put("settings", POSTGRESQL);
  token_host *host = token_host_new(in_folder("settings"), NULL, 10);
  CHECK(lets_in(host, NOW, &fault) && fault.message[0] == '\0');
  put("settings", "{\n \"server.jwt_authentication.audiance\": 1}");
  CHECK(lets_in(host, NOW + 100, &fault) && fault.line == 2 && fault.column == 2);
  CHECK(strstr(fault.message, "audiance") != NULL && strstr(fault.hint, "server.jwt_authentication.audience") != NULL);
  CHECK(lets_in(host, NOW + 110, &fault) && !lets_in(host, NOW + 111, &fault) && fault.line == 2);
  put("settings", POSTGRESQL);
  CHECK(lets_in(host, NOW + 112, &fault) && fault.message[0] == '\0');
  CHECK(unlink(in_folder("settings")) == 0);
  CHECK(lets_in(host, NOW + 200, &fault) && lets_in(host, NOW + 210, &fault) && !lets_in(host, NOW + 211, &fault));
  token_host_free(host);
}

/* `SETTINGS` are good, but for that. */
static void settings_have_to_say_whose_users_they_are(void) {
  token_host_fault fault;
  put("settings", SETTINGS);
  token_host *host = token_host_new(in_folder("settings"), NULL, TOKEN_HOST_NO_LIMIT);
  CHECK(!lets_in(host, NOW, &fault) && strstr(fault.message, "/settings: engine.user_names is missing, ") != NULL);
  CHECK(strcmp(fault.hint, "write \"engine.user_names\": \"postgresql\", or \"mysql\" for MySQL and MariaDB") == 0);
  put("settings", MYSQL);
  CHECK(lets_in(host, NOW, &fault) && fault.message[0] == '\0');
  put("settings", SETTINGS);
  CHECK(lets_in(host, NOW, &fault) && strstr(fault.message, "engine.user_names is missing") != NULL);
  token_host_free(host);

  CHECK(token_host_compile(in_folder("settings"), "postgresql", &fault) == NULL);
  CHECK(strcmp(fault.hint, "write \"engine.user_names\": \"postgresql\"") == 0);
  put("settings", MYSQL);
  CHECK(token_host_compile(in_folder("settings"), "postgresql", &fault) == NULL);
  CHECK(strstr(fault.message, "engine.user_names is `mysql`, and the users of this server are `postgresql`") != NULL);
  CHECK(strcmp(fault.hint, "write \"engine.user_names\": \"postgresql\"") == 0);
}

static void settings_may_be_compiled_aside(void) {
  token_host_fault fault;
  token_host *host = token_host_new(NULL, NULL, TOKEN_HOST_NO_LIMIT);
  CHECK(!lets_in(host, NOW, &fault) && strcmp(fault.message, "settings: none are given") == 0);
  put("settings", "{");
  CHECK(token_host_compile(in_folder("settings"), NULL, &fault) == NULL && fault.line == 1 && fault.message[0] == '/');
  put("settings", POSTGRESQL);
  sqljwt_validator *validator = token_host_compile(in_folder("settings"), "postgresql", &fault);
  CHECK(validator != NULL && fault.message[0] == '\0' && token_host_use(host, validator, &fault));
  sqljwt_validator_free(validator);
  CHECK(lets_in(host, NOW, &fault));
  token_host_free(host);
}

/* ── Many threads ── */

static char record[2048], record_name[256];
static token_host *shared;
static int stop;

static void write_record(void) {
  sqljwt_text *name = sqljwt_keys_file_name(TEXT(ISSUER));
  snprintf(record_name, sizeof record_name, "keys/%s", sqljwt_text_view(name).data);
  sqljwt_text_free(name);
  snprintf(record, sizeof record,
           "{\"issuer\": \"" ISSUER "\", \"at\": %d, \"answers\": [{\"status\": 200, \"headers\": [[\"Cache-Control\", \"max-age=300\"]],"
           " \"body\": \"{\\\"issuer\\\": \\\"" ISSUER "\\\", \\\"jwks_uri\\\": \\\"" ISSUER "/keys\\\"}\"},"
           " {\"status\": 200, \"headers\": [[\"Cache-Control\", \"max-age=300\"]], \"body\": \"{\\\"keys\\\": [{\\\"kty\\\": \\\"OKP\\\","
           " \\\"kid\\\": \\\"k1\\\", \\\"crv\\\": \\\"Ed25519\\\", \\\"x\\\": \\\"E8fPeT8OHdRCQbGU4E0W6YPpz-b9FOl2eDY81h7Ux6I\\\"}]}\"}]}",
           NOW - 1);
}

static const char FETCHING[] =
    "{\"server.jwt_authentication.enabled\": true, \"server.jwt_authentication.issuers\": \"" ISSUER
    "\", \"server.jwt_authentication.audience\": \"db-login\", \"server.jwt_authentication.claim\": \"email\","
    " \"server.identity_map.configuration\": \"" ISSUER " /^(.*)@corp\\\\.example$ \\\\1\","
    " \"server.jwt_authentication.jwks_auto_fetch.enabled\": true, \"engine.user_names\": \"postgresql\"}";

static void *log_in(void *count) {
  for (int login = 0; login < 300; login++) {
    token_host_fault fault;
    sqljwt_validator *validator = token_host_validator(shared, NOW, &fault);
    sqljwt_login *granted = NULL;
    sqljwt_identity *known = NULL;
    CHECK(validator != NULL);
    CHECK(token_host_validate(shared, validator, TEXT(TOKEN), TEXT("ada"), NOW, &granted, NULL, &fault) == SQLJWT_OK);
    CHECK(token_host_identify(shared, validator, TEXT(TOKEN), NOW, &known, NULL, &fault) == SQLJWT_OK);
    CHECK(token_host_validate(shared, validator, TEXT(TOKEN), TEXT("eve"), NOW, &granted, NULL, &fault) != SQLJWT_OK);
    sqljwt_login_free(granted);
    sqljwt_identity_free(known);
    sqljwt_validator_free(validator);
    __atomic_add_fetch((int *)count, 1, __ATOMIC_RELAXED);
  }
  return NULL;
}

static void *replace(void *unused) {
  for (int turn = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); turn++) {
    char text[sizeof FETCHING + 8];
    snprintf(text, sizeof text, "%s%*s", FETCHING, turn % 7, "");
    put("fetching", turn % 3 == 2 ? "{" : text);
    char more[sizeof record + 8];
    snprintf(more, sizeof more, "%s%*s", turn % 4 == 3 ? "[" : record, turn % 5, "");
    put(record_name, more);
    usleep(300);
  }
  return unused;
}

/* Nobody is refused wrongly, whoever reads the files meanwhile, and whatever is in them. */
static void settings_and_keys_are_exchanged_under_logins(void) {
  enum { THREADS = 6 };
  pthread_t threads[THREADS], replacing;
  int logins = 0;
  write_record();
  CHECK(mkdir(in_folder("keys"), 0755) == 0);
  put("fetching", FETCHING);
  put(record_name, record);
  shared = token_host_new(in_folder("fetching"), in_folder("keys"), TOKEN_HOST_NO_LIMIT);
  token_host_fault fault;
  CHECK(lets_in(shared, NOW, &fault));
  CHECK(pthread_create(&replacing, NULL, replace, NULL) == 0);
  for (int thread = 0; thread < THREADS; thread++) {
    CHECK(pthread_create(&threads[thread], NULL, log_in, &logins) == 0);
  }
  for (int thread = 0; thread < THREADS; thread++) {
    CHECK(pthread_join(threads[thread], NULL) == 0);
  }
  __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
  CHECK(pthread_join(replacing, NULL) == 0);
  token_host_free(shared);
  printf("%d logins by %d threads while settings and keys were exchanged\n", logins, THREADS);
}

/* ── JSON ── */

static bool is_json(const char *text, size_t len) {
  char name[16];
  json_reader json = json_object(text, len);
  while (json_member(&json, name, sizeof name)) {
    json_skip(&json);
  }
  return json_is_whole(&json);
}

static void json_is_read_strictly(void) {
  static const char *const good[] = {"{}", "{ }", "{\"a\":1}", "{\"a\" : -0.5e+10 , \"b\":[ ] }", "{\"a\":{\"b\":[true,false,null,\"\\u00e9\"]}}",
                                     "{\"\":\"\xf0\x9f\x98\x80\"}", "{\"a\":0}\n"};
  static const char *const bad[] = {"",           " {}",         "{",           "{}}",        "{,}",         "{\"a\"}",      "{\"a\":}",
                                    "{\"a\":1,}", "{\"a\":01}",  "{\"a\":.5}",  "{\"a\":1.}", "{\"a\":1e}",  "{\"a\":+1}",   "{\"a\":tru}",
                                    "{a:1}",      "{\"a\":'b'}", "{\"a\":[1}}", "{\"a\":[,]}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}",
                                    "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\xc0\x80\"}",
                                    "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\xf4\x90\x80\x80\"}", "{\"a\":\"\xe2\x80\"}", "{\"a\":1 \"b\":2}",
                                    "{\"a\":1}x", "{\"0123456789abcdef\":1}", "[]", "{\"a\":\"b"};
  for (size_t text = 0; text < sizeof good / sizeof *good; text++) {
    CHECK(is_json(good[text], strlen(good[text])));
    /* Cut anywhere it is none. */
    for (size_t len = 0; len < strlen(good[text]); len++) {
      CHECK(!is_json(good[text], len) || good[text][len] == '\n');
    }
  }
  for (size_t text = 0; text < sizeof bad / sizeof *bad; text++) {
    CHECK(!is_json(bad[text], strlen(bad[text])));
  }
  char name[8], value[5];
  static const char text[] = "{\"a\":\"\\u00e9\\ud83d\\ude00\"}";
  json_reader json = json_object(text, sizeof text - 1);
  CHECK(json_member(&json, name, sizeof name) && strcmp(name, "a") == 0 && !json_text(&json, value, sizeof value));
  CHECK(json.is_broken && !json_member(&json, name, sizeof name));
  char room[7];
  json = json_object(text, sizeof text - 1);
  CHECK(json_member(&json, name, sizeof name) && json_text(&json, room, sizeof room));
  CHECK(strcmp(room, "\xc3\xa9\xf0\x9f\x98\x80") == 0 && !json_member(&json, name, sizeof name) && json_is_whole(&json));
}

int main(void) {
  CHECK(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0);
  a_file_that_grows_is_not_read();
  paths_are_split_where_files_begin();
  texts_are_cut_where_a_character_ends();
  json_is_read_strictly();
  kept_settings_serve_until_they_are_too_old();
  settings_have_to_say_whose_users_they_are();
  settings_may_be_compiled_aside();
  settings_and_keys_are_exchanged_under_logins();
  static const char *const files[] = {"growing", "settings", "fetching", record_name, "keys"};
  for (size_t file = 0; file < sizeof files / sizeof *files; file++) {
    remove(in_folder(files[file]));
  }
  CHECK(rmdir(folder) == 0);
  puts("the hosts read their files safely");
  return 0;
}
