// What OpenSSL's C interface needs to be used safely: owners, and its errors as ours. For common/crypto and
// common/tls only.

#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace crypto {

template <auto function>
struct Free {
  template <class T>
  void operator()(T* p) const {
    function(p);
  }
};

using BioPtr = std::unique_ptr<BIO, Free<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Free<BN_free>>;

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Empties this thread's OpenSSL error queue into "`attempted`: <what OpenSSL says>". A queue left over from
// another call would otherwise be read as the next call's error.
[[nodiscard]] std::unexpected<base::Error> fail_openssl(base::ErrorCode code, std::string attempted);

// The bytes written into a memory BIO.
std::string take(BIO* memory);

// Read access to `bytes` as a BIO; `bytes` must outlive it.
BioPtr view(std::string_view bytes);

// A private key as unencrypted PKCS#8 PEM, and back.
[[nodiscard]] base::Result<std::string> key_to_pem(EVP_PKEY* key);
[[nodiscard]] base::Result<KeyPtr> key_from_pem(std::string_view pem);

}  // namespace crypto
