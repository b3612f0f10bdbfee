// SHA-256.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

struct evp_md_ctx_st;

namespace crypto {

// The 32 bytes of a SHA-256. All zero bytes by default, which no message is known to have.
struct Digest {
  static constexpr std::size_t kSize = 32;

  std::array<char, kSize> value{};

  auto operator<=>(const Digest&) const = default;

  std::string_view bytes() const { return {value.data(), value.size()}; }
  std::string hex() const;

  // invalid_argument unless `bytes` are exactly 32.
  [[nodiscard]] static base::Result<Digest> from_bytes(std::string_view bytes);
};

Digest sha256(std::string_view message);

// A SHA-256 built up part by part. One object computes one digest after another: finish() starts afresh. Not
// safe to share between threads.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(std::string_view part);
  Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace crypto
