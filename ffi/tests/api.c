/* The whole C API, convention by convention. C99 and C++17 alike. */
#include "sqljwt.h"

#include "sample.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Struct layouts: part of the ABI. */
typedef char view_is_two_words[sizeof(sqljwt_view) == 2 * sizeof(void *) ? 1 : -1];
typedef char data_comes_first[offsetof(sqljwt_view, data) == 0 ? 1 : -1];
typedef char length_comes_second[offsetof(sqljwt_view, len) == sizeof(void *) ? 1 : -1];
typedef char status_is_32_bits[sizeof(sqljwt_status) == 4 ? 1 : -1];

/* Values that no call writes: what stands there afterwards tells whether an output was written. */
#define UNTOUCHED(type) ((type *)(void *)&untouched)
static char untouched;

static int is(sqljwt_view view, const char *text) {
  return view.data != NULL && view.len == strlen(text) && memcmp(view.data, text, view.len + 1) == 0;
}

static int absent(sqljwt_view view) { return view.data == NULL && view.len == 0; }

static int holds(sqljwt_view view, const char *part) { return view.data != NULL && strstr(view.data, part) != NULL; }

static sqljwt_validator *compiled(const char *settings) {
  sqljwt_validator *validator = NULL;
  sqljwt_refusal *refusal = UNTOUCHED(sqljwt_refusal);
  CHECK(sqljwt_validator_new(settings, strlen(settings), &validator, &refusal) == SQLJWT_OK);
  CHECK(validator != NULL && refusal == UNTOUCHED(sqljwt_refusal));
  return validator;
}

/* The refusal of a login that has to fail, with its output left alone. */
static sqljwt_refusal *refused(const sqljwt_validator *validator, const char *token, size_t token_len, const char *user,
                               size_t user_len, int64_t now, sqljwt_status expected) {
  sqljwt_login *login = UNTOUCHED(sqljwt_login);
  sqljwt_refusal *refusal = NULL;
  const sqljwt_status status = sqljwt_validate(validator, token, token_len, user, user_len, now, &login, &refusal);
  CHECK(status == expected && status != SQLJWT_OK);
  CHECK(login == UNTOUCHED(sqljwt_login) && refusal != NULL);
  CHECK(sqljwt_refusal_status(refusal) == expected);
  CHECK(is(sqljwt_refusal_name(refusal), sqljwt_reason_name(expected)));
  CHECK(holds(sqljwt_refusal_log_line(refusal), sqljwt_reason_name(expected)));
  CHECK(!holds(sqljwt_refusal_log_line(refusal), "\n"));
  CHECK(is(sqljwt_refusal_client_sqlstate(refusal), "28000"));
  CHECK(sqljwt_refusal_client_message(refusal).len > 0 && sqljwt_refusal_message(refusal).len > 0);
  CHECK(sqljwt_refusal_remedy(refusal).len > 0);
  CHECK(sqljwt_validate(validator, token, token_len, user, user_len, now, &login, NULL) == expected);
  return refusal;
}

static void the_versions_agree(void) {
  CHECK(sqljwt_abi_version() == SQLJWT_ABI_VERSION);
  CHECK(strcmp(sqljwt_version(), SQLJWT_VERSION) == 0);
}

static void a_login_says_who(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_login *login = NULL;
  sqljwt_refusal *refusal = UNTOUCHED(sqljwt_refusal);
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, &refusal) == SQLJWT_OK);
  CHECK(refusal == UNTOUCHED(sqljwt_refusal));
  sqljwt_validator_free(validator); /* what came of it stays valid */

  CHECK(is(sqljwt_login_user(login), "ada"));
  CHECK(is(sqljwt_login_principal(login), "ada@corp.example"));
  CHECK(is(sqljwt_login_issuer(login), ISSUER));
  CHECK(is(sqljwt_login_audience(login), "db-login"));
  CHECK(is(sqljwt_login_key_id(login), "k1"));
  CHECK(is(sqljwt_login_algorithm(login), "EdDSA"));
  int64_t issued_at = 0, expires_at = 0;
  uint32_t line = 0;
  size_t roles = 0;
  CHECK(sqljwt_login_issued_at(login, &issued_at) && issued_at == ISSUED_AT);
  CHECK(sqljwt_login_expires_at(login, &expires_at) && expires_at == EXPIRES_AT);
  CHECK(sqljwt_login_map_line(login, &line) && line == 1);
  CHECK(sqljwt_login_roles(login, &roles) && roles == 2);
  CHECK(is(sqljwt_login_role(login, 0), "readers") && is(sqljwt_login_role(login, 1), "writers"));
  CHECK(absent(sqljwt_login_role(login, 2)) && absent(sqljwt_login_role(login, SIZE_MAX)));
  CHECK(!sqljwt_login_issued_at(login, NULL));
  CHECK(absent(sqljwt_login_provision(login)));
  CHECK(is(sqljwt_login_log_line(login),
           "accepted: SQL user `ada`, principal `ada@corp.example` of issuer `" ISSUER "`, key `k1`"));
  sqljwt_login_free(login);
}

