// Connections between agent and collector, from the first packet to the finished TLS handshake.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/crypto/digest.h"
#include "common/timing/utc.h"
#include "common/tls/any_stream.h"
#include "common/tls/context.h"
#include "common/tls/proxy.h"

namespace tls {

// How long the kernel lets sent bytes go unacknowledged before it gives the connection up (Linux; elsewhere
// only the WebSocket's pings find a peer that has vanished).
inline constexpr std::chrono::milliseconds kUserTimeout{20'000};

// The certificate of the other side, which is from our CA.
struct Peer {
  std::string common_name;
  crypto::Digest certificate;  // SHA-256 of its DER form
  timing::UtcMs not_after;
  bool expired;  // or not valid yet, by this machine's clock: what that means is the caller's decision
  crypto::Digest authority = {};  // SHA-256 of the CA certificate that the chain was verified up to
};

struct SecureStream {
  AnyStream stream;
  std::optional<Peer> peer;  // nothing: the client presented no certificate
  std::string address;       // of the other side: "192.0.2.7:51234" or "[2001:db8::7]:51234"
};

// Resolves `host` (a name or an address), tries its addresses one after another, and shakes hands, all within
// `limit` (a system resolver that hangs may exceed it: it cannot be interrupted). The error's message is a
// whole sentence for the person whose agent does not connect; explain.h has the codes, deadline_exceeded
// comes on top. With a proxy it is asked for a tunnel first (tunnel.h), and it is the proxy's name alone that
// is resolved here.
[[nodiscard]] net::awaitable<base::Result<SecureStream>> connect(ClientTls tls, std::string host,
                                                                 std::uint16_t port,
                                                                 std::chrono::milliseconds limit);
[[nodiscard]] net::awaitable<base::Result<SecureStream>> connect(ClientTls tls, std::string host,
                                                                 std::uint16_t port,
                                                                 std::chrono::milliseconds limit,
                                                                 std::optional<Proxy> proxy);

// Shakes hands on an accepted connection, within `limit`.
[[nodiscard]] net::awaitable<base::Result<SecureStream>> accept(ServerTls tls, net::ip::tcp::socket socket,
                                                                std::chrono::milliseconds limit);

}  // namespace tls
