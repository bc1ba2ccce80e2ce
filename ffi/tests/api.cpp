// The whole C++ wrapper. Compiled as it is, and without exceptions and run-time type information.
#include "sqljwt.hpp"

#include "sample.h"

#include <type_traits>

using namespace std::string_view_literals;

static_assert(!std::is_copy_constructible_v<sqljwt::validator> && std::is_nothrow_move_constructible_v<sqljwt::validator>);
static_assert(!std::is_copy_constructible_v<sqljwt::login> && std::is_nothrow_move_constructible_v<sqljwt::login>);
static_assert(!std::is_copy_constructible_v<sqljwt::refusal> && std::is_nothrow_move_constructible_v<sqljwt::refusal>);
static_assert(!std::is_copy_constructible_v<sqljwt::text> && std::is_nothrow_move_constructible_v<sqljwt::text>);
static_assert(std::is_nothrow_move_constructible_v<sqljwt::result<sqljwt::login>>);
static_assert(!std::is_convertible_v<sqljwt::result<sqljwt::login>, bool>, "only an explicit test is a decision");

static void a_login_says_who() {
  auto validator = sqljwt::validator::make(SETTINGS);
  CHECK(validator && validator.has_value() && validator.status() == SQLJWT_OK);
  const sqljwt::validator moved = *std::move(validator);
  const auto login = moved.validate(TOKEN, "ada", NOW);
  CHECK(login && login.status() == SQLJWT_OK);
  CHECK(login->user() == "ada"sv && login->principal() == "ada@corp.example"sv && login->issuer() == ISSUER);
  CHECK(login->audience() == "db-login"sv && login->key_id() == "k1"sv && (*login).algorithm() == "EdDSA"sv);
  CHECK(login->issued_at() == ISSUED_AT && login->expires_at() == EXPIRES_AT && login->map_line() == 1u);
  CHECK(login->roles() == 2u && login->role(0) == "readers"sv && login->role(2).empty());
  CHECK(!login->provision() && login->log_line().substr(0, 9) == "accepted:"sv);
  CHECK(sqljwt::looks_like_token(TOKEN) && !sqljwt::looks_like_token("secret") && !sqljwt::looks_like_token({}));
  const auto identity = moved.identify(TOKEN, NOW);
  CHECK(identity && identity->principals() == 1 && identity->principal(0) == "ada@corp.example"sv);
  CHECK(identity->issuer() == ISSUER && identity->audience() == "db-login"sv && identity->key_id() == "k1"sv);
  CHECK(identity->issued_at() == ISSUED_AT && identity->expires_at() == EXPIRES_AT && identity->roles() == 2u);
  CHECK(identity->role(1) == "writers"sv && identity->algorithm() == "EdDSA"sv && moved.native_handle() != nullptr);
  CHECK(moved.identify(TOKEN, EXPIRES_AT).status() == SQLJWT_REASON_TOKEN_EXPIRED);
  CHECK(moved.share().validate(TOKEN, {}, NOW));
  CHECK(moved.setting("engine.profile")->view() == "hardened"sv && !moved.setting("engine.user_names"));
  CHECK(moved.with_required_scopes({})->validate(TOKEN, {}, NOW) && !moved.with_required_scopes("a b")->validate(TOKEN, {}, NOW));
}

static void a_refusal_says_why() {
  const auto validator = sqljwt::validator::make(SETTINGS_COCKROACHDB);
  const auto login = validator->validate(TOKEN, "eve", NOW);
  CHECK(!login && login.status() == SQLJWT_REASON_USER_MISMATCH);
  const sqljwt::refusal& refusal = login.refusal();
  CHECK(refusal.status() == SQLJWT_REASON_USER_MISMATCH && refusal.name() == "user_mismatch"sv);
  CHECK(refusal.client_message() == "JWT authentication: invalid principal"sv && refusal.client_detail());
  CHECK(refusal.client_sqlstate() == "28000"sv && !refusal.message().empty() && !refusal.remedy().empty());
  CHECK(refusal.log_line().substr(0, 13) == "user_mismatch"sv);
  CHECK(!refusal.line() && !refusal.column() && !refusal.keys_issuer() && !refusal.keys_id());

  const auto unusable = sqljwt::validator::make("{\"a\": 1}");
  CHECK(!unusable && unusable.refusal().line() == 1u && unusable.refusal().column() == 2u);
  CHECK(!unusable.refusal().setting() && unusable.refusal().place() == std::pair(1u, 2u) && !refusal.place());
  CHECK(sqljwt::validator::make({}).status() == SQLJWT_REASON_SETTINGS_INVALID);

  const auto fetching = sqljwt::validator::make(SETTINGS_FETCHING);
  const auto later = fetching->validate(TOKEN, "ada", NOW);
  CHECK(later.status() == SQLJWT_KEYS_NEEDED && later.refusal().keys_issuer() == ISSUER);
  CHECK(later.refusal().keys_discovery_url() && !later.refusal().keys_jwks_url() && later.refusal().keys_id() == "k1"sv);
}