/* What sqljwt_identify says is what sqljwt_validate says, without a SQL user. */
static void an_identity_says_who_bears_the_token(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_identity *identity = NULL;
  sqljwt_refusal *refusal = UNTOUCHED(sqljwt_refusal);
  CHECK(sqljwt_identify(validator, TEXT(TOKEN), NOW, &identity, &refusal) == SQLJWT_OK);
  CHECK(refusal == UNTOUCHED(sqljwt_refusal));
  CHECK(sqljwt_identity_principals(identity) == 1 && absent(sqljwt_identity_principal(identity, 1)));
  CHECK(is(sqljwt_identity_principal(identity, 0), "ada@corp.example"));
  CHECK(is(sqljwt_identity_issuer(identity), ISSUER) && is(sqljwt_identity_audience(identity), "db-login"));
  CHECK(is(sqljwt_identity_key_id(identity), "k1") && is(sqljwt_identity_algorithm(identity), "EdDSA"));
  int64_t issued_at = 0, expires_at = 0;
  size_t roles = 0;
  CHECK(sqljwt_identity_issued_at(identity, &issued_at) && issued_at == ISSUED_AT);
  CHECK(sqljwt_identity_expires_at(identity, &expires_at) && expires_at == EXPIRES_AT);
  CHECK(sqljwt_identity_roles(identity, &roles) && roles == 2 && is(sqljwt_identity_role(identity, 1), "writers"));
  sqljwt_identity_free(identity);

  identity = UNTOUCHED(sqljwt_identity);
  refusal = NULL;
  CHECK(sqljwt_identify(validator, TEXT(TOKEN), EXPIRES_AT, &identity, &refusal) == SQLJWT_REASON_TOKEN_EXPIRED);
  CHECK(identity == UNTOUCHED(sqljwt_identity) && absent(sqljwt_refusal_userinfo_discovery_url(refusal)));
  sqljwt_refusal_free(refusal);
  CHECK(sqljwt_identify(NULL, TEXT(TOKEN), NOW, &identity, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_identify(validator, TEXT(TOKEN), NOW, NULL, NULL) == SQLJWT_NULL_POINTER);
  sqljwt_validator_free(validator);
}

static sqljwt_view view(const char *text) {
  const sqljwt_view view = {text, strlen(text)};
  return view;
}

static void a_dry_run_says_what_becomes_of_roles(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  const sqljwt_view none = {NULL, 0};
  const sqljwt_membership present[] = {{view("writers"), none}, {view("auditors"), none}, {view("ledger"), view("auditors")}};
  const sqljwt_view existing[] = {view("readers"), view("writers"), view("auditors")};
  sqljwt_text *plan = NULL;
  CHECK(sqljwt_roles(validator, TEXT(TOKEN), TEXT("ada"), NOW, present, 3, existing, 3, &plan, NULL) == SQLJWT_OK);
  CHECK(holds(sqljwt_text_view(plan), "GRANT \\\"readers\\\" TO \\\"ada\\\";"));
  CHECK(holds(sqljwt_text_view(plan), "\"revoke\":[\"auditors\"]") && holds(sqljwt_text_view(plan), "\"lost\":[\"ledger\"]"));
  sqljwt_text_free(plan);

  CHECK(sqljwt_roles(validator, TEXT(TOKEN), TEXT("ada"), NOW, NULL, 0, NULL, 0, &plan, NULL) == SQLJWT_OK);
  CHECK(holds(sqljwt_text_view(plan), "\"grant\":[\"readers\",\"writers\"],\"revoke\":[]"));
  sqljwt_text_free(plan);

  plan = UNTOUCHED(sqljwt_text);
  const sqljwt_membership broken = {{"\xff", 1}, none};
  CHECK(sqljwt_roles(validator, TEXT(TOKEN), TEXT("ada"), NOW, &broken, 1, NULL, 0, &plan, NULL) == SQLJWT_NOT_UTF8);
  CHECK(sqljwt_roles(validator, TEXT(TOKEN), TEXT("ada"), NOW, NULL, 1, NULL, 0, &plan, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_roles(validator, TEXT(TOKEN), TEXT("ada"), NOW, present, SIZE_MAX, NULL, 0, &plan, NULL) ==
        SQLJWT_LENGTH_INVALID);
  CHECK(plan == UNTOUCHED(sqljwt_text));
  sqljwt_validator_free(validator);
}

static void no_requested_user_is_the_only_one_of_the_token(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), NULL, 0, NOW, &login, NULL) == SQLJWT_OK);
  CHECK(is(sqljwt_login_user(login), "ada"));
  sqljwt_login_free(login);
  sqljwt_validator_free(validator);
}

static void a_refusal_tells_the_client_less_than_the_log(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_refusal *refusal = refused(validator, TEXT(TOKEN), TEXT("eve"), NOW, SQLJWT_REASON_USER_MISMATCH);
  CHECK(is(sqljwt_refusal_client_message(refusal), "JWT authentication: invalid principal"));
  CHECK(absent(sqljwt_refusal_client_detail(refusal)));
  CHECK(holds(sqljwt_refusal_message(refusal), "ada"));
  CHECK(absent(sqljwt_refusal_keys_issuer(refusal)));
  uint32_t line = 0;
  CHECK(!sqljwt_refusal_line(refusal, &line)); /* the explanation looks for it */
  sqljwt_refusal_free(refusal);
  sqljwt_validator_free(validator);

  validator = compiled(SETTINGS_COCKROACHDB);
  refusal = refused(validator, TEXT(TOKEN), TEXT("eve"), NOW, SQLJWT_REASON_USER_MISMATCH);
  CHECK(is(sqljwt_refusal_client_detail(refusal), "token issued for [ada@corp.example] and login was for eve"));
  sqljwt_refusal_free(refusal);
  sqljwt_validator_free(validator);
}

/* What is no token may be somebody's password; what was cut is a token. */
static void a_cut_token_is_told_from_a_password(void) {
  CHECK(sqljwt_looks_like_token(TEXT(TOKEN)) && sqljwt_looks_like_token(TOKEN, 3));
  CHECK(!sqljwt_looks_like_token(TOKEN, 2) && !sqljwt_looks_like_token(TEXT("secret")));
  CHECK(!sqljwt_looks_like_token(NULL, 0) && sqljwt_looks_like_token(NULL, 1) && sqljwt_looks_like_token(TOKEN, SIZE_MAX));
}

