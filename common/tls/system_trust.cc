#include "common/tls/system_trust.h"

#include <openssl/ssl.h>

#include "common/crypto/openssl.h"
#include "common/tls/context_impl.h"

#ifdef _WIN32
#include <windows.h>

#include <wincrypt.h>
#endif

namespace tls {

namespace {

#ifdef _WIN32
// OpenSSL looks for files; Windows keeps its CAs elsewhere.
bool add_system_certificates(SSL_CTX* native) {
  const HCERTSTORE system = CertOpenSystemStoreW(0, L"ROOT");
  if (system == nullptr) return false;
  const CERT_CONTEXT* entry = nullptr;
  while ((entry = CertEnumCertificatesInStore(system, entry)) != nullptr) {
    const unsigned char* der = entry->pbCertEncoded;
    X509* const certificate = d2i_X509(nullptr, &der, static_cast<long>(entry->cbCertEncoded));
    if (certificate == nullptr) continue;
    X509_STORE_add_cert(SSL_CTX_get_cert_store(native), certificate);
    X509_free(certificate);
  }
  CertCloseStore(system, 0);
  return true;
}
#else
bool add_system_certificates(SSL_CTX* native) {
  return SSL_CTX_set_default_verify_paths(native) == 1;
}
#endif

}  // namespace

base::Result<std::shared_ptr<Context>> system_trust() {
  try {
    auto context = std::make_shared<Context>();
    auto* const native = context->native.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    if (!add_system_certificates(native)) {
      return crypto::fail_openssl(base::ErrorCode::unavailable, "reading the system's CA certificates");
    }
    return context;
  } catch (const std::exception& e) {
    return base::fail(base::ErrorCode::internal, std::string{"making a TLS context: "} + e.what());
  }
}

}  // namespace tls
