#include "common/websocket/http.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <utility>

#include "common/async/alarm.h"
#include "common/async/event.h"
#include "common/tls/explain.h"
#include "common/websocket/upgrade.h"

namespace websocket {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using base::ErrorCode;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::string_view kType = "application/octet-stream";
// Of an answer's head; a request's is kRequestBytesMax.
constexpr std::uint32_t kHeadBytesMax = 16 * 1024;

// What both ends have in common: bytes in, bytes out, and why it ended.
class HttpEnd {
 public:
  HttpEnd(tls::AnyStream stream, std::string received, const Limits& limits)
      : stream_{std::move(stream)}, received_{std::move(received)}, limits_{limits} {}

  // The next whole message into `parser`. deadline_exceeded if it is not there within `limit`.
  template <class Parser>
  net::awaitable<base::Status> receive(Parser& parser, milliseconds limit) {
    const async::Alarm alarm{stream_.get_executor(), limit, [this] { close(); }};
    parser.eager(true);
    parser.body_limit(limits_.message_bytes_max);
    std::array<char, 4096> part{};
    for (;;) {
      beast::error_code error;
      // An empty buffer would be taken for the end of what there is.
      if (!received_.empty()) received_.erase(0, parser.put(net::buffer(received_), error));
      if (error && error != http::error::need_more) co_return std::unexpected{explain_http(error)};
      if (parser.is_done()) co_return base::Status{};
      const auto [failed, size] = co_await stream_.async_read_some(net::buffer(part), kAwait);
      received_.append(part.data(), size);
      if (!failed) continue;
      if (failed == net::error::eof && parser.got_some()) parser.put_eof(error);
      if (failed == net::error::eof && parser.is_done()) co_return base::Status{};
      co_return std::unexpected{explain(failed, alarm.rang(), limit)};
    }
  }

  net::awaitable<base::Status> send(std::string bytes) {
    const async::Alarm alarm{stream_.get_executor(), limits_.write, [this] { close(); }};
    const auto [error, size] = co_await net::async_write(stream_, net::buffer(bytes), kAwait);
    if (error) co_return std::unexpected{explain(error, alarm.rang(), limits_.write)};
    co_return base::Status{};
  }

  net::awaitable<void> shut_down() {
    const async::Alarm alarm{stream_.get_executor(), limits_.close, [this] { close(); }};
    co_await stream_.async_shutdown(kAwait);
    close();
  }

  void close() { stream_.impl().close(); }
  void abort() {
    aborted_ = true;
    close();
  }
  bool aborted() const { return aborted_; }
  const Limits& limits() const { return limits_; }
  net::any_io_executor executor() { return stream_.get_executor(); }

 private:
  base::Error explain_http(beast::error_code error) const {
    if (error == http::error::body_limit) {
      return {ErrorCode::corrupt, "a message of more than " + std::to_string(limits_.message_bytes_max) +
                                      " bytes is not accepted"};
    }
    return {ErrorCode::corrupt, "the other side does not keep to HTTP: " + error.message()};
  }
  base::Error explain(beast::error_code error, bool late, milliseconds limit) const {
    if (aborted_ && !late) return {ErrorCode::cancelled, "stopped"};
    if (late) {
      return {ErrorCode::deadline_exceeded,
              "the other side has been silent for " + std::to_string(limit.count() / 1000) + " s"};
    }
    return tls::explain(error);
  }

  tls::AnyStream stream_;
  std::string received_;  // Not parsed yet.
  Limits limits_;
  bool aborted_ = false;
};

// A message-wide limit of read(), from its start to its end.
class ReadLimit {
 public:
  ReadLimit(const net::any_io_executor& executor, milliseconds limit, std::function<void()> abort) {
    if (limit != kNoLimit) alarm_.emplace(executor, limit, std::move(abort));
  }
  base::Error explain(base::Error error) const {
    if (!alarm_ || !alarm_->rang()) return error;
    return {ErrorCode::deadline_exceeded, "no message came in time"};
  }

 private:
  std::optional<async::Alarm> alarm_;
};

const base::Error kStopped{ErrorCode::cancelled, "stopped"};

class HttpClient final : public Connection {
 public:
  HttpClient(tls::AnyStream stream, const std::string& host, std::string path, const Limits& limits)
      : end_{std::move(stream), {}, limits},
        path_{std::move(path)},
        head_{"POST " + path_ +
              " HTTP/1.1\r\nHost: " + (host.find(':') == std::string::npos ? host : '[' + host + ']') +
              "\r\nContent-Type: " + std::string{kType} + "\r\nContent-Length: "},
        asked_{end_.executor()},
        answered_{end_.executor()} {}