static void settings_say_what_they_state(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_text *value = sqljwt_validator_setting(validator, TEXT("server.jwt_authentication.claim"));
  CHECK(is(sqljwt_text_view(value), "email"));
  CHECK(sqljwt_validator_setting(validator, TEXT("engine.user_names")) == NULL); /* its default holds */
  CHECK(sqljwt_validator_setting(validator, TEXT("engine.user_name")) == NULL);
  CHECK(sqljwt_validator_setting(validator, TEXT("\xff")) == NULL && sqljwt_validator_setting(validator, NULL, 1) == NULL);
  CHECK(sqljwt_validator_setting(NULL, TEXT("engine.profile")) == NULL);
  sqljwt_validator_free(validator);
  CHECK(is(sqljwt_text_view(value), "email")); /* it lives on its own */
  sqljwt_text_free(value);
}

static void scopes_of_the_host_are_asked_for_too(void) {
  sqljwt_validator *validator = compiled(SETTINGS), *plain = NULL, *stricter = NULL, *none = UNTOUCHED(sqljwt_validator);
  sqljwt_refusal *refusal = NULL;
  CHECK(sqljwt_validator_with_required_scopes(validator, TEXT(""), &plain, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validator_with_required_scopes(validator, TEXT(" openid  db:login"), &stricter, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validator_with_required_scopes(validator, TEXT("\"\\"), &none, &refusal) > SQLJWT_PANIC);
  CHECK(none == UNTOUCHED(sqljwt_validator) && refusal != NULL);
  sqljwt_refusal_free(refusal);
  CHECK(sqljwt_validator_with_required_scopes(validator, TEXT("\xff"), &none, NULL) == SQLJWT_NOT_UTF8);
  CHECK(sqljwt_validator_with_required_scopes(NULL, TEXT("a"), &none, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_validator_with_required_scopes(validator, TEXT("a"), NULL, NULL) == SQLJWT_NULL_POINTER);
  sqljwt_validator_free(validator); /* each lives on its own */

  sqljwt_login *login = NULL;
  CHECK(sqljwt_validate(plain, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK);
  sqljwt_login_free(login);
  sqljwt_refusal_free(refused(stricter, TEXT(TOKEN), TEXT("ada"), NOW, SQLJWT_REASON_SCOPE_MISSING));
  sqljwt_validator_free(stricter);
  sqljwt_validator_free(plain);
}

static void a_second_is_the_difference(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), EXPIRES_AT - 1, &login, NULL) == SQLJWT_OK);
  sqljwt_login_free(login);
  sqljwt_refusal_free(refused(validator, TEXT(TOKEN), TEXT("ada"), EXPIRES_AT, SQLJWT_REASON_TOKEN_EXPIRED));
  sqljwt_validator_free(validator);
}

static void keys_needed_says_where_to_fetch_them(void) {
  sqljwt_validator *validator = compiled(SETTINGS_FETCHING);
  sqljwt_refusal *refusal = refused(validator, TEXT(TOKEN), TEXT("ada"), NOW, SQLJWT_KEYS_NEEDED);
  CHECK(is(sqljwt_refusal_keys_issuer(refusal), ISSUER));
  CHECK(is(sqljwt_refusal_keys_id(refusal), "k1"));
  CHECK(is(sqljwt_refusal_keys_discovery_url(refusal), ISSUER "/.well-known/openid-configuration"));
  CHECK(absent(sqljwt_refusal_keys_jwks_url(refusal)));
  sqljwt_refusal_free(refusal);
  sqljwt_validator_free(validator);
}

static void unusable_settings_say_where(void) {
  static const char settings[] = "{\n  \"server.jwt_authentication.enabled\": \"yes\"\n}";
  sqljwt_validator *validator = UNTOUCHED(sqljwt_validator);
  sqljwt_refusal *refusal = NULL;
  CHECK(sqljwt_validator_new(TEXT(settings), &validator, &refusal) == SQLJWT_REASON_SETTING_WRONG_TYPE);
  CHECK(validator == UNTOUCHED(sqljwt_validator));
  uint32_t line = 0, column = 0;
  CHECK(sqljwt_refusal_line(refusal, &line) && line == 2);
  CHECK(sqljwt_refusal_column(refusal, &column) && column == 40);
  line = column = 0;
  CHECK(sqljwt_refusal_place(refusal, &line, &column) && line == 2 && column == 40);
  CHECK(!sqljwt_refusal_place(refusal, NULL, &column) && !sqljwt_refusal_place(refusal, &line, NULL));
  CHECK(is(sqljwt_refusal_setting(refusal), "server.jwt_authentication.enabled"));
  CHECK(is(sqljwt_refusal_name(refusal), "setting_wrong_type"));
  CHECK(holds(sqljwt_refusal_log_line(refusal), "(line 2, column 40)"));
  sqljwt_refusal_free(refusal);
  CHECK(sqljwt_validator_new(TEXT(settings), &validator, NULL) == SQLJWT_REASON_SETTING_WRONG_TYPE);
}

static void of_several_faults_the_first_is_the_refusal_and_all_are_explained(void) {
  static const char settings[] = "{\"engine.profile\": \"soft\",\n\"engine.leeway_seconds\": -1}";
  sqljwt_validator *validator = NULL;
  sqljwt_refusal *refusal = NULL;
  sqljwt_text *text = NULL;
  CHECK(sqljwt_validator_new(TEXT(settings), &validator, &refusal) == SQLJWT_REASON_PROFILE_UNKNOWN);
  CHECK(holds(sqljwt_refusal_log_line(refusal), "(line 1, column 21), and 1 other fault"));
  sqljwt_refusal_free(refusal);
  CHECK(sqljwt_explain_with_settings(TEXT(settings), TEXT(TOKEN), TEXT("ada"), NOW, &text) == SQLJWT_OK);
  CHECK(holds(sqljwt_text_view(text), "\"position\":{\"line\":1,\"column\":21}"));
  CHECK(holds(sqljwt_text_view(text), "\"setting\":\"engine.leeway_seconds\",\"position\":{\"line\":2,\"column\":26}"));
  sqljwt_text_free(text);
}

static void settings_come_in_three_forms(void) {
  sqljwt_validator_free(compiled("SET CLUSTER SETTING server.jwt_authentication.enabled = false;"));
  sqljwt_validator_free(compiled("variable,value\nserver.jwt_authentication.enabled,false\n"));
  sqljwt_validator_free(compiled("{}"));
}

/* What explains, renders and answers calls: all of one shape. */
typedef sqljwt_status (*explain_function)(const sqljwt_validator *, const char *, size_t, const char *, size_t, int64_t,
                                          sqljwt_text **);

static void an_explanation_is_a_text_and_no_login(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  const explain_function functions[] = {sqljwt_explain, sqljwt_explain_redacted, sqljwt_explain_timeline};
  const char *starts[] = {"{\"schema\":2,\"decision\":\"reject\"", "{\"schema\":2,\"decision\":\"reject\"", "REJECTED"};
  for (size_t index = 0; index < 3; index++) {
    sqljwt_text *text = NULL;
    CHECK(functions[index](validator, TEXT(TOKEN), TEXT("eve"), NOW, &text) == SQLJWT_OK);
    const sqljwt_view view = sqljwt_text_view(text);
    CHECK(strncmp(view.data, starts[index], strlen(starts[index])) == 0 && strlen(view.data) == view.len);
    CHECK(holds(view, "ada@corp.example") == (index != 1));
    sqljwt_text_free(text);

    text = UNTOUCHED(sqljwt_text);
    CHECK(functions[index](NULL, TEXT(TOKEN), TEXT("ada"), NOW, &text) == SQLJWT_NULL_POINTER);
    CHECK(functions[index](validator, NULL, 1, TEXT("ada"), NOW, &text) == SQLJWT_NULL_POINTER);
    CHECK(functions[index](validator, TEXT(TOKEN), NULL, 1, NOW, &text) == SQLJWT_NULL_POINTER);
    CHECK(functions[index](validator, TEXT(TOKEN), TEXT("\xff"), NOW, &text) == SQLJWT_NOT_UTF8);
    CHECK(functions[index](validator, TOKEN, SIZE_MAX, TEXT("ada"), NOW, &text) == SQLJWT_LENGTH_INVALID);
    CHECK(functions[index](validator, TEXT(TOKEN), TEXT("ada"), NOW, NULL) == SQLJWT_NULL_POINTER);
    CHECK(text == UNTOUCHED(sqljwt_text));
  }
  sqljwt_validator_free(validator);
}

static sqljwt_text *explained_with(const char *settings) {
  sqljwt_text *text = NULL;
  CHECK(sqljwt_explain_with_settings(settings, strlen(settings), TEXT(TOKEN), TEXT("ada"), NOW, &text) == SQLJWT_OK);
  return text;
}

static void an_explanation_does_not_need_usable_settings(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_text *text = NULL, *again = explained_with(SETTINGS);
  CHECK(sqljwt_explain(validator, TEXT(TOKEN), TEXT("ada"), NOW, &text) == SQLJWT_OK);
  CHECK(is(sqljwt_text_view(again), sqljwt_text_view(text).data));
  sqljwt_text_free(again);
  sqljwt_text_free(text);
  sqljwt_validator_free(validator);

  /* Not settings at all, and settings that can be read and not be used. */
  text = explained_with("{");
  CHECK(holds(sqljwt_text_view(text), "{\"schema\":2,\"decision\":\"reject\""));
  CHECK(holds(sqljwt_text_view(text), "\"code\":\"settings_invalid\",\"number\":1001"));
  sqljwt_text_free(text);
  text = explained_with("{\"engine.profile\": \"cockroachdb\", \"server.jwt_authentication.jwks\": \"no\"}");
  CHECK(holds(sqljwt_text_view(text), "\"profile\":\"cockroachdb\""));
  CHECK(holds(sqljwt_text_view(text), "\"code\":\"jwks_invalid\",\"number\":1007"));
  sqljwt_text_free(text);

  text = UNTOUCHED(sqljwt_text);
  CHECK(sqljwt_explain_with_settings(NULL, 1, TEXT(TOKEN), TEXT("ada"), NOW, &text) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_explain_with_settings(TEXT("{}"), NULL, 1, TEXT("ada"), NOW, &text) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_explain_with_settings(TEXT("{}"), TEXT(TOKEN), NULL, 1, NOW, &text) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_explain_with_settings(TEXT("\xff"), TEXT(TOKEN), TEXT("ada"), NOW, &text) == SQLJWT_NOT_UTF8);
  CHECK(sqljwt_explain_with_settings(TEXT("{}"), TEXT(TOKEN), TEXT("\xff"), NOW, &text) == SQLJWT_NOT_UTF8);
  CHECK(sqljwt_explain_with_settings("", SIZE_MAX, TEXT(TOKEN), TEXT("ada"), NOW, &text) == SQLJWT_LENGTH_INVALID);
  CHECK(sqljwt_explain_with_settings(TEXT("{}"), TEXT(TOKEN), TEXT("ada"), NOW, NULL) == SQLJWT_NULL_POINTER);
  CHECK(text == UNTOUCHED(sqljwt_text));
}

static void a_call_is_answered_as_text(void) {
  sqljwt_text *answer = NULL;
  CHECK(sqljwt_call(TEXT("{\"verb\":\"reasons\"}"), &answer) == SQLJWT_OK);
  CHECK(holds(sqljwt_text_view(answer), "\"token_expired\",\"number\":4003"));
  sqljwt_text_free(answer);
  CHECK(sqljwt_call(NULL, 0, &answer) == SQLJWT_OK);
  CHECK(holds(sqljwt_text_view(answer), "call_invalid"));
  sqljwt_text_free(answer);

  answer = UNTOUCHED(sqljwt_text);
  CHECK(sqljwt_call(NULL, 1, &answer) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_call(TEXT("\xff"), &answer) == SQLJWT_NOT_UTF8);
  CHECK(sqljwt_call("", SIZE_MAX, &answer) == SQLJWT_LENGTH_INVALID);
  CHECK(sqljwt_call(TEXT("{}"), NULL) == SQLJWT_NULL_POINTER);
  CHECK(answer == UNTOUCHED(sqljwt_text));
}

static void settings_are_judged_by_a_call_without_a_token(void) {
  sqljwt_text *answer = NULL;
  CHECK(sqljwt_call(TEXT("{\"verb\":\"lint\",\"settings_text\":\""
                         "SET CLUSTER SETTING server.jwt_authentication.issuers = 'https://idp.example';"
                         "SET CLUSTER SETTING server.identity_map.configuration = "
                         "'https://idp.example /@example\\\\.com dba2';\"}"),
                    &answer) == SQLJWT_OK);
  CHECK(holds(sqljwt_text_view(answer), "{\"rule\":\"map-regex-unanchored\",\"severity\":\"error\""));
  CHECK(holds(sqljwt_text_view(answer), "\"witness\":{\"issuer\":\"https://idp.example\""));
  sqljwt_text_free(answer);
  CHECK(sqljwt_call(TEXT("{\"verb\":\"who_can\",\"user\":\"dba\",\"settings\":{"
                         "\"server.jwt_authentication.issuers\":\"https://idp.example\","
                         "\"server.identity_map.configuration\":\"https://idp.example ops dba\"}}"),
                    &answer) == SQLJWT_OK);
  CHECK(holds(sqljwt_text_view(answer), "\"principal\":\"ops\"") && holds(sqljwt_text_view(answer), "\"complete\":true"));
  sqljwt_text_free(answer);
}

static void misuse_is_a_refusal_that_names_the_argument(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_refusal *refusal = refused(NULL, TEXT(TOKEN), TEXT("ada"), NOW, SQLJWT_NULL_POINTER);
  CHECK(is(sqljwt_refusal_message(refusal), "`validator` is NULL"));
  CHECK(is(sqljwt_refusal_client_message(refusal), "JWT authentication: invalid token"));
  sqljwt_refusal_free(refusal);
  refusal = refused(validator, NULL, 5, TEXT("ada"), NOW, SQLJWT_NULL_POINTER);
  CHECK(is(sqljwt_refusal_message(refusal), "`token` is NULL and its length is 5"));
  sqljwt_refusal_free(refusal);
  refusal = refused(validator, TOKEN, (size_t)-1, TEXT("ada"), NOW, SQLJWT_LENGTH_INVALID);
  CHECK(holds(sqljwt_refusal_message(refusal), "`token`"));
  sqljwt_refusal_free(refusal);
  refusal = refused(validator, TEXT(TOKEN), TEXT("ad\xff"), NOW, SQLJWT_NOT_UTF8);
  CHECK(is(sqljwt_refusal_message(refusal), "`user` is not UTF-8: byte 3 begins no character"));
  sqljwt_refusal_free(refusal);
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, NULL, &refusal) == SQLJWT_NULL_POINTER);
  CHECK(holds(sqljwt_refusal_message(refusal), "`login` is NULL"));
  sqljwt_refusal_free(refusal);
  sqljwt_validator_free(validator);

  validator = UNTOUCHED(sqljwt_validator);
  CHECK(sqljwt_validator_new(NULL, 1, &validator, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_validator_new(TEXT("\xc3"), &validator, NULL) == SQLJWT_NOT_UTF8);
  CHECK(sqljwt_validator_new("", SIZE_MAX, &validator, NULL) == SQLJWT_LENGTH_INVALID);
  CHECK(sqljwt_validator_new(NULL, 0, &validator, NULL) == SQLJWT_REASON_SETTINGS_INVALID);
  CHECK(sqljwt_validator_new(TEXT("{}"), NULL, NULL) == SQLJWT_NULL_POINTER);
  CHECK(validator == UNTOUCHED(sqljwt_validator));
}

