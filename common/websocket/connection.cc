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
#include "common/websocket/http.h"
#include "common/websocket/upgrade.h"

namespace websocket {

namespace beast = boost::beast;
namespace ws = boost::beast::websocket;
using base::ErrorCode;

namespace {

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
// A buffer that a large message has grown is given back instead of kept for the life of the connection.
constexpr std::size_t kBufferBytesKept = 16 * 1024;

class WebSocket final : public Connection {
 public:
  WebSocket(tls::AnyStream s, std::string p, const Limits& l)
      : stream{std::move(s)}, limits{l}, asked_path{std::move(p)} {
    // Beast's time-outs are off unless they are set.
    stream.set_option(ws::stream_base::timeout{
        .handshake_timeout = l.handshake, .idle_timeout = l.idle, .keep_alive_pings = true});
    stream.read_message_max(l.message_bytes_max);
    stream.binary(true);
    stream.auto_fragment(false);
    stream.control_callback([this](ws::frame_type, beast::string_view) { sign_of_life(); });
  }

  const std::string& path() const override { return asked_path; }
  net::awaitable<base::Result<std::string>> read(milliseconds limit) override;
  net::awaitable<base::Status> write(std::string message) override;
  net::awaitable<void> close(CloseCode code, std::string reason) override;
  void abort() override {
    aborted = true;
    stream.next_layer().impl().close();
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

  ws::stream<tls::AnyStream, false> stream;
  Limits limits;
  beast::flat_buffer buffer;
  std::string asked_path;
  bool aborted = false;
};

net::awaitable<base::Result<std::string>> WebSocket::read(milliseconds limit) {
  std::optional<async::Alarm> alarm;
  if (limit != kNoLimit) alarm.emplace(stream.get_executor(), limit, [this] { abort(); });
  const auto [error, size] = co_await stream.async_read(buffer, kAwait);
  if (error) {
    const auto failed = explain(error, alarm && alarm->rang());
    abort();
    co_return base::fail("receiving", failed);
  }
  if (!stream.got_binary()) {
    abort();
    co_return base::fail(ErrorCode::corrupt,
                         "receiving: a text message came where only binary ones are spoken");
  }
  sign_of_life();
  std::string message{static_cast<const char*>(buffer.cdata().data()), size};
  buffer.consume(size);
  if (buffer.capacity() > kBufferBytesKept) buffer.shrink_to_fit();
  co_return message;
}

net::awaitable<base::Status> WebSocket::write(std::string message) {
  const async::Alarm alarm{stream.get_executor(), limits.write, [this] { abort(); }};
  const auto [error, size] = co_await stream.async_write(net::buffer(message), kAwait);
  if (!error) co_return base::Status{};
  if (alarm.rang()) {
    co_return base::fail(
        ErrorCode::deadline_exceeded,
        "sending: the other side took nothing for " + std::to_string(limits.write.count() / 1000) + " s");
  }
  co_return base::fail("sending", explain(error, false));
}

net::awaitable<void> WebSocket::close(CloseCode code, std::string reason) {
  const async::Alarm alarm{stream.get_executor(), limits.close, [this] { abort(); }};
  const ws::close_reason farewell{static_cast<ws::close_code>(code), reason.substr(0, 123)};
  co_await stream.async_close(farewell, kAwait);
  stream.next_layer().impl().close();
}

}  // namespace

net::awaitable<base::Result<std::unique_ptr<Connection>>> connect(tls::AnyStream stream, std::string host,
                                                                  std::string path, Limits limits,
                                                                  bool* refused) {
  auto socket = std::make_unique<WebSocket>(std::move(stream), path, limits);
  ws::response_type response;
  const auto [error] = co_await socket->stream.async_handshake(response, host, path, kAwait);
  if (error == ws::error::upgrade_declined) {
    // "Later" is said to every kind of request.
    const bool later = response.result_int() == 429 || response.result_int() == 503;
    if (refused != nullptr) *refused = !later;
    co_return base::fail("opening " + path,
                         explain_answer(response.result_int(), response.reason(), response.body()));
  }
  if (error == beast::error::timeout) {
    co_return base::fail(ErrorCode::deadline_exceeded, "opening " + path + ": the server did not answer");
  }
  if (error.category() == beast::http::make_error_code(beast::http::error::bad_version).category() &&
      error != beast::http::error::end_of_stream && error != beast::http::error::partial_message) {
    co_return base::fail(ErrorCode::corrupt,
                         "opening " + path + ": the answer is no HTTP: " + error.message());
  }
  if (error) co_return base::fail("opening " + path, socket->explain(error, false));
  co_return socket;
}

net::awaitable<base::Result<std::unique_ptr<Connection>>> accept(tls::AnyStream stream,
                                                                 std::vector<std::string> paths,
                                                                 std::string about, Limits limits) {
  std::string received;
  const auto request = co_await read_request(stream, limits.handshake, received);
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
  if (is_post(*request)) {
    co_return accept_http(std::move(stream), path_of(*request), std::move(received), limits);
  }
  auto socket = std::make_unique<WebSocket>(std::move(stream), path_of(*request), limits);
  const auto [error] = co_await socket->stream.async_accept(*request, kAwait);
  if (error) co_return base::fail("accepting " + path_of(*request), socket->explain(error, false));
  co_return socket;
}

}  // namespace websocket
