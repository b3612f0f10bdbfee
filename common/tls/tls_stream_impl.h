// TLS over a TCP socket or over another stream. For tls_stream.cc and tunnel.cc, one instantiation each.

#pragma once

#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/async/alarm.h"
#include "common/base/result.h"
#include "common/tls/any_stream.h"
#include "common/tls/explain.h"
#include "common/tls/peer.h"

namespace tls {

inline void close_now(net::ip::tcp::socket& socket) {
  error_code ignored;
  socket.close(ignored);
}
inline void close_now(AnyStream& stream) {
  stream.impl().close();
}

// `holder` keeps whoever owns `context` alive.
template <class Next>
class TlsStream final : public StreamImpl {
 public:
  TlsStream(Next next, net::ssl::context& context, std::shared_ptr<void> holder)
      : holder_{std::move(holder)}, stream_{std::move(next), context} {}

  net::any_io_executor get_executor() override { return stream_.get_executor(); }
  void read_some(std::vector<net::mutable_buffer> buffers, Done done) override {
    stream_.async_read_some(buffers, std::move(done));
  }
  void write_some(std::vector<net::const_buffer> buffers, Done done) override {
    stream_.async_write_some(buffers, std::move(done));
  }
  void shutdown(Done done) override { stream_.async_shutdown(std::move(done)); }
  void close() override { close_now(stream_.next_layer()); }

  // `server` names the other side in messages.
  net::awaitable<base::Status> handshake(net::ssl::stream_base::handshake_type role,
                                         std::chrono::milliseconds limit, std::string server = "the server") {
    error_code error;
    bool late = false;
    Presented presented;
    if (role == net::ssl::stream_base::client) watch_certificate(native(), presented);
    {
      const async::Alarm alarm{get_executor(), limit, [this] { close(); }};
      std::tie(error) = co_await stream_.async_handshake(role, net::as_tuple(net::use_awaitable));
      late = alarm.rang();
    }
    if (role == net::ssl::stream_base::client) forget_certificate(native());
    if (late) {
      co_return base::fail(base::ErrorCode::deadline_exceeded,
                           "the TLS handshake took too long: the network is slow, or something on the way "
                           "swallows what is sent");
    }
    if (error) {
      presented.server = server;
      presented.verify_result = SSL_get_verify_result(native());
      co_return std::unexpected{explain(error, presented)};
    }
    co_return base::Status{};
  }

  SSL* native() { return stream_.native_handle(); }

 private:
  std::shared_ptr<void> holder_;
  net::ssl::stream<Next> stream_;
};

}  // namespace tls
