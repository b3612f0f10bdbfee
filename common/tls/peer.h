// What OpenSSL tells of the other side. For this room.

#pragma once

#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/tls/explain.h"
#include "common/tls/tls_stream.h"

struct ssl_st;

namespace tls {

// From now on `presented`, which must outlive the watching, gets the names in a certificate of the other side
// that does not hold. OpenSSL forgets a certificate it did not accept.
void watch_certificate(ssl_st* native, Presented& presented);
void forget_certificate(ssl_st* native);

// The name goes into the ClientHello and into the check of the certificate.
[[nodiscard]] base::Status expect_host(ssl_st* native, const std::string& host);

// After a handshake. Nothing: no certificate was presented.
std::optional<Peer> peer_of(ssl_st* native);

}  // namespace tls
