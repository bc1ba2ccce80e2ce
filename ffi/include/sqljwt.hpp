// sqljwt for C++17: the C functions of sqljwt.h behind types that free what they own.
//
// Nothing here throws, and nothing needs exceptions or run-time type information: a call that can fail answers with a
// sqljwt::result, which holds either what was asked for or a sqljwt::refusal. Handles are move-only. A std::string_view
// that an object gives is valid as long as that object.
#ifndef SQLJWT_HPP
#define SQLJWT_HPP

#include "sqljwt.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace sqljwt {

namespace detail {

template <typename Handle, void (*Free)(Handle*)>
struct free_handle {
  void operator()(Handle* handle) const noexcept { Free(handle); }
};

template <typename Handle, void (*Free)(Handle*)>
using owned = std::unique_ptr<Handle, free_handle<Handle, Free>>;

inline std::string_view text(sqljwt_view view) noexcept {
  return view.data == nullptr ? std::string_view() : std::string_view(view.data, view.len);
}

inline std::optional<std::string_view> optional_text(sqljwt_view view) noexcept {
  return view.data == nullptr ? std::nullopt : std::optional<std::string_view>(std::in_place, view.data, view.len);
}

template <typename Value, typename Handle>
std::optional<Value> optional_value(bool (*read)(const Handle*, Value*), const Handle* handle) noexcept {
  Value value{};
  return read(handle, &value) ? std::optional<Value>(value) : std::nullopt;
}

}  // namespace detail

// Why not: one answer for the client, one for the administrator.
class refusal {
 public:
  explicit refusal(sqljwt_refusal* handle) noexcept : handle_(handle) {}

  [[nodiscard]] sqljwt_status status() const noexcept { return sqljwt_refusal_status(handle_.get()); }

  // For the client.
  [[nodiscard]] std::string_view client_message() const noexcept { return read(sqljwt_refusal_client_message); }
  [[nodiscard]] std::optional<std::string_view> client_detail() const noexcept {
    return optional(sqljwt_refusal_client_detail);
  }
  [[nodiscard]] std::string_view client_sqlstate() const noexcept { return read(sqljwt_refusal_client_sqlstate); }

  // For the administrator.
  [[nodiscard]] std::string_view log_line() const noexcept { return read(sqljwt_refusal_log_line); }
  [[nodiscard]] std::string_view name() const noexcept { return read(sqljwt_refusal_name); }
  [[nodiscard]] std::string_view message() const noexcept { return read(sqljwt_refusal_message); }
  [[nodiscard]] std::string_view remedy() const noexcept { return read(sqljwt_refusal_remedy); }
  [[nodiscard]] std::optional<std::string_view> setting() const noexcept { return optional(sqljwt_refusal_setting); }
  [[nodiscard]] std::optional<std::uint32_t> line() const noexcept {
    return detail::optional_value(sqljwt_refusal_line, get());
  }
  [[nodiscard]] std::optional<std::uint32_t> column() const noexcept {
    return detail::optional_value(sqljwt_refusal_column, get());
  }

