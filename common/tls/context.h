// Whom each end of a connection trusts.
//
// TLS 1.3 only, no session resumption (so that the certificate is looked at each time), and the collector's
// private CA (two of them while it is being replaced) instead of the system's list: a proxy that intercepts
// TLS fails here, whatever certificates the machine was made to trust.
//
// Nobody's dates are looked at while shaking hands, so that no wrong clock locks anybody out. A CA is trusted
// because its certificate lies in our own folder, for as long as it lies there.

#pragma once

#include <memory>
#include <span>

#include "common/base/result.h"
#include "common/crypto/certificate.h"
#include "common/crypto/digest.h"
#include "common/crypto/tls_key.h"

namespace tls {

struct Context;

// The agent's side. The server's certificate must come from a trusted CA and be for the host that was
// dialled. That it is not valid yet, or has expired, by this machine's clock is no reason: a workstation
// whose clock is wrong must still reach the collector, which tells it the time and enforces its own
// certificate's dates by a clock that is looked after. Copies share one context.
class ClientTls {
 public:
  // invalid_argument if `trusted` is empty or `key` does not belong to `own`.
  [[nodiscard]] static base::Result<ClientTls> create(std::span<const crypto::Certificate> trusted,
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

// The collector's side. A client certificate of a trusted CA is asked for. None at all is let in and reported
// (a new agent has none yet), one that is not valid now too (an agent that was away renews over this
// connection); what each may do is the caller's decision. Any other fault of the certificate ends the
// handshake. Copies share one context.
class ServerTls {
 public:
  // The CA among `trusted` that issued `own` is sent along. invalid_argument if there is none, or `key` does
  // not belong to `own`.
  [[nodiscard]] static base::Result<ServerTls> create(std::span<const crypto::Certificate> trusted,
                                                      const crypto::Certificate& own,
                                                      const crypto::TlsKey& key);

  const std::shared_ptr<Context>& context() const { return context_; }

 private:
  explicit ServerTls(std::shared_ptr<Context> context) : context_{std::move(context)} {}
  std::shared_ptr<Context> context_;
};

}  // namespace tls
