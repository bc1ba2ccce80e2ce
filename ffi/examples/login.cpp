// May this token log in? The example login.c in C++: nothing to free, no exception needed.
//
//     login SETTINGS USER [NOW] < TOKEN
//
// Exit status: 0 may log in, 1 may not, 2 unusable input.
#include <sqljwt.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

// Not `std::time`, which lags behind by milliseconds: to it a token that was just made would be one of the future.
std::int64_t present() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string contents(std::istream& file) {
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void report(const sqljwt::refusal& refusal) {
  std::cout << "client:  " << refusal.client_message() << '\n';
  if (const auto detail = refusal.client_detail()) {
    std::cout << "detail:  " << *detail << '\n';
  }
  std::cerr << "log:     " << refusal.log_line() << '\n';
  std::cerr << "to mend: " << refusal.remedy() << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  std::ifstream file(count < 3 ? "" : arguments[1], std::ios::binary);
  if (!file) {
    std::cerr << "login SETTINGS USER [NOW] < TOKEN\n";
    return 2;
  }
  const std::int64_t now = count > 3 ? std::atoll(arguments[3]) : present();
  std::string token = contents(std::cin);
  if (!token.empty() && token.back() == '\n') {
    token.pop_back();  // the shell's, not the token's
  }

  const auto validator = sqljwt::validator::make(contents(file));
  if (!validator) {
    report(validator.refusal());
    return 2;
  }
  const auto login = validator->validate(token, arguments[2], now);
  if (!login) {
    report(login.refusal());
    return 1;
  }
  std::cout << "user:    " << login->user() << '\n';
  std::cout << "bearer:  " << login->principal() << '\n';
  for (std::size_t index = 0; index < login->roles().value_or(0); ++index) {
    std::cout << "role:    " << login->role(index) << '\n';
  }
  return 0;
}