static void a_token_is_any_bytes(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  sqljwt_refusal_free(refused(validator, NULL, 0, TEXT("ada"), NOW, SQLJWT_REASON_TOKEN_EMPTY));
  sqljwt_refusal_free(refused(validator, TEXT("\xff\0\xfe"), TEXT("ada"), NOW, SQLJWT_REASON_TOKEN_MALFORMED));
  sqljwt_validator_free(validator);
}

/* Two pages of memory, of which the second must not be touched. */
struct edge {
  char *memory;
  size_t page;
};

static struct edge edge_new(void) {
  struct edge edge = {NULL, (size_t)sysconf(_SC_PAGESIZE)};
  void *memory = NULL;
  CHECK(posix_memalign(&memory, edge.page, 2 * edge.page) == 0);
  edge.memory = (char *)memory;
  CHECK(mprotect(edge.memory + edge.page, edge.page, PROT_NONE) == 0);
  return edge;
}

/* The bytes where readable memory ends: whoever reads one too many ends the program. */
static const char *edge_put(const struct edge *edge, const char *data, size_t len) {
  CHECK(len <= edge->page);
  return (const char *)memcpy(edge->memory + edge->page - len, data, len);
}

static void edge_free(struct edge edge) {
  CHECK(mprotect(edge.memory + edge.page, edge.page, PROT_READ | PROT_WRITE) == 0);
  free(edge.memory);
}

