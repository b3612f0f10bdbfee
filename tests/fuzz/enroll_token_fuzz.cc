// Any text as an enrolment token: nothing crashes, what is taken is written again as it was, and a refusal
// never quotes what was pasted.

#include <string>

#include "common/crypto/enroll_token.h"
#include "tests/fuzz/input.h"

namespace {

using fuzz::require;

void check(std::string_view text) {
  const auto token = crypto::EnrollToken::from_text(text);
  if (token) {
    require(token->secret.size() == crypto::EnrollToken::kSecretBytes);
    require(text.find(token->text()) != std::string_view::npos);
  } else {
    require(token.error().code == base::ErrorCode::invalid_argument);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  check(input.rest());
  // The checksum stops what is only nearly a token, so a right one is made of the bytes, too.
  crypto::EnrollToken token;
  token.secret = std::string{input.take(crypto::EnrollToken::kSecretBytes)};
  token.secret.resize(crypto::EnrollToken::kSecretBytes);
  token.ca_certificate = crypto::sha256(input.take(8));
  const auto again = crypto::EnrollToken::from_text(token.text());
  require(again && *again == token);
  std::string damaged = token.text();
  const auto at = input.number(1) % damaged.size();
  const char other = static_cast<char>(input.number(1));
  if (damaged[at] != other) {
    damaged[at] = other;
    const auto read = crypto::EnrollToken::from_text(damaged);
    require(!read && read.error().message.find(damaged.substr(40, 12)) == std::string::npos);
  }
  return 0;
}
