// What an administrator hands to a new workstation: `dlt1_` and 70 characters of base64url.
//
// It carries the SHA-256 of the collector's CA certificate, so that the first contact is as safe as every
// later one.

#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/crypto/digest.h"

namespace crypto {

struct EnrollToken {
  static constexpr std::size_t kSecretBytes = 16;

  std::string secret;     // kSecretBytes random bytes; whoever shows them may enrol one workstation
  Digest ca_certificate;  // SHA-256 of the DER form

  bool operator==(const EnrollToken&) const = default;

  [[nodiscard]] static base::Result<EnrollToken> generate(const Digest& ca_certificate);

  // secret(16) ca_certificate(32) and the first 4 bytes of the SHA-256 of both, in base64url behind `dlt1_`.
  std::string text() const;

  // Blanks around the text are forgiven. invalid_argument, with a sentence for the person who pasted it, for
  // another prefix, another length and a typing mistake (found by the checksum). The message never quotes the
  // token.
  [[nodiscard]] static base::Result<EnrollToken> from_text(std::string_view text);
};

}  // namespace crypto