static void no_byte_is_read_behind_the_last(void) {
  const struct edge settings_edge = edge_new(), token_edge = edge_new(), user_edge = edge_new();
  const char *settings = edge_put(&settings_edge, TEXT(SETTINGS)), *user = edge_put(&user_edge, TEXT("ada"));
  const char *token = edge_put(&token_edge, TEXT(TOKEN));
  sqljwt_validator *validator = NULL;
  sqljwt_login *login = NULL;
  sqljwt_text *text = NULL;
  CHECK(sqljwt_validator_new(settings, sizeof(SETTINGS) - 1, &validator, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validate(validator, token, sizeof(TOKEN) - 1, user, 3, NOW, &login, NULL) == SQLJWT_OK);
  sqljwt_login_free(login);
  CHECK(sqljwt_explain_with_settings(settings, sizeof(SETTINGS) - 1, token, sizeof(TOKEN) - 1, user, 3, NOW, &text) ==
        SQLJWT_OK);
  sqljwt_text_free(text);
  for (size_t len = 0; len < sizeof(TOKEN) - 1; len++) {
    token = edge_put(&token_edge, TOKEN, len);
    CHECK(sqljwt_validate(validator, token, len, user, 3, NOW, &login, NULL) >= SQLJWT_REASON_TOKEN_EMPTY);
    CHECK(sqljwt_explain(validator, token, len, user, 3, NOW, &text) == SQLJWT_OK);
    sqljwt_text_free(text);
  }
  settings = edge_put(&settings_edge, TEXT("{\"verb\":\"reasons\"}"));
  CHECK(sqljwt_call(settings, 18, &text) == SQLJWT_OK && holds(sqljwt_text_view(text), "token_expired"));
  sqljwt_text_free(text);
  sqljwt_validator_free(validator);
  edge_free(settings_edge), edge_free(token_edge), edge_free(user_edge);
}

static void null_handles_say_nothing(void) {
  sqljwt_validator_free(NULL);
  sqljwt_login_free(NULL);
  sqljwt_identity_free(NULL);
  sqljwt_refusal_free(NULL);
  sqljwt_text_free(NULL);
  CHECK(sqljwt_validator_share(NULL) == NULL);
  CHECK(absent(sqljwt_text_view(NULL)));
  sqljwt_view (*const of_login[])(const sqljwt_login *) = {sqljwt_login_user,     sqljwt_login_principal,
                                                           sqljwt_login_issuer,   sqljwt_login_audience,
                                                           sqljwt_login_key_id,   sqljwt_login_algorithm,
                                                           sqljwt_login_provision};
  for (size_t index = 0; index < sizeof(of_login) / sizeof(*of_login); index++) {
    CHECK(absent(of_login[index](NULL)));
  }
  CHECK(absent(sqljwt_login_role(NULL, 0)));
  sqljwt_view (*const of_identity[])(const sqljwt_identity *) = {sqljwt_identity_issuer, sqljwt_identity_audience,
                                                                 sqljwt_identity_key_id, sqljwt_identity_algorithm};
  for (size_t index = 0; index < sizeof(of_identity) / sizeof(*of_identity); index++) {
    CHECK(absent(of_identity[index](NULL)));
  }
  CHECK(absent(sqljwt_identity_principal(NULL, 0)) && absent(sqljwt_identity_role(NULL, 0)));
  CHECK(sqljwt_identity_principals(NULL) == 0);
  sqljwt_view (*const of_refusal[])(const sqljwt_refusal *) = {
      sqljwt_refusal_client_message, sqljwt_refusal_client_detail, sqljwt_refusal_client_sqlstate,
      sqljwt_refusal_log_line,       sqljwt_refusal_name,          sqljwt_refusal_message,
      sqljwt_refusal_remedy,         sqljwt_refusal_setting,       sqljwt_refusal_keys_issuer,
      sqljwt_refusal_keys_id,        sqljwt_refusal_keys_discovery_url, sqljwt_refusal_keys_jwks_url,
      sqljwt_refusal_userinfo_discovery_url};
  for (size_t index = 0; index < sizeof(of_refusal) / sizeof(*of_refusal); index++) {
    CHECK(absent(of_refusal[index](NULL)));
  }
  CHECK(sqljwt_refusal_status(NULL) == SQLJWT_NULL_POINTER);
  int64_t seconds = 7;
  uint32_t number = 7;
  size_t count = 7;
  CHECK(!sqljwt_login_issued_at(NULL, &seconds) && !sqljwt_login_expires_at(NULL, &seconds) && seconds == 7);
  CHECK(!sqljwt_login_map_line(NULL, &number) && !sqljwt_refusal_line(NULL, &number));
  CHECK(!sqljwt_refusal_column(NULL, &number) && number == 7);
  CHECK(!sqljwt_login_roles(NULL, &count) && !sqljwt_identity_roles(NULL, &count) && count == 7);
  CHECK(!sqljwt_identity_issued_at(NULL, &seconds) && !sqljwt_identity_expires_at(NULL, &seconds) && seconds == 7);
}

static void the_catalogue_is_static_and_never_null(void) {
  CHECK(strcmp(sqljwt_reason_name(SQLJWT_OK), "ok") == 0);
  CHECK(strcmp(sqljwt_reason_name(SQLJWT_KEYS_NEEDED), "keys_needed") == 0);
  CHECK(strcmp(sqljwt_reason_name(SQLJWT_PANIC), "panic") == 0);
  CHECK(strcmp(sqljwt_reason_name(SQLJWT_REASON_TOKEN_EXPIRED), "token_expired") == 0);
  CHECK(sqljwt_reason_name(SQLJWT_REASON_TOKEN_EXPIRED) == sqljwt_reason_name(SQLJWT_REASON_TOKEN_EXPIRED));
  CHECK(strcmp(sqljwt_reason_check(SQLJWT_REASON_TOKEN_EXPIRED), "time") == 0);
  CHECK(strstr(sqljwt_reason_reference(SQLJWT_REASON_TOKEN_EXPIRED), "RFC 7519") != NULL);
  for (sqljwt_status status = -1; status < 10000; status++) {
    CHECK(sqljwt_reason_name(status)[0] != '\0' && sqljwt_reason_summary(status)[0] != '\0');
    CHECK(sqljwt_reason_check(status) != NULL && sqljwt_reason_remedy(status) != NULL);
    CHECK(sqljwt_reason_reference(status) != NULL);
  }
}

static void settings_live_until_their_last_handle_goes(void) {
  sqljwt_validator *first = compiled(SETTINGS);
  sqljwt_validator *second = sqljwt_validator_share(first);
  CHECK(second != NULL && second != first);
  sqljwt_validator_free(first);
  sqljwt_login *login = NULL;
  CHECK(sqljwt_validate(second, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK);
  sqljwt_login_free(login);
  sqljwt_validator_free(second);
}

static void a_validator_works_in_a_forked_child(void) {
  sqljwt_validator *validator = compiled(SETTINGS);
  const pid_t child = fork();
  if (child == 0) {
    sqljwt_login *login = NULL;
    const int granted = sqljwt_validate(validator, TEXT(TOKEN), TEXT("ada"), NOW, &login, NULL) == SQLJWT_OK;
    sqljwt_login_free(login);
    sqljwt_validator_free(validator);
    exit(granted ? 0 : 1);
  }
  int ended = -1;
  CHECK(child > 0 && waitpid(child, &ended, 0) == child && ended == 0);
  sqljwt_validator_free(validator);
}

static void fetched_keys_let_in_and_need_no_new_validator(void) {
  sqljwt_validator *plain = compiled(SETTINGS_FETCHING);
  sqljwt_validator *validator = NULL;
  sqljwt_key_cache *cache = NULL;
  sqljwt_login *login = NULL;
  CHECK(sqljwt_key_cache_new(plain, &cache, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validator_with_keys(plain, cache, &validator, NULL) == SQLJWT_OK);

  sqljwt_refusal *needed = refused(validator, TEXT(TOKEN), "ada", 3, NOW, SQLJWT_KEYS_NEEDED);
  sqljwt_fetch *fetch = NULL;
  CHECK(sqljwt_key_cache_start(cache, needed, NOW, &fetch, NULL) == SQLJWT_OK);
  CHECK(is(sqljwt_fetch_issuer(fetch), ISSUER));
  CHECK(is(sqljwt_fetch_url(fetch), ISSUER "/.well-known/openid-configuration"));
  CHECK(!sqljwt_fetch_no_cache(fetch));

  /* Nobody else asks meanwhile. */
  sqljwt_fetch *other = UNTOUCHED(sqljwt_fetch);
  sqljwt_refusal *refusal = NULL;
  CHECK(sqljwt_key_cache_start(cache, needed, NOW, &other, &refusal) == SQLJWT_KEYS_AWAITED);
  CHECK(other == UNTOUCHED(sqljwt_fetch) && is(sqljwt_refusal_name(refusal), "keys_awaited"));
  sqljwt_refusal_free(refusal);

  const char *document = "{\"issuer\": \"" ISSUER "\", \"jwks_uri\": \"" ISSUER "/keys\"}";
  const char *keys = "{\"keys\": [{\"kty\": \"OKP\", \"kid\": \"k1\", \"crv\": \"Ed25519\","
                     " \"x\": \"E8fPeT8OHdRCQbGU4E0W6YPpz-b9FOl2eDY81h7Ux6I\"}]}";
  const sqljwt_header fresh = {view("Cache-Control"), view("max-age=300")};
  CHECK(sqljwt_key_cache_answer(cache, &fetch, 200, &fresh, 1, document, strlen(document), NULL) == SQLJWT_OK);
  CHECK(fetch != NULL && is(sqljwt_fetch_url(fetch), ISSUER "/keys"));
  CHECK(sqljwt_key_cache_answer(cache, &fetch, 200, &fresh, 1, keys, strlen(keys), NULL) == SQLJWT_OK);
  CHECK(fetch == NULL);

  /* By the default claim, `sub`, and without a map. */
  CHECK(sqljwt_validate(validator, TEXT(TOKEN), "ada", 3, NOW, &login, NULL) == SQLJWT_OK);
  CHECK(is(sqljwt_login_user(login), "ada"));
  sqljwt_login_free(login);
  sqljwt_refusal_free(refused(plain, TEXT(TOKEN), "ada", 3, NOW, SQLJWT_KEYS_NEEDED));
  CHECK(sqljwt_key_cache_start(cache, needed, NOW, &fetch, NULL) == SQLJWT_OK && fetch == NULL);

  /* Once they are stale they let nobody in; what cannot be had is not asked for at once again. */
  const int64_t later = NOW + 300;
  sqljwt_refusal_free(refused(validator, TEXT(TOKEN), "ada", 3, later, SQLJWT_KEYS_NEEDED));
  CHECK(sqljwt_key_cache_start(cache, needed, later, &fetch, NULL) == SQLJWT_OK && fetch != NULL);
  CHECK(sqljwt_key_cache_give_up(cache, fetch, TEXT("connection refused"), &refusal) == SQLJWT_KEYS_FAILED);
  CHECK(holds(sqljwt_refusal_log_line(refusal), "keys_failed: unreachable: "));
  CHECK(holds(sqljwt_refusal_log_line(refusal), "connection refused"));
  sqljwt_refusal_free(refusal);
  CHECK(sqljwt_key_cache_start(cache, needed, later, &fetch, NULL) == SQLJWT_KEYS_AWAITED);

  /* What was fetched passes to other processes as text. */
  sqljwt_text *record = sqljwt_key_cache_record(cache, TEXT(ISSUER));
  CHECK(record != NULL && sqljwt_key_cache_record(cache, TEXT("https://other.example")) == NULL);
  sqljwt_key_cache *copy = NULL;
  CHECK(sqljwt_key_cache_new(plain, &copy, NULL) == SQLJWT_OK);
  const sqljwt_view text = sqljwt_text_view(record);
  CHECK(sqljwt_key_cache_replay(copy, text.data, text.len, NULL) == SQLJWT_OK);
  CHECK(sqljwt_key_cache_replay(copy, TEXT("{}"), &refusal) == SQLJWT_KEYS_FAILED);
  sqljwt_refusal_free(refusal);
  sqljwt_validator *reader = NULL;
  CHECK(sqljwt_validator_with_keys(plain, copy, &reader, NULL) == SQLJWT_OK);
  CHECK(sqljwt_validate(reader, TEXT(TOKEN), "ada", 3, NOW, &login, NULL) == SQLJWT_OK);
  sqljwt_login_free(login);

  /* Other places: everything goes. */
  sqljwt_validator *elsewhere = compiled(SETTINGS);
  CHECK(sqljwt_key_cache_follow(copy, elsewhere, NULL) == SQLJWT_OK);
  CHECK(sqljwt_key_cache_record(copy, TEXT(ISSUER)) == NULL);
  sqljwt_refusal_free(refused(reader, TEXT(TOKEN), "ada", 3, NOW, SQLJWT_KEYS_NEEDED));

  sqljwt_text_free(record);
  sqljwt_refusal_free(needed);
  sqljwt_key_cache_free(copy);
  sqljwt_key_cache_free(cache);
  sqljwt_validator_free(elsewhere);
  sqljwt_validator_free(reader);
  sqljwt_validator_free(validator);
  sqljwt_validator_free(plain);
}

static void misuse_of_a_key_cache_is_a_refusal(void) {
  sqljwt_validator *validator = compiled(SETTINGS_FETCHING);
  sqljwt_key_cache *cache = NULL;
  sqljwt_fetch *fetch = NULL;
  CHECK(sqljwt_key_cache_new(NULL, &cache, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_key_cache_new(validator, NULL, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_key_cache_new(validator, &cache, NULL) == SQLJWT_OK);
  CHECK(sqljwt_key_cache_start(cache, NULL, NOW, &fetch, NULL) == SQLJWT_NULL_POINTER);
  sqljwt_refusal *other = refused(validator, TEXT("x"), "ada", 3, NOW, SQLJWT_REASON_TOKEN_MALFORMED);
  CHECK(sqljwt_key_cache_start(cache, other, NOW, &fetch, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_key_cache_answer(cache, NULL, 200, NULL, 0, NULL, 0, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_key_cache_answer(cache, &fetch, 200, NULL, 0, NULL, 0, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_key_cache_give_up(cache, NULL, NULL, 0, NULL) == SQLJWT_OK);
  CHECK(sqljwt_key_cache_follow(cache, NULL, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_key_cache_replay(cache, NULL, 1, NULL) == SQLJWT_NULL_POINTER);
  CHECK(sqljwt_key_cache_replay(cache, TEXT("\xff"), NULL) == SQLJWT_NOT_UTF8);
  CHECK(sqljwt_key_cache_record(NULL, TEXT("")) == NULL);
  CHECK(sqljwt_keys_file_name(TEXT("\xff")) == NULL && sqljwt_keys_file_name(NULL, 1) == NULL);
  sqljwt_text *name = sqljwt_keys_file_name(TEXT(ISSUER));
  CHECK(is(sqljwt_text_view(name), "512a336b79b57eb3ade003f3f510bcac23fa4b0f0b964d02d92aa005d06b91c6.json"));
  sqljwt_text_free(name);
  CHECK(absent(sqljwt_fetch_url(NULL)) && absent(sqljwt_fetch_issuer(NULL)) && !sqljwt_fetch_no_cache(NULL));
  sqljwt_refusal *needed = refused(validator, TEXT(TOKEN), "ada", 3, NOW, SQLJWT_KEYS_NEEDED);
  CHECK(sqljwt_key_cache_start(cache, needed, NOW, &fetch, NULL) == SQLJWT_OK);
  const sqljwt_header bad = {{NULL, 1}, {"x", 1}};
  CHECK(sqljwt_key_cache_answer(cache, &fetch, 200, &bad, 1, NULL, 0, NULL) == SQLJWT_NULL_POINTER && fetch == NULL);
  sqljwt_key_cache_free(NULL);
  sqljwt_refusal_free(needed);
  sqljwt_refusal_free(other);
  sqljwt_key_cache_free(cache);
  sqljwt_validator_free(validator);
}

int main(void) {
  the_versions_agree();
  a_login_says_who();
  an_identity_says_who_bears_the_token();
  a_dry_run_says_what_becomes_of_roles();
  no_requested_user_is_the_only_one_of_the_token();
  a_refusal_tells_the_client_less_than_the_log();
  a_cut_token_is_told_from_a_password();
  settings_say_what_they_state();
  scopes_of_the_host_are_asked_for_too();
  a_second_is_the_difference();
  keys_needed_says_where_to_fetch_them();
  fetched_keys_let_in_and_need_no_new_validator();
  misuse_of_a_key_cache_is_a_refusal();
  unusable_settings_say_where();
  of_several_faults_the_first_is_the_refusal_and_all_are_explained();
  settings_come_in_three_forms();
  an_explanation_is_a_text_and_no_login();
  an_explanation_does_not_need_usable_settings();
  a_call_is_answered_as_text();
  settings_are_judged_by_a_call_without_a_token();
  misuse_is_a_refusal_that_names_the_argument();
  a_token_is_any_bytes();
  no_byte_is_read_behind_the_last();
  null_handles_say_nothing();
  the_catalogue_is_static_and_never_null();
  settings_live_until_their_last_handle_goes();
  a_validator_works_in_a_forked_child();
  puts("the C API is as it says");
  return 0;
}