  // Line and column of the settings at once; nothing where the fault has no place there.
  [[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> place() const noexcept {
    std::pair<std::uint32_t, std::uint32_t> place{};
    return sqljwt_refusal_place(get(), &place.first, &place.second) ? std::optional(place) : std::nullopt;
  }

  // With SQLJWT_KEYS_NEEDED.
  [[nodiscard]] std::optional<std::string_view> keys_issuer() const noexcept {
    return optional(sqljwt_refusal_keys_issuer);
  }
  [[nodiscard]] std::optional<std::string_view> keys_id() const noexcept { return optional(sqljwt_refusal_keys_id); }
  [[nodiscard]] std::optional<std::string_view> keys_discovery_url() const noexcept {
    return optional(sqljwt_refusal_keys_discovery_url);
  }
  [[nodiscard]] std::optional<std::string_view> keys_jwks_url() const noexcept {
    return optional(sqljwt_refusal_keys_jwks_url);
  }

 private:
  using reader = sqljwt_view (*)(const sqljwt_refusal*);
  const sqljwt_refusal* get() const noexcept { return handle_.get(); }
  std::string_view read(reader of) const noexcept { return detail::text(of(get())); }
  std::optional<std::string_view> optional(reader of) const noexcept { return detail::optional_text(of(get())); }

  detail::owned<sqljwt_refusal, sqljwt_refusal_free> handle_;
};

// Either what was asked for, or why not. To take what is not there ends the program: it never logs anybody in. What is taken
// out of a result, or moved away with it, is not there any more: the result is then neither.
template <typename Value>
class [[nodiscard]] result {
 public:
  result(Value value) noexcept : value_(std::move(value)) {}
  result(sqljwt::refusal refusal) noexcept : refusal_(std::move(refusal)) {}
  // An optional that is moved from still has its value, an empty one; a result has it no longer.
  result(result&& other) noexcept
      : value_(std::exchange(other.value_, std::nullopt)), refusal_(std::exchange(other.refusal_, std::nullopt)) {}
  result& operator=(result&& other) noexcept {
    value_ = std::exchange(other.value_, std::nullopt);
    refusal_ = std::exchange(other.refusal_, std::nullopt);
    return *this;
  }

  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] const Value& operator*() const& noexcept { return there(value_); }
  [[nodiscard]] Value operator*() && noexcept { return taken(value_); }
  [[nodiscard]] const Value* operator->() const noexcept { return &there(value_); }

  [[nodiscard]] const sqljwt::refusal& refusal() const& noexcept { return there(refusal_); }
  [[nodiscard]] sqljwt::refusal refusal() && noexcept { return taken(refusal_); }

  // SQLJWT_OK, or the refusal's status; SQLJWT_NULL_POINTER where neither is there any more.
  [[nodiscard]] sqljwt_status status() const noexcept {
    if (has_value()) {
      return static_cast<sqljwt_status>(SQLJWT_OK);
    }
    return refusal_.has_value() ? refusal_->status() : static_cast<sqljwt_status>(SQLJWT_NULL_POINTER);
  }

 private:
  template <typename Optional>
  static auto& there(Optional& optional) noexcept {
    if (!optional.has_value()) {
      std::terminate();
    }
    return *optional;
  }

  template <typename Optional>
  static auto taken(Optional& optional) noexcept {
    auto value = std::move(there(optional));
    optional.reset();
    return value;
  }

  std::optional<Value> value_;
  std::optional<sqljwt::refusal> refusal_;
};

// A text that the library made.
class text {
 public:
  explicit text(sqljwt_text* handle) noexcept : handle_(handle) {}

  [[nodiscard]] std::string_view view() const noexcept { return detail::text(sqljwt_text_view(handle_.get())); }

 private:
  detail::owned<sqljwt_text, sqljwt_text_free> handle_;
};

// A login that may go ahead.
class login {
 public:
  explicit login(sqljwt_login* handle) noexcept : handle_(handle) {}

  // Log in as this SQL user, not as the one that was requested.
  [[nodiscard]] std::string_view user() const noexcept { return read(sqljwt_login_user); }
  [[nodiscard]] std::string_view principal() const noexcept { return read(sqljwt_login_principal); }
  [[nodiscard]] std::string_view issuer() const noexcept { return read(sqljwt_login_issuer); }
  [[nodiscard]] std::string_view audience() const noexcept { return read(sqljwt_login_audience); }
  [[nodiscard]] std::string_view key_id() const noexcept { return read(sqljwt_login_key_id); }
  [[nodiscard]] std::string_view algorithm() const noexcept { return read(sqljwt_login_algorithm); }
  [[nodiscard]] std::optional<std::int64_t> issued_at() const noexcept {
    return detail::optional_value(sqljwt_login_issued_at, get());
  }
  [[nodiscard]] std::optional<std::int64_t> expires_at() const noexcept {
    return detail::optional_value(sqljwt_login_expires_at, get());
  }
  [[nodiscard]] std::optional<std::uint32_t> map_line() const noexcept {
    return detail::optional_value(sqljwt_login_map_line, get());
  }
  // How many roles the token's groups give; nothing where groups are not synchronised.
  [[nodiscard]] std::optional<std::size_t> roles() const noexcept {
    return detail::optional_value(sqljwt_login_roles, get());
  }
  [[nodiscard]] std::string_view role(std::size_t index) const noexcept {
    return detail::text(sqljwt_login_role(get(), index));
  }
  // The statement that makes the SQL user where there is none yet; nothing where users are not made of tokens.
  [[nodiscard]] std::optional<std::string_view> provision() const noexcept {
    return detail::optional_text(sqljwt_login_provision(get()));
  }
  // For the server's log, on one line.
  [[nodiscard]] std::string_view log_line() const noexcept { return read(sqljwt_login_log_line); }