static void texts_are_told() {
  const auto validator = sqljwt::validator::make(SETTINGS);
  const auto explanation = validator->explain(TOKEN, "eve", NOW);
  CHECK(explanation && explanation->view().find("ada@corp.example") != std::string_view::npos);
  const auto redacted = validator->explain_redacted(TOKEN, "eve", NOW);
  CHECK(redacted && redacted->view().find("ada@corp.example") == std::string_view::npos);
  const auto timeline = validator->explain_timeline(TOKEN, "ada", NOW);
  CHECK(timeline && timeline->view().substr(0, 8) == "ACCEPTED"sv);
  CHECK(!validator->explain(TOKEN, "\xff", NOW));
  CHECK(sqljwt::explain(SETTINGS, TOKEN, "eve", NOW)->view() == explanation->view());
  CHECK(sqljwt::explain("{", TOKEN, "eve", NOW)->view().find("settings_invalid") != std::string_view::npos);
  CHECK(!sqljwt::explain("\xff", TOKEN, "eve", NOW));
  const auto answer = sqljwt::call("{\"verb\": \"reasons\"}");
  CHECK(answer && answer->view().find("token_expired") != std::string_view::npos);
  CHECK(!sqljwt::call("\xff"));
}

static void what_is_moved_from_lets_nobody_in() {
  auto made = sqljwt::validator::make(SETTINGS);
  sqljwt::validator first = *std::move(made);
  sqljwt::validator second = std::move(first);
  CHECK(first.validate(TOKEN, "ada", NOW).status() == SQLJWT_NULL_POINTER);  // NOLINT: that is the test
  first = std::move(second);
  CHECK(first.validate(TOKEN, "ada", NOW));
}

// NOLINTBEGIN: use after move is the test.
template <typename Value>
static void is_neither(const sqljwt::result<Value>& result) {
  CHECK(!result && !result.has_value() && result.status() == SQLJWT_NULL_POINTER);
}

static void a_result_that_is_moved_from_is_neither() {
  const auto validator = sqljwt::validator::make(SETTINGS);
  auto granted = validator->validate(TOKEN, "ada", NOW);
  sqljwt::result<sqljwt::login> constructed = std::move(granted);
  is_neither(granted);
  CHECK(constructed && constructed.status() == SQLJWT_OK && constructed->user() == "ada"sv);

  auto refused = validator->validate(TOKEN, "eve", NOW);
  granted = std::move(refused);
  is_neither(refused);
  CHECK(!granted && granted.status() == SQLJWT_REASON_USER_MISMATCH);
  granted = std::move(constructed);
  is_neither(constructed);
  CHECK(granted && granted->user() == "ada"sv);

  std::swap(granted, refused);
  is_neither(granted);
  CHECK(refused->user() == "ada"sv);

  const sqljwt::login login = *std::move(refused);
  is_neither(refused);
  CHECK(login.user() == "ada"sv);

  auto why = validator->validate(TOKEN, "eve", NOW);
  CHECK(std::move(why).refusal().status() == SQLJWT_REASON_USER_MISMATCH);
  is_neither(why);

  auto made = sqljwt::validator::make(SETTINGS);
  const sqljwt::validator taken = *std::move(made);
  is_neither(made);
  CHECK(taken.validate(TOKEN, "ada", NOW));
}
// NOLINTEND

int main() {
  a_login_says_who();
  a_refusal_says_why();
  texts_are_told();
  what_is_moved_from_lets_nobody_in();
  a_result_that_is_moved_from_is_neither();
  puts("the C++ wrapper is as it says");
  return 0;
}
