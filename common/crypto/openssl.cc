#include "common/crypto/openssl.h"

#include <openssl/pem.h>

#include <array>
#include <utility>

namespace crypto {

std::unexpected<base::Error> fail_openssl(base::ErrorCode code, std::string attempted) {
  std::string reasons;
  while (const auto error = ERR_get_error()) {
    std::array<char, 256> text{};
    ERR_error_string_n(error, text.data(), text.size());
    reasons += reasons.empty() ? ": " : "; ";
    reasons += text.data();
  }
  return base::fail(code, std::move(attempted) + reasons);
}

std::string take(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

BioPtr view(std::string_view bytes) {
  return BioPtr{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
}

base::Result<std::string> key_to_pem(EVP_PKEY* key) {
  // The secure heap, or at least one that is wiped when it is freed.
  const BioPtr memory{BIO_new(BIO_s_secmem())};
  if (!memory ||
      PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return fail_openssl(base::ErrorCode::internal, "writing a private key as PEM");
  }
  return take(memory.get());
}

base::Result<KeyPtr> key_from_pem(std::string_view pem) {
  const auto memory = view(pem);
  // An encrypted key would make OpenSSL ask for a pass phrase on the terminal; it is refused instead.
  const auto no_pass_phrase = [](char*, int, int, void*) { return -1; };
  KeyPtr key{memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_pass_phrase, nullptr) : nullptr};
  if (!key) return fail_openssl(base::ErrorCode::corrupt, "reading a private key in PEM form");
  return key;
}

}  // namespace crypto
