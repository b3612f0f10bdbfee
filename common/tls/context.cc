#include "common/tls/context.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

#include "common/crypto/openssl.h"
#include "common/tls/context_impl.h"

namespace tls {

namespace {

using base::ErrorCode;

// Finds the CA certificate with the expected digest in what the server sent, and verifies the chain up to it.
int verify_against_digest(X509_STORE_CTX* store, void* argument) {
  const auto& expected = *static_cast<const crypto::Digest*>(argument);
  auto* const sent = X509_STORE_CTX_get0_untrusted(store);
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    auto* const candidate = sk_X509_value(sent, i);
    X509_up_ref(candidate);
    if (crypto::Certificate::adopt(candidate).digest() != expected) continue;
    // The server's own certificate is in the list too; it must not vouch for itself.
    if (X509_check_ca(candidate) != 1) break;
    const std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * s) { sk_X509_free(s); })> trusted{
        sk_X509_new_null()};
    sk_X509_push(trusted.get(), candidate);
    X509_STORE_CTX_set0_trusted_stack(store, trusted.get());
    const int ok = X509_verify_cert(store);
    X509_STORE_CTX_set0_trusted_stack(store, nullptr);
    return ok;
  }
  X509_STORE_CTX_set_error(store, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
  // So that whoever watches hears of it (peer.h).
  return X509_STORE_CTX_get_verify_cb(store)(0, store);
}

base::Result<std::shared_ptr<Context>> make_context() {
  try {
    auto context = std::make_shared<Context>();
    auto* const native = context->native.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(native, 0);
    // The dates of certificates are the caller's matter: see the header.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(native), X509_V_FLAG_NO_CHECK_TIME);
    return context;
  } catch (const std::exception& e) {
    return base::fail(ErrorCode::internal, std::string{"making a TLS context: "} + e.what());
  }
}

base::Status trust(SSL_CTX* native, std::span<const crypto::Certificate> trusted) {
  if (trusted.empty()) return base::fail(ErrorCode::invalid_argument, "no CA certificate to trust");
  for (const auto& ca : trusted) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(native), ca.native()) != 1) {
      return crypto::fail_openssl(ErrorCode::invalid_argument, "trusting the CA certificate");
    }
  }
  return {};
}

base::Status present(SSL_CTX* native, const crypto::Certificate& own, const crypto::TlsKey& key) {
  if (SSL_CTX_use_certificate(native, own.native()) != 1 ||
      SSL_CTX_use_PrivateKey(native, key.native()) != 1 || SSL_CTX_check_private_key(native) != 1) {
    return crypto::fail_openssl(ErrorCode::invalid_argument,
                                "the TLS key does not belong to the certificate");
  }
  return {};
}

}  // namespace

base::Result<ClientTls> ClientTls::create(std::span<const crypto::Certificate> trusted,
                                          const crypto::Certificate& own, const crypto::TlsKey& key) {
  auto context = make_context();
  if (!context) return std::unexpected{context.error()};
  auto* const native = (*context)->native.native_handle();
  if (const auto done = trust(native, trusted); !done) return std::unexpected{done.error()};
  if (const auto shown = present(native, own, key); !shown) return std::unexpected{shown.error()};
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  return ClientTls{*std::move(context)};
}

base::Result<ClientTls> ClientTls::for_enrollment(const crypto::Digest& ca_certificate) {
  auto context = make_context();
  if (!context) return std::unexpected{context.error()};
  auto* const native = (*context)->native.native_handle();
  (*context)->expected_ca = ca_certificate;
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(native, verify_against_digest, &(*context)->expected_ca);
  return ClientTls{*std::move(context)};
}

base::Result<ServerTls> ServerTls::create(std::span<const crypto::Certificate> trusted,
                                          const crypto::Certificate& own, const crypto::TlsKey& key) {
  auto context = make_context();
  if (!context) return std::unexpected{context.error()};
  auto* const native = (*context)->native.native_handle();
  if (const auto done = trust(native, trusted); !done) return std::unexpected{done.error()};
  if (const auto shown = present(native, own, key); !shown) return std::unexpected{shown.error()};
  const auto issuer = std::ranges::find_if(trusted, [&](const auto& ca) { return own.is_issued_by(ca); });
  if (issuer == trusted.end()) {
    return base::fail(ErrorCode::invalid_argument, "the server's certificate is from no CA that is trusted");
  }
  // The CA certificate goes along, for agents that know its digest and nothing else yet.
  if (SSL_CTX_add1_chain_cert(native, issuer->native()) != 1) {
    return crypto::fail_openssl(ErrorCode::internal, "presenting the CA certificate");
  }
  for (const auto& ca : trusted) {
    if (SSL_CTX_add_client_CA(native, ca.native()) != 1) {
      return crypto::fail_openssl(ErrorCode::internal, "telling which CAs are trusted");
    }
  }
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  return ServerTls{*std::move(context)};
}

}  // namespace tls
