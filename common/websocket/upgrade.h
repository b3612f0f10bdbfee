// The HTTP request that begins a connection, read and judged; and answers of foreign servers in words. For
// this room and tests.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/tls/any_stream.h"

namespace websocket {

namespace net = boost::asio;

using Request = boost::beast::http::request<boost::beast::http::empty_body>;

// Of the request line and all header fields.
inline constexpr std::size_t kRequestBytesMax = 8 * 1024;

// The head of one request. Unless it announces a body, it must be all that the client has sent. `received`
// gets every byte that was read.
[[nodiscard]] net::awaitable<base::Result<Request>> read_request(tls::AnyStream& stream,
                                                                 std::chrono::milliseconds limit,
                                                                 std::string& received);

// A request we do not serve: what it is answered, and what our own side is told.
struct HttpRefusal {
  std::string response;
  base::Error error;
};

// The answer to something that is no HTTP request.
HttpRefusal refuse_malformed(const base::Error& error, const std::string& about);

// Nothing if `request` asks for a WebSocket on one of `paths`, or posts to one that may_be_posted(). The path
// is compared without its query.
std::optional<HttpRefusal> refuse_request(const Request& request, const std::vector<std::string>& paths,
                                          const std::string& about);

std::string path_of(const Request& request);
bool is_post(const Request& request);

// What an answer that is none of ours means: not_found for 404, permission_denied for 401 and 403, else
// unavailable. The message quotes the beginning of its text.
base::Error explain_answer(unsigned status, std::string_view reason, std::string_view text);

// The first line of `text`, printable, at most 200 bytes: the other side's words in our messages.
std::string first_line(std::string text);

// Sends `response` and closes the stream, within `limit`. That it does not arrive is no error.
net::awaitable<void> answer(tls::AnyStream& stream, std::string response, std::chrono::milliseconds limit);

}  // namespace websocket
