// Messages as HTTP/1.1 requests and answers, where something between agent and collector breaks WebSocket's
// upgrade (docs/formats/wire.md, "HTTP").
//
// Each message of the client is the body of a POST with the type application/octet-stream on one connection
// that is kept alive; the answer is 200 with the server's next message, or 204 if there is none for half of
// Limits::idle. A POST without a body is a ping, which this room answers, with a message if one waits. Both
// ends find a peer that has vanished: the client pings at half of Limits::idle, and gives up when an answer
// takes longer than Limits::idle; the server gives up when no request comes for so long. There is never more
// than one request without an answer, so that whatever stands between sees plain HTTP.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/tls/any_stream.h"
#include "common/websocket/connection.h"

namespace websocket {

// Where the messages of a stream are posted to.
inline constexpr std::string_view kBatchPath = "/v1/batch";

// Whether messages may be posted to `path`: to kBatchPath, and for enrolment. The others are WebSockets'.
bool may_be_posted(std::string_view path);

// The client's end. Nothing is sent before the first write(), so it cannot fail yet.
[[nodiscard]] std::unique_ptr<Connection> connect_http(tls::AnyStream stream, std::string host,
                                                       std::string path, Limits limits = {});

// The server's end, for accept(). `received`: what was read of the stream already, from the beginning of the
// first request on. Requests for another path, with another method or type end the connection with a status.
[[nodiscard]] std::unique_ptr<Connection> accept_http(tls::AnyStream stream, std::string path,
                                                      std::string received, Limits limits);

}  // namespace websocket
