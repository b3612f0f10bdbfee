// A way through an HTTP proxy: CONNECT (RFC 9110 section 9.3.6), with Basic sign-in (RFC 7617) if the proxy
// has a user. For this room.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/tls/any_stream.h"
#include "common/tls/dial.h"
#include "common/tls/proxy.h"
#include "common/tls/tls_stream.h"

namespace tls {

// Asks whoever is at the other end of `stream` for a tunnel to `host`. The stream is the tunnel afterwards.
// permission_denied: the proxy wants another sign-in or forbids it; unauthenticated: what answers is a
// captive portal; unavailable: the proxy cannot reach the host, or is none; deadline_exceeded.
[[nodiscard]] net::awaitable<base::Status> ask_for_tunnel(AnyStream& stream, Proxy proxy, std::string host,
                                                          std::uint16_t port, Deadline deadline);

// Dials the proxy, over TLS if it is spoken to so, asks for the tunnel and shakes hands with the host at its
// other end.
[[nodiscard]] net::awaitable<base::Result<SecureStream>> connect_through(Proxy proxy, ClientTls tls,
                                                                         std::string host, std::uint16_t port,
                                                                         Deadline deadline);

}  // namespace tls
