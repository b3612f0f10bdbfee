#include "common/crypto/enroll_token.h"

#include "common/crypto/base64url.h"
#include "common/crypto/random.h"

namespace crypto {

namespace {

constexpr std::string_view kPrefix = "dlt1_";
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kPayloadBytes = EnrollToken::kSecretBytes + Digest::kSize;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::unexpected<base::Error> refuse(std::string message) {
  return base::fail(base::ErrorCode::invalid_argument, std::move(message));
}

}  // namespace

base::Result<EnrollToken> EnrollToken::generate(const Digest& ca_certificate) {
  auto secret = random_bytes(kSecretBytes);
  if (!secret) return std::unexpected{secret.error()};
  return EnrollToken{.secret = *std::move(secret), .ca_certificate = ca_certificate};
}

std::string EnrollToken::text() const {
  auto bytes = secret;
  bytes += ca_certificate.bytes();
  const auto checksum = sha256(bytes);
  bytes += checksum.bytes().substr(0, kChecksumBytes);
  return std::string{kPrefix} + to_base64url(bytes);
}

base::Result<EnrollToken> EnrollToken::from_text(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with(kPrefix)) return refuse("this is no enrolment token: a token begins with dlt1_");
  const auto bytes = from_base64url(text.substr(kPrefix.size()));
  if (!bytes) return refuse("the enrolment token has a typing mistake: " + bytes.error().message);
  if (bytes->size() != kPayloadBytes + kChecksumBytes) {
    return refuse("the enrolment token is " + std::to_string(text.size()) +
                  " characters long instead of 75: part of it is missing, or something was added");
  }
  const auto payload = std::string_view{*bytes}.substr(0, kPayloadBytes);
  if (sha256(payload).bytes().substr(0, kChecksumBytes) != std::string_view{*bytes}.substr(kPayloadBytes)) {
    return refuse("the enrolment token has a typing mistake: its checksum does not fit");
  }
  const auto digest = Digest::from_bytes(payload.substr(kSecretBytes));
  return EnrollToken{.secret = std::string{payload.substr(0, kSecretBytes)},
                     .ca_certificate = digest.value()};
}

}  // namespace crypto