  const std::string& path() const override { return path_; }

  net::awaitable<base::Result<std::string>> read(milliseconds limit) override {
    const ReadLimit whole{end_.executor(), limit, [this] { abort(); }};
    for (;;) {
      auto answer = co_await next_answer();
      if (!answer) {
        abort();
        co_return base::fail("receiving", whole.explain(answer.error()));
      }
      if (*answer) co_return std::move(**answer);
    }
  }

  net::awaitable<base::Status> write(std::string message) override {
    while (question_ != Question::none && !end_.aborted()) co_await answered_.wait();
    co_return co_await post(std::move(message));
  }

  // There is nobody to say farewell to: the server sees the end of the stream.
  net::awaitable<void> close(CloseCode, std::string) override {
    end_.close();
    co_return;
  }

  void abort() override {
    end_.abort();
    asked_.set();
    answered_.set();
  }

 private:
  // What has become of the one request that may be under way.
  enum class Question { none, sending, sent };

  net::awaitable<base::Status> post(std::string body) {
    if (end_.aborted()) co_return base::fail("sending", kStopped);
    question_ = Question::sending;
    auto sent = co_await end_.send(head_ + std::to_string(body.size()) + "\r\n\r\n" + body);
    question_ = Question::sent;
    asked_.set();
    if (!sent) co_return base::fail("sending", sent.error());
    co_return sent;
  }

  // Waits for a question, or asks one itself when there is none for a while, and for its answer. Nothing: it
  // was answered with nothing.
  net::awaitable<base::Result<std::optional<std::string>>> next_answer() {
    while (question_ != Question::sent) {
      bool due = false;
      const async::Alarm ping{end_.executor(), end_.limits().idle / 2, [&] {
                                due = true;
                                asked_.set();
                              }};
      co_await asked_.wait();
      if (end_.aborted()) co_return std::unexpected{kStopped};
      if (!due || question_ != Question::none) continue;
      if (auto sent = co_await post(""); !sent) co_return std::unexpected{sent.error()};
    }
    http::response_parser<http::string_body> parser;
    parser.header_limit(kHeadBytesMax);
    const auto received = co_await end_.receive(parser, end_.limits().idle);
    if (!received) co_return std::unexpected{received.error()};
    question_ = Question::none;
    answered_.set();
    sign_of_life();
    auto& response = parser.get();
    if (response.result() == http::status::no_content) co_return std::optional<std::string>{};
    if (response.result() == http::status::ok) co_return std::optional{std::move(response.body())};
    co_return std::unexpected{explain_answer(response.result_int(), response.reason(), response.body())};
  }

  HttpEnd end_;
  std::string path_;
  std::string head_;  // Of each request, up to the length of its body.
  Question question_ = Question::none;
  async::Event asked_;
  async::Event answered_;
};

std::string_view status_of(CloseCode code) {
  switch (code) {
    case CloseCode::normal: return "204 No Content";
    case CloseCode::bad_message: return "400 Bad Request";
    case CloseCode::policy: return "403 Forbidden";
    case CloseCode::too_big: return "413 Payload Too Large";
    case CloseCode::internal_error: return "500 Internal Server Error";
    case CloseCode::going_away:
    case CloseCode::try_again_later: break;
  }
  return "503 Service Unavailable";
}

class HttpServer final : public Connection {
 public:
  HttpServer(tls::AnyStream stream, std::string path, std::string received, const Limits& limits)
      : end_{std::move(stream), std::move(received), limits},
        path_{std::move(path)},
        asked_{end_.executor()},
        answered_{end_.executor()} {}

  const std::string& path() const override { return path_; }

  net::awaitable<base::Result<std::string>> read(milliseconds limit) override {
    const ReadLimit whole{end_.executor(), limit, [this] { abort(); }};
    for (;;) {
      auto message = co_await next_message();
      if (!message) {
        abort();
        co_return base::fail("receiving", whole.explain(message.error()));
      }
      if (!message->empty()) co_return message;
    }
  }

  net::awaitable<base::Status> write(std::string message) override {
    waits_to_write_ = true;
    while (!unanswered_ && !ended()) co_await asked_.wait();
    waits_to_write_ = false;
    if (ended()) co_return base::fail("sending", kStopped);
    auto sent = co_await respond("200 OK", kType, std::move(message));
    if (!sent) co_return base::fail("sending", sent.error());
    co_return sent;
  }

