#include "common/websocket/upgrade.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <utility>

#include "common/async/alarm.h"
#include "common/base/utf8.h"
#include "common/tls/explain.h"
#include "common/websocket/http.h"

namespace websocket {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using base::ErrorCode;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);

HttpRefusal refuse(ErrorCode code, const std::string& status, const std::string& fields,
                   const std::string& about) {
  const auto body = status + "\n" + about + "\n";
  return {.response = "HTTP/1.1 " + status +
                      "\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
                      "Connection: close\r\n" +
                      fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
          .error = {code, "refused a request with " + status}};
}

// Feeds `received` to `parser`. True when the head is complete.
base::Result<bool> parse(http::request_parser<http::empty_body>& parser, std::string& received) {
  beast::error_code error;
  const auto used = parser.put(net::buffer(received), error);
  received.erase(0, used);
  if (error && error != http::error::need_more) {
    return base::fail(ErrorCode::corrupt, "no HTTP request came: " + error.message());
  }
  return parser.is_header_done();
}

}  // namespace

net::awaitable<base::Result<Request>> read_request(tls::AnyStream& stream, std::chrono::milliseconds limit,
                                                   std::string& received) {
  const async::Alarm alarm{stream.get_executor(), limit, [&] { stream.impl().close(); }};
  http::request_parser<http::empty_body> parser;
  parser.header_limit(kRequestBytesMax);
  std::string unread;
  std::array<char, 1024> part{};
  for (;;) {
    const auto [error, size] = co_await stream.async_read_some(net::buffer(part), kAwait);
    if (alarm.rang()) co_return base::fail(ErrorCode::deadline_exceeded, "no HTTP request came in time");
    if (error) co_return base::fail("waiting for an HTTP request", tls::explain(error));
    received.append(part.data(), size);
    unread.append(part.data(), size);
    const auto complete = parse(parser, unread);
    if (!complete) co_return std::unexpected{complete.error()};
    if (*complete) break;
  }
  if (!unread.empty() && !parser.get().has_content_length() && !parser.get().chunked()) {
    co_return base::fail(ErrorCode::corrupt, "something follows the HTTP request");
  }
  co_return parser.release();
}

HttpRefusal refuse_malformed(const base::Error& error, const std::string& about) {
  auto refusal = refuse(error.code, "400 Bad Request", "", about);
  refusal.error = error;
  return refusal;
}

std::optional<HttpRefusal> refuse_request(const Request& request, const std::vector<std::string>& paths,
                                          const std::string& about) {
  if (std::find(paths.begin(), paths.end(), path_of(request)) == paths.end()) {
    return refuse(ErrorCode::not_found, "404 Not Found", "", about);
  }
  const bool posted = may_be_posted(path_of(request));
  if (posted && is_post(request)) return std::nullopt;
  if (request.method() != http::verb::get || path_of(request) == kBatchPath) {
    const std::string allowed = !posted ? "GET" : path_of(request) == kBatchPath ? "POST" : "GET, POST";
    return refuse(ErrorCode::invalid_argument, "405 Method Not Allowed", "Allow: " + allowed + "\r\n", about);
  }
  if (!beast::websocket::is_upgrade(request)) {
    return refuse(ErrorCode::invalid_argument, "426 Upgrade Required", "Upgrade: websocket\r\n", about);
  }
  return std::nullopt;
}

std::string path_of(const Request& request) {
  const std::string target{request.target()};
  return target.substr(0, target.find('?'));
}

bool is_post(const Request& request) {
  return request.method() == http::verb::post;
}

std::string first_line(std::string text) {
  text.erase(std::find_if(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }),
             text.end());
  std::replace_if(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; }, '?');
  return base::to_valid_utf8(text.substr(0, 200));
}

base::Error explain_answer(unsigned status, std::string_view reason, std::string_view text) {
  const auto code = status == 404                    ? ErrorCode::not_found
                    : status == 401 || status == 403 ? ErrorCode::permission_denied
                                                     : ErrorCode::unavailable;
  return {code, "the server answered " + std::to_string(status) + ' ' + first_line(std::string{reason}) +
                    ": " + first_line(std::string{text.substr(0, 1000)})};
}

net::awaitable<void> answer(tls::AnyStream& stream, std::string response, std::chrono::milliseconds limit) {
  const async::Alarm alarm{stream.get_executor(), limit, [&] { stream.impl().close(); }};
  const auto [failed, size] = co_await net::async_write(stream, net::buffer(response), kAwait);
  if (!failed) co_await stream.async_shutdown(kAwait);
  stream.impl().close();
}

}  // namespace websocket
