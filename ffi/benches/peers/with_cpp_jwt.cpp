// cpp-jwt: takes the key as PEM, at every call.
#include <jwt/jwt.hpp>

#include <string>
#include <system_error>

#include "peer.h"

namespace {

struct ready {
  std::string algorithm, pem, issuer, audience;
};

void* prepare(const login* login, const char* issuer, const char* audience) {
  if (std::string(login->algorithm) == "EdDSA") {
    return nullptr;  // it knows no such algorithm
  }
  return new ready{login->algorithm, login->pem, issuer, audience};
}

bool judge(void* argument, const char* token) {
  using namespace jwt::params;
  const auto& ready = *static_cast<const struct ready*>(argument);
  std::error_code error;
  try {
    jwt::decode(jwt::string_view(token), algorithms({ready.algorithm}), error, secret(ready.pem), verify(true),
                issuer(ready.issuer), aud(ready.audience));
  } catch (const std::exception&) {
    return false;
  }
  return !error;
}

}  // namespace

const peer WITH_CPP_JWT = {"cpp-jwt", prepare, judge};