 private:
  const sqljwt_login* get() const noexcept { return handle_.get(); }
  std::string_view read(sqljwt_view (*of)(const sqljwt_login*)) const noexcept { return detail::text(of(get())); }

  detail::owned<sqljwt_login, sqljwt_login_free> handle_;
};

// The bearer of a token, for a server that maps names to users itself. It lets nobody in.
class identity {
 public:
  explicit identity(sqljwt_identity* handle) noexcept : handle_(handle) {}

  // How many names the configured claim gives the bearer, and each of them: the token's own text.
  [[nodiscard]] std::size_t principals() const noexcept { return sqljwt_identity_principals(get()); }
  [[nodiscard]] std::string_view principal(std::size_t index) const noexcept {
    return detail::text(sqljwt_identity_principal(get(), index));
  }
  [[nodiscard]] std::string_view issuer() const noexcept { return read(sqljwt_identity_issuer); }
  [[nodiscard]] std::string_view audience() const noexcept { return read(sqljwt_identity_audience); }
  [[nodiscard]] std::string_view key_id() const noexcept { return read(sqljwt_identity_key_id); }
  [[nodiscard]] std::string_view algorithm() const noexcept { return read(sqljwt_identity_algorithm); }
  [[nodiscard]] std::optional<std::int64_t> issued_at() const noexcept {
    return detail::optional_value(sqljwt_identity_issued_at, get());
  }
  [[nodiscard]] std::optional<std::int64_t> expires_at() const noexcept {
    return detail::optional_value(sqljwt_identity_expires_at, get());
  }
  // How many roles the token's groups give; nothing where groups are not synchronised.
  [[nodiscard]] std::optional<std::size_t> roles() const noexcept {
    return detail::optional_value(sqljwt_identity_roles, get());
  }
  [[nodiscard]] std::string_view role(std::size_t index) const noexcept {
    return detail::text(sqljwt_identity_role(get(), index));
  }

 private:
  const sqljwt_identity* get() const noexcept { return handle_.get(); }
  std::string_view read(sqljwt_view (*of)(const sqljwt_identity*)) const noexcept { return detail::text(of(get())); }

  detail::owned<sqljwt_identity, sqljwt_identity_free> handle_;
};

// Whether what a client sent in the place of a password is meant as a token, be it cut. It lets nobody in.
[[nodiscard]] inline bool looks_like_token(std::string_view password) noexcept {
  return sqljwt_looks_like_token(password.data(), password.size());
}

// Compiled settings, to be used by any number of threads at the same time.
class validator {
 public:
  explicit validator(sqljwt_validator* handle) noexcept : handle_(handle) {}

  // Compiles settings: JSON, SQL, or what SHOW CLUSTER SETTINGS prints.
  static result<validator> make(std::string_view settings) noexcept {
    sqljwt_validator* made = nullptr;
    sqljwt_refusal* refused = nullptr;
    if (sqljwt_validator_new(settings.data(), settings.size(), &made, &refused) == SQLJWT_OK) {
      return validator(made);
    }
    return refusal(refused);
  }

  // Another handle to the same compiled settings: for a login that must outlast a reload.
  [[nodiscard]] validator share() const noexcept { return validator(sqljwt_validator_share(handle_.get())); }

