#include "common/crypto/tls_key.h"

#include <array>

#include "common/crypto/key_file.h"
#include "common/crypto/openssl.h"

namespace crypto {

namespace {

bool is_p256(EVP_PKEY* key) {
  std::array<char, 32> group{};
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view{group.data()} == "prime256v1";
}

}  // namespace

void TlsKey::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

TlsKey::TlsKey(TlsKey&&) noexcept = default;
TlsKey& TlsKey::operator=(TlsKey&&) noexcept = default;
TlsKey::~TlsKey() = default;

base::Result<TlsKey> TlsKey::generate() {
  KeyPtr key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  if (!key) return fail_openssl(base::ErrorCode::internal, "making a P-256 key");
  return TlsKey{key.release()};
}

base::Result<TlsKey> TlsKey::from_pem(std::string_view pem) {
  auto key = key_from_pem(pem);
  if (!key) return std::unexpected{key.error()};
  if (!is_p256(key->get())) return base::fail(base::ErrorCode::corrupt, "the TLS key is no ECDSA P-256 key");
  return TlsKey{key->release()};
}

base::Result<std::string> TlsKey::pem() const {
  return key_to_pem(key_.get());
}

base::Result<TlsKey> TlsKey::load(const std::filesystem::path& path) {
  const auto pem = read_key_file(path);
  if (!pem) return std::unexpected{pem.error()};
  auto key = from_pem(*pem);
  if (!key) return base::fail("loading " + path.string(), key.error());
  return key;
}

base::Status TlsKey::save(const std::filesystem::path& path) const {
  const auto text = pem();
  if (!text) return std::unexpected{text.error()};
  return write_key_file(path, *text);
}

bool TlsKey::is_for(const Certificate& certificate) const {
  const bool is = X509_check_private_key(certificate.native(), key_.get()) == 1;
  if (!is) ERR_clear_error();
  return is;
}

base::Result<std::string> make_certificate_request(const TlsKey& key) {
  const RequestPtr request{X509_REQ_new()};
  const BioPtr memory{BIO_new(BIO_s_mem())};
  if (!request || !memory || X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.native()) != 1 ||
      X509_REQ_sign(request.get(), key.native(), EVP_sha256()) <= 0 ||
      i2d_X509_REQ_bio(memory.get(), request.get()) != 1) {
    return fail_openssl(base::ErrorCode::internal, "making a certificate request");
  }
  return take(memory.get());
}

}  // namespace crypto
