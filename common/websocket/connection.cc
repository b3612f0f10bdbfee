#include "common/websocket/connection.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <optional>
#include <utility>

#include "common/async/alarm.h"
#include "common/tls/explain.h"
#include "common/websocket/upgrade.h"

namespace websocket {

namespace beast = boost::beast;
namespace ws = boost::beast::websocket;
using base::ErrorCode;

namespace {

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
// A buffer that a large message has grown is given back instead of kept for the life of the connection.
constexpr std::size_t kBufferBytesKept = 16 * 1024;

// One line, printable, at most 200 bytes: the other side's words in our messages.
std::string first_line(std::string text) {
  text.erase(std::find_if(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }),
             text.end());
  std::replace_if(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; }, '?');
  return text.substr(0, 200);
}

base::Error explain_response(const ws::response_type& response) {
  const auto status = response.result_int();
  const auto code = status == 404                    ? ErrorCode::not_found
                    : status == 401 || status == 403 ? ErrorCode::permission_denied
                                                     : ErrorCode::unavailable;
  return {code, "the server answered " + std::to_string(status) + ' ' + std::string{response.reason()} +
                    ": " + first_line(response.body())};
}

}  // namespace

struct Connection::Impl {
  Impl(tls::AnyStream s, const Limits& l) : stream{std::move(s)}, limits{l} {
    // Beast's time-outs are off unless they are set.
    stream.set_option(ws::stream_base::timeout{
        .handshake_timeout = l.handshake, .idle_timeout = l.idle, .keep_alive_pings = true});
    stream.read_message_max(l.message_bytes_max);
    stream.binary(true);
    stream.auto_fragment(false);
  }

  base::Error explain(beast::error_code error, bool late) const {
    if (aborted || error == net::error::operation_aborted) {
      if (late) return {ErrorCode::deadline_exceeded, "no message came in time"};
      return {ErrorCode::cancelled, "stopped"};
    }
    if (error == beast::error::timeout) {
      return {ErrorCode::deadline_exceeded,
              "the other side has been silent for " + std::to_string(limits.idle.count() / 1000) + " s"};
    }
    if (error == ws::error::closed) {
      const auto& reason = stream.reason();
      return {ErrorCode::unavailable, "the other side closed the connection (" + std::to_string(reason.code) +
                                          ") " + first_line({reason.reason.data(), reason.reason.size()})};
    }
    if (error == ws::error::message_too_big) {
      return {ErrorCode::corrupt, "a message of more than " + std::to_string(limits.message_bytes_max) +
                                      " bytes is not accepted"};
    }
    if (error == ws::condition::protocol_violation) {
      return {ErrorCode::corrupt, "the other side breaks the WebSocket protocol: " + error.message()};
    }
    return tls::explain(error);
  }

  void abort() {
    aborted = true;
    stream.next_layer().impl().close();
  }

  ws::stream<tls::AnyStream, false> stream;
  Limits limits;
  beast::flat_buffer buffer;
  std::string path;
  bool aborted = false;
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Connection::~Connection() = default;

const std::string& Connection::path() const {
  return impl_->path;
}

net::awaitable<base::Result<std::string>> Connection::read(milliseconds limit) {
  auto& self = *impl_;
  std::optional<async::Alarm> alarm;
  if (limit != kNoLimit) alarm.emplace(self.stream.get_executor(), limit, [&self] { self.abort(); });
  const auto [error, size] = co_await self.stream.async_read(self.buffer, kAwait);
  if (error) {
    const auto failed = self.explain(error, alarm && alarm->rang());
    self.abort();
    co_return base::fail("receiving", failed);
  }
  if (!self.stream.got_binary()) {
    self.abort();
    co_return base::fail(ErrorCode::corrupt,
                         "receiving: a text message came where only binary ones are spoken");
  }
  std::string message{static_cast<const char*>(self.buffer.cdata().data()), size};
  self.buffer.consume(size);
  if (self.buffer.capacity() > kBufferBytesKept) self.buffer.shrink_to_fit();
  co_return message;
}

net::awaitable<base::Status> Connection::write(std::string message) {
  const auto [error, size] = co_await impl_->stream.async_write(net::buffer(message), kAwait);
  if (error) co_return base::fail("sending", impl_->explain(error, false));
  co_return base::Status{};
}

net::awaitable<void> Connection::close(CloseCode code, std::string reason) {
  auto& self = *impl_;
  const async::Alarm alarm{self.stream.get_executor(), self.limits.close, [&self] { self.abort(); }};
  const ws::close_reason farewell{static_cast<ws::close_code>(code), reason.substr(0, 123)};
  co_await self.stream.async_close(farewell, kAwait);
  self.stream.next_layer().impl().close();
}

void Connection::abort() {
  impl_->abort();
}

net::awaitable<base::Result<std::unique_ptr<Connection>>> connect(tls::AnyStream stream, std::string host,
                                                                  std::string path, Limits limits) {
  auto impl = std::make_unique<Connection::Impl>(std::move(stream), limits);
  ws::response_type response;
  const auto [error] = co_await impl->stream.async_handshake(response, host, path, kAwait);
  if (error == ws::error::upgrade_declined)
    co_return base::fail("opening " + path, explain_response(response));
  if (error == beast::error::timeout) {
    co_return base::fail(ErrorCode::deadline_exceeded, "opening " + path + ": the server did not answer");
  }
  if (error.category() == beast::http::make_error_code(beast::http::error::bad_version).category() &&
      error != beast::http::error::end_of_stream && error != beast::http::error::partial_message) {
    co_return base::fail(ErrorCode::corrupt,
                         "opening " + path + ": the answer is no HTTP: " + error.message());
  }
  if (error) co_return base::fail("opening " + path, impl->explain(error, false));
  impl->path = path;
  co_return std::unique_ptr<Connection>{new Connection{std::move(impl)}};
}

net::awaitable<base::Result<std::unique_ptr<Connection>>> accept(tls::AnyStream stream,
                                                                 std::vector<std::string> paths,
                                                                 std::string about, Limits limits) {
  const auto request = co_await read_request(stream, limits.handshake);
  std::optional<HttpRefusal> refusal;
  if (!request && request.error().code != ErrorCode::corrupt) co_return std::unexpected{request.error()};
  if (!request) {
    refusal = refuse_malformed(request.error(), about);
  } else {
    refusal = refuse_request(*request, paths, about);
  }
  if (refusal) {
    co_await answer(stream, std::move(refusal->response), limits.close);
    co_return std::unexpected{refusal->error};
  }
  auto impl = std::make_unique<Connection::Impl>(std::move(stream), limits);
  const auto [error] = co_await impl->stream.async_accept(*request, kAwait);
  if (error) co_return base::fail("accepting " + path_of(*request), impl->explain(error, false));
  impl->path = path_of(*request);
  co_return std::unique_ptr<Connection>{new Connection{std::move(impl)}};
}

}  // namespace websocket
