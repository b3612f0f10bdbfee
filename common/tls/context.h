// Whom each end of a connection trusts.
//
// TLS 1.3 only, no session resumption (so that the certificate is looked at each time), and one private CA
// instead of the system's list: a proxy that intercepts TLS fails here, whatever certificates the machine was
// made to trust.

#pragma once

#include <memory>

#include "common/base/result.h"
#include "common/crypto/certificate.h"
#include "common/crypto/digest.h"
#include "common/crypto/tls_key.h"

namespace tls {

struct Context;

// The agent's side. The server's certificate must come from the CA and be for the host that was dialled. One
// that is not valid yet by this machine's clock is accepted: a workstation whose clock is behind must still
// reach the collector, which tells it the time. Copies share one context.
class ClientTls {
 public:
  // invalid_argument if `key` does not belong to `own`.
  [[nodiscard]] static base::Result<ClientTls> create(const crypto::Certificate& ca,
                                                      const crypto::Certificate& own,
                                                      const crypto::TlsKey& key);

  // For the first contact, when there is neither a certificate nor the CA's: trusts exactly the CA
  // certificate whose SHA-256 the enrolment token carries. The server sends it in its chain.
  [[nodiscard]] static base::Result<ClientTls> for_enrollment(const crypto::Digest& ca_certificate);

  const std::shared_ptr<Context>& context() const { return context_; }

 private:
  explicit ClientTls(std::shared_ptr<Context> context) : context_{std::move(context)} {}
  std::shared_ptr<Context> context_;
};

// The collector's side. A client certificate of the CA is asked for. None at all is let in and reported (a
// new agent has none yet), one that has expired too (an agent that was away renews over this connection);
// what each may do is the caller's decision. Any other fault of the certificate ends the handshake. Copies
// share one context.
class ServerTls {
 public:
  // invalid_argument if `key` does not belong to `own`.
  [[nodiscard]] static base::Result<ServerTls> create(const crypto::Certificate& ca,
                                                      const crypto::Certificate& own,
                                                      const crypto::TlsKey& key);

  const std::shared_ptr<Context>& context() const { return context_; }

 private:
  explicit ServerTls(std::shared_ptr<Context> context) : context_{std::move(context)} {}
  std::shared_ptr<Context> context_;
};

}  // namespace tls
