#include "common/record/terminal_digest.h"

#include <array>

#include "common/base/address.h"
#include "common/crypto/digest.h"

namespace record {

namespace {

constexpr int kBytes = 8;

std::uint64_t first_bytes(const crypto::Digest& digest) {
  std::uint64_t out = 0;
  for (const char c : digest.bytes().substr(0, kBytes)) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

}  // namespace

std::uint64_t terminal_digest(std::string_view id) {
  return first_bytes(crypto::sha256(base::normalised_address(id)));
}

std::uint64_t terminals_version(std::span<const std::uint64_t> digests) {
  crypto::Sha256 hash;
  for (const auto digest : digests) {
    std::array<char, kBytes> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<char>(digest >> (56 - 8 * i) & 0xff);
    hash.update({bytes.data(), bytes.size()});
  }
  const auto version = first_bytes(hash.finish());
  return version == 0 ? 1 : version;
}

}  // namespace record
