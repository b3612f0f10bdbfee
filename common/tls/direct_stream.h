// TLS over a TCP socket for a server that has thousands of them. Not on Windows.
//
// asio::ssl::stream keeps four buffers of 17 KiB for each connection, idle or
// not. Here OpenSSL reads from and writes to the socket itself, and has buffers
// only while there is something in them (SSL_MODE_RELEASE_BUFFERS).

#pragma once

#include <openssl/ssl.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "common/base/result.h"
#include "common/tls/any_stream.h"
#include "common/tls/context_impl.h"

namespace tls {

class DirectStream final : public StreamImpl {
 public:
  DirectStream(net::ip::tcp::socket socket, std::shared_ptr<Context> context);

  net::any_io_executor get_executor() override { return socket_.get_executor(); }
  void read_some(std::vector<net::mutable_buffer> buffers, Done done) override;
  void write_some(std::vector<net::const_buffer> buffers, Done done) override;
  void shutdown(Done done) override;
  void close() override;

  // As the server. Closes the socket when `limit` has passed.
  [[nodiscard]] net::awaitable<base::Status> handshake(std::chrono::milliseconds limit);

  SSL* native() { return ssl_.get(); }

 private:
  struct Operation;
  struct Retry;
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  // Tries `operation`; waits for the socket if that is what it takes. `at_once`: still inside the call that
  // began it, which must not be the one that completes it.
  void attempt(Operation operation, bool at_once);
  void finish(Operation operation, error_code error, std::size_t bytes, bool at_once);

  std::shared_ptr<Context> context_;
  net::ip::tcp::socket socket_;
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace tls
