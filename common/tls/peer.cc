#include "common/tls/peer.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>

#include "common/base/utf8.h"
#include "common/crypto/openssl.h"

namespace tls {

namespace {

using base::ErrorCode;

int slot() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// The common name, or the organisation of a CA that has none; for people.
std::string name_of(const X509_NAME* name) {
  for (const int id : {NID_commonName, NID_organizationName}) {
    std::array<char, 200> text{};
    // The entry is copied as it is, and the other side chose it.
    if (X509_NAME_get_text_by_NID(name, id, text.data(), static_cast<int>(text.size())) <= 0) continue;
    std::string shown = base::to_valid_utf8(text.data());
    for (char& c : shown) {
      if ((c >= 0 && c < ' ') || c == '\x7f') c = '?';
    }
    return shown;
  }
  return "somebody without a name";
}

int note_certificate(int ok, X509_STORE_CTX* store) {
  if (ok == 1) return ok;
  auto* const native =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const presented =
      native != nullptr ? static_cast<Presented*>(SSL_get_ex_data(native, slot())) : nullptr;
  const auto* const certificate = X509_STORE_CTX_get0_cert(store);
  if (presented != nullptr && certificate != nullptr) {
    presented->issuer = name_of(X509_get_issuer_name(certificate));
  }
  return ok;
}

// SSL_set_tlsext_host_name() without the old-style cast in its macro.
bool set_server_name(SSL* native, std::string host) {
  return SSL_ctrl(native, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
}

}  // namespace

void watch_certificate(SSL* native, Presented& presented) {
  SSL_set_ex_data(native, slot(), &presented);
  SSL_set_verify(native, SSL_VERIFY_PEER, note_certificate);
}

void forget_certificate(SSL* native) {
  SSL_set_ex_data(native, slot(), nullptr);
}

base::Status expect_host(SSL* native, const std::string& host) {
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  auto* const parameters = SSL_get0_param(native);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool ok = not_an_address ? set_server_name(native, host) &&
                                       X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1
                                 : X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
  if (!ok) return crypto::fail_openssl(ErrorCode::invalid_argument, "'" + host + "' is no host name");
  return {};
}

std::optional<Peer> peer_of(SSL* native) {
  auto* const certificate = SSL_get1_peer_certificate(native);
  if (certificate == nullptr) return std::nullopt;
  const auto owned = crypto::Certificate::adopt(certificate);
  Peer peer{.common_name = owned.common_name(),
            .certificate = owned.digest(),
            .not_after = owned.not_after(),
            .expired = X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 ||
                       X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0};
  auto* const chain = SSL_get0_verified_chain(native);
  if (chain != nullptr && sk_X509_num(chain) > 0) {
    auto* const top = sk_X509_value(chain, sk_X509_num(chain) - 1);
    X509_up_ref(top);
    peer.authority = crypto::Certificate::adopt(top).digest();
  }
  return peer;
}

}  // namespace tls