  // The same settings, which ask a token for these scopes too: names with blanks between them.
  result<validator> with_required_scopes(std::string_view scopes) const noexcept {
    sqljwt_validator* made = nullptr;
    sqljwt_refusal* refused = nullptr;
    if (sqljwt_validator_with_required_scopes(handle_.get(), scopes.data(), scopes.size(), &made, &refused) == SQLJWT_OK) {
      return validator(made);
    }
    return refusal(refused);
  }

  // What the settings set a setting to; nothing for what they leave out.
  [[nodiscard]] std::optional<text> setting(std::string_view name) const noexcept {
    sqljwt_text* value = sqljwt_validator_setting(handle_.get(), name.data(), name.size());
    return value == nullptr ? std::nullopt : std::optional<text>(value);
  }

  // Decides whether a token may log in as a SQL user at a moment, in Unix seconds.
  result<login> validate(std::string_view token, std::string_view user, std::int64_t now) const noexcept {
    sqljwt_login* granted = nullptr;
    sqljwt_refusal* refused = nullptr;
    if (sqljwt_validate(handle_.get(), token.data(), token.size(), user.data(), user.size(), now, &granted, &refused) ==
        SQLJWT_OK) {
      return login(granted);
    }
    return refusal(refused);
  }

  // Says who bears a token, by every check but those of the SQL user.
  result<identity> identify(std::string_view token, std::int64_t now) const noexcept {
    sqljwt_identity* known = nullptr;
    sqljwt_refusal* refused = nullptr;
    if (sqljwt_identify(handle_.get(), token.data(), token.size(), now, &known, &refused) == SQLJWT_OK) {
      return identity(known);
    }
    return refusal(refused);
  }

  // The handle, for the functions of sqljwt.h that have no method here; it stays this object's.
  [[nodiscard]] const sqljwt_validator* native_handle() const noexcept { return handle_.get(); }

  // The whole story; nothing where the user is not UTF-8. None of these lets anybody in.
  [[nodiscard]] std::optional<text> explain(std::string_view token, std::string_view user,
                                            std::int64_t now) const noexcept {
    return story(sqljwt_explain, token, user, now);
  }
  [[nodiscard]] std::optional<text> explain_redacted(std::string_view token, std::string_view user,
                                                     std::int64_t now) const noexcept {
    return story(sqljwt_explain_redacted, token, user, now);
  }
  [[nodiscard]] std::optional<text> explain_timeline(std::string_view token, std::string_view user,
                                                     std::int64_t now) const noexcept {
    return story(sqljwt_explain_timeline, token, user, now);
  }

 private:
  template <typename Function>
  std::optional<text> story(Function function, std::string_view token, std::string_view user,
                            std::int64_t now) const noexcept {
    sqljwt_text* told = nullptr;
    if (function(handle_.get(), token.data(), token.size(), user.data(), user.size(), now, &told) != SQLJWT_OK) {
      return std::nullopt;
    }
    return text(told);
  }

  detail::owned<sqljwt_validator, sqljwt_validator_free> handle_;
};

// The whole story under settings that may be unusable; nothing where the settings or the user are not UTF-8.
[[nodiscard]] inline std::optional<text> explain(std::string_view settings, std::string_view token,
                                                 std::string_view user, std::int64_t now) noexcept {
  sqljwt_text* told = nullptr;
  if (sqljwt_explain_with_settings(settings.data(), settings.size(), token.data(), token.size(), user.data(),
                                   user.size(), now, &told) != SQLJWT_OK) {
    return std::nullopt;
  }
  return text(told);
}

// One call of the wire contract, JSON in and JSON out; nothing where the call is not UTF-8.
[[nodiscard]] inline std::optional<text> call(std::string_view json) noexcept {
  sqljwt_text* answer = nullptr;
  if (sqljwt_call(json.data(), json.size(), &answer) != SQLJWT_OK) {
    return std::nullopt;
  }
  return text(answer);
}

}  // namespace sqljwt

#endif