  net::awaitable<void> close(CloseCode code, std::string reason) override {
    last_ = closed_ = true;
    if (unanswered_) {
      reason.resize(code == CloseCode::normal ? 0 : std::min<std::size_t>(reason.size(), 123));
      const auto told = co_await respond(status_of(code), "text/plain; charset=utf-8", reason);
      static_cast<void>(told);  // Farewells may get lost.
    }
    // A stream that somebody reads cannot be shut down in its own way.
    if (reading_) {
      end_.close();
    } else {
      co_await end_.shut_down();
    }
    wake();
  }

  void abort() override {
    end_.abort();
    wake();
  }

 private:
  bool ended() const { return closed_ || end_.aborted(); }
  void wake() {
    asked_.set();
    answered_.set();
  }

  // The next request's body. A ping has none.
  net::awaitable<base::Result<std::string>> next_message() {
    if (auto free = co_await last_is_answered(); !free) co_return std::unexpected{free.error()};
    http::request_parser<http::string_body> parser;
    parser.header_limit(kRequestBytesMax);
    reading_ = true;
    const auto received = co_await end_.receive(parser, end_.limits().idle);
    reading_ = false;
    if (!received) {
      if (received.error().code == ErrorCode::corrupt) {
        unanswered_ = true;
        co_await close(CloseCode::bad_message, "no message can be read from this");
      }
      co_return std::unexpected{received.error()};
    }
    sign_of_life();
    auto& request = parser.get();
    last_ = !request.keep_alive();
    unanswered_ = true;
    const std::string target{request.target()};
    if (request.method() != http::verb::post || target.substr(0, target.find('?')) != path_ ||
        request[http::field::content_type] != kType) {
      co_await close(CloseCode::bad_message, "only messages are posted here, and all to one path");
      co_return base::fail(ErrorCode::corrupt, "refused a request with 400 Bad Request");
    }
    if (waits_to_write_) {
      asked_.set();
    } else if (request.body().empty()) {
      if (auto told = co_await respond("204 No Content", "", ""); !told)
        co_return std::unexpected{told.error()};
    }
    co_return std::move(request.body());
  }

  // Waits for the answer to the request before, for as long as its client has patience: what is written later
  // goes with the answer to its next ping.
  net::awaitable<base::Status> last_is_answered() {
    bool late = false;
    const async::Alarm patience{end_.executor(), end_.limits().idle / 2, [&] {
                                  late = true;
                                  answered_.set();
                                }};
    while ((unanswered_ || sending_) && !ended()) {
      co_await answered_.wait();
      if (!late || !unanswered_ || sending_) continue;
      if (auto told = co_await respond("204 No Content", "", ""); !told) co_return told;
    }
    if (end_.aborted()) co_return std::unexpected{kStopped};
    if (last_) co_return base::fail(ErrorCode::unavailable, "the other side closed the connection");
    co_return base::Status{};
  }

  net::awaitable<base::Status> respond(std::string_view status, std::string_view type, std::string body) {
    unanswered_ = false;
    sending_ = true;
    std::string head{"HTTP/1.1 "};
    head.append(status).append("\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
    if (last_) head += "Connection: close\r\n";
    // RFC 9110 section 8.6: there is no length in a 204.
    if (!status.starts_with("204")) {
      head.append("Content-Type: ").append(type);
      head += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    }
    auto sent = co_await end_.send(head + "\r\n" + body);
    sending_ = false;
    answered_.set();
    co_return sent;
  }

  HttpEnd end_;
  std::string path_;
  async::Event asked_;       // For write().
  async::Event answered_;    // For read().
  bool unanswered_ = false;  // A request was read and has no answer yet.
  bool sending_ = false;
  bool waits_to_write_ = false;
  bool last_ = false;    // The client asked for an end, or we decided on it.
  bool closed_ = false;  // We said farewell.
  bool reading_ = false;
};

}  // namespace

bool may_be_posted(std::string_view path) {
  return path == kBatchPath || path == "/v1/enroll";
}

std::unique_ptr<Connection> connect_http(tls::AnyStream stream, std::string host, std::string path,
                                         Limits limits) {
  return std::make_unique<HttpClient>(std::move(stream), host, std::move(path), limits);
}

std::unique_ptr<Connection> accept_http(tls::AnyStream stream, std::string path, std::string received,
                                        Limits limits) {
  return std::make_unique<HttpServer>(std::move(stream), std::move(path), std::move(received), limits);
}

}  // namespace websocket
