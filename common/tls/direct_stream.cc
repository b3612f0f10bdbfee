#include "common/tls/direct_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "common/async/alarm.h"
#include "common/tls/explain.h"

namespace tls {

using net::ip::tcp;

namespace {

// Of one record; what does not fit is asked for again.
constexpr std::size_t kGatheredBytesMax = 16 * 1024;

int descriptor_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int finish_io(BIO* bio, ssize_t size, int retry) {
  BIO_clear_retry_flags(bio);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_flags(bio, retry);
  return static_cast<int>(size);
}

// OpenSSL's own socket BIO would have us killed by SIGPIPE when the other side is gone.
int write_bio(BIO* bio, const char* data, int size) {
  return finish_io(bio, ::send(descriptor_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL),
                   BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
}

int read_bio(BIO* bio, char* data, int size) {
  return finish_io(bio, ::recv(descriptor_of(bio), data, static_cast<std::size_t>(size), 0),
                   BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
}

long control_bio(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO* make_bio(int descriptor) {
  static BIO_METHOD* const method = [] {
    auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
    BIO_meth_set_write(made, write_bio);
    BIO_meth_set_read(made, read_bio);
    BIO_meth_set_ctrl(made, control_bio);
    return made;
  }();
  auto* const bio = BIO_new(method);
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  BIO_set_init(bio, 1);
  return bio;
}

// Which way OpenSSL waits for the socket, or why it cannot go on.
struct Pause {
  std::optional<tcp::socket::wait_type> wait;
  error_code error;
};

Pause pause_of(SSL* ssl, int result) {
  const int reason = errno;
  switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ: return {.wait = tcp::socket::wait_read, .error = {}};
    case SSL_ERROR_WANT_WRITE: return {.wait = tcp::socket::wait_write, .error = {}};
    case SSL_ERROR_ZERO_RETURN: return {.wait = {}, .error = net::error::eof};
    case SSL_ERROR_SYSCALL:
      if (ERR_peek_error() == 0 && reason != 0)
        return {.wait = {}, .error = {reason, boost::system::system_category()}};
      return {.wait = {}, .error = net::ssl::error::stream_truncated};
    default: break;
  }
  const auto code = ERR_get_error();
  if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return {.wait = {}, .error = net::ssl::error::stream_truncated};
  return {.wait = {}, .error = {static_cast<int>(code), net::error::get_ssl_category()}};
}

}  // namespace

struct DirectStream::Operation {
  enum class Kind { read, write, shutdown };

  // What the library answers; `bytes` is what was moved.
  int run(SSL* ssl, std::size_t& bytes) const {
    ERR_clear_error();
    errno = 0;
    if (kind == Kind::read) return SSL_read_ex(ssl, target.data(), target.size(), &bytes);
    if (kind == Kind::write) {
      const bool whole = gathered.empty();
      return SSL_write_ex(ssl, whole ? source.data() : gathered.data(),
                          whole ? source.size() : gathered.size(), &bytes);
    }
    const int said = SSL_shutdown(ssl);
    // 0: our farewell is out, the other side's is still to come.
    return said == 0 ? SSL_shutdown(ssl) : said;
  }

  Kind kind;
  net::mutable_buffer target = {};
  net::const_buffer source = {};
  std::string gathered = {};  // Instead of `source`, where the bytes stood in several places.
  Done done;
};

struct DirectStream::Retry {
  using cancellation_slot_type = Done::cancellation_slot_type;
  cancellation_slot_type get_cancellation_slot() const noexcept {
    return operation.done.get_cancellation_slot();
  }

  void operator()(error_code error) {
    // After an error the stream may be gone already.
    if (error) return operation.done(error);
    auto& owner = *stream;
    owner.attempt(std::move(operation), false);
  }

  DirectStream* stream;
  Operation operation;
};

DirectStream::DirectStream(tcp::socket socket, std::shared_ptr<Context> context)
    : context_{std::move(context)},
      socket_{std::move(socket)},
      ssl_{SSL_new(context_->native.native_handle())} {
  error_code ignored;
  socket_.native_non_blocking(true, ignored);
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  auto* const bio = make_bio(socket_.native_handle());
  SSL_set_bio(ssl_.get(), bio, bio);
}

void DirectStream::attempt(Operation operation, bool at_once) {
  if (!socket_.is_open()) return finish(std::move(operation), net::error::operation_aborted, 0, at_once);
  std::size_t bytes = 0;
  const int result = operation.run(ssl_.get(), bytes);
  if (result > 0) return finish(std::move(operation), {}, bytes, at_once);
  const auto pause = pause_of(ssl_.get(), result);
  if (!pause.wait) return finish(std::move(operation), pause.error, 0, at_once);
  socket_.async_wait(*pause.wait, Retry{this, std::move(operation)});
}

void DirectStream::finish(Operation operation, error_code error, std::size_t bytes, bool at_once) {
  if (!at_once) return operation.done(error, bytes);
  net::post(get_executor(),
            [done = std::move(operation.done), error, bytes]() mutable { done(error, bytes); });
}

void DirectStream::read_some(std::vector<net::mutable_buffer> buffers, Done done) {
  Operation operation{.kind = Operation::Kind::read, .done = std::move(done)};
  for (const auto& buffer : buffers) {
    if (buffer.size() > 0) {
      operation.target = buffer;
      break;
    }
  }
  if (operation.target.size() == 0) return finish(std::move(operation), {}, 0, true);
  attempt(std::move(operation), true);
}

void DirectStream::write_some(std::vector<net::const_buffer> buffers, Done done) {
  Operation operation{.kind = Operation::Kind::write, .done = std::move(done)};
  std::erase_if(buffers, [](const auto& buffer) { return buffer.size() == 0; });
  if (buffers.empty()) return finish(std::move(operation), {}, 0, true);
  operation.source = buffers.front();
  if (buffers.size() > 1) {
    for (const auto& buffer : buffers) {
      const auto room = kGatheredBytesMax - operation.gathered.size();
      operation.gathered.append(static_cast<const char*>(buffer.data()), std::min(room, buffer.size()));
    }
  }
  attempt(std::move(operation), true);
}

void DirectStream::shutdown(Done done) {
  attempt({.kind = Operation::Kind::shutdown, .done = std::move(done)}, true);
}

void DirectStream::close() {
  error_code ignored;
  socket_.close(ignored);
}

net::awaitable<base::Status> DirectStream::handshake(std::chrono::milliseconds limit) {
  const async::Alarm alarm{get_executor(), limit, [this] { close(); }};
  error_code error;
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int result = socket_.is_open() ? SSL_accept(native()) : 0;
    if (result == 1) co_return base::Status{};
    const auto pause = socket_.is_open() ? pause_of(native(), result)
                                         : Pause{.wait = {}, .error = net::error::operation_aborted};
    error = pause.error;
    if (!pause.wait) break;
    std::tie(error) = co_await socket_.async_wait(*pause.wait, net::as_tuple(net::use_awaitable));
    if (error) break;
  }
  if (alarm.rang()) {
    co_return base::fail(base::ErrorCode::deadline_exceeded,
                         "the TLS handshake took too long: the network is slow, or something on the way "
                         "swallows what is sent");
  }
  Presented presented;
  presented.verify_result = SSL_get_verify_result(native());
  co_return std::unexpected{explain(error, presented)};
}

}  // namespace tls
