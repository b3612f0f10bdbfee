// Messages over a stream, of one of two kinds that their users need not tell apart:
//
// WebSocket (RFC 6455), binary messages only, without compression (it would let secrets of one message be
// guessed from the size of another). And, where something on the way breaks upgrades, HTTP (http.h): each
// message of the client is a POST, and the server's next message is its answer.
//
// A connection lives on one thread. One coroutine may read and one may write at the same time; a second
// reader or writer is a bug. A reader must always be there: it is what answers the other side's pings and
// finds a peer that has vanished. All operations must have ended before the connection is destroyed.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/tls/any_stream.h"

namespace websocket {

namespace net = boost::asio;
using std::chrono::milliseconds;

struct Limits {
  // A larger message ends the connection before it is in memory. A batch is at most 256 KiB and some fields.
  std::size_t message_bytes_max = 1024 * 1024;
  // From the first byte of the HTTP request to its answer.
  milliseconds handshake{10'000};
  // A peer that is silent for this long is gone; it is pinged at half of it. Together with the handshake of a
  // new connection, half-open ones are replaced within 30 s.
  milliseconds idle{20'000};
  // A message that the other side does not take for so long ends the connection.
  milliseconds write{30'000};
  // How long close() waits for the other side's farewell.
  milliseconds close{5'000};
};

// For read(): as long as the connection lasts.
inline constexpr milliseconds kNoLimit = milliseconds::max();

// Why a connection is ended (RFC 6455 section 7.4.1). The numbers are the wire's.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  bad_message = 1007,
  policy = 1008,
  too_big = 1009,
  internal_error = 1011,
  try_again_later = 1013,
};

class Connection {
 public:
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The path that was asked for, without query: "/v1/stream".
  virtual const std::string& path() const = 0;

  // The next message. unavailable when the other side has closed or the connection broke, deadline_exceeded
  // when it was silent for too long or `limit` passed, corrupt for a message that is too big or no binary
  // one, cancelled after abort() and when the task is stopped. After any of them the connection is of no more
  // use. Over HTTP a server hears nothing more until it has answered, or 10 s have passed.
  [[nodiscard]] virtual net::awaitable<base::Result<std::string>> read(milliseconds limit) = 0;

  // Returns when the message is with the operating system, which says nothing about its arrival. Errors as
  // read(). Over HTTP a client's message waits until the one before is answered, and a server's until there
  // is a request that it can answer with it, a ping at the latest.
  [[nodiscard]] virtual net::awaitable<base::Status> write(std::string message) = 0;

  // Says farewell and closes, within Limits::close. `reason` is cut to the 123 bytes that fit. May run while
  // another coroutine reads, not while one writes.
  virtual net::awaitable<void> close(CloseCode code, std::string reason) = 0;

  // `heard` is called for each message, ping and answer to a ping that comes, within read().
  void on_sign_of_life(std::function<void()> heard) { heard_ = std::move(heard); }

  // Closes at once; operations under way return cancelled.
  virtual void abort() = 0;

 protected:
  Connection() = default;
  void sign_of_life() const {
    if (heard_) heard_();
  }

 private:
  std::function<void()> heard_;
};

// Asks for a WebSocket at `path` ("/v1/stream") on `host`. not_found, permission_denied or unavailable, with
// the status and the first line of the answer, if the server refuses; corrupt if it does not speak HTTP.
// `refused` is set if there was an HTTP answer but no WebSocket, other than "later" (429, 503).
[[nodiscard]] net::awaitable<base::Result<std::unique_ptr<Connection>>> connect(
    tls::AnyStream stream, std::string host, std::string path, Limits limits = {}, bool* refused = nullptr);

// Waits for a client that asks for one of `paths`: with GET for a WebSocket, or with POST for one message
// after the other, if may_be_posted(). Anyone else is answered over HTTP with a status and `about`, one line
// that says what this port is, and is returned as an error: not_found (path), invalid_argument (method, or no
// WebSocket), corrupt (no HTTP), deadline_exceeded.
[[nodiscard]] net::awaitable<base::Result<std::unique_ptr<Connection>>> accept(tls::AnyStream stream,
                                                                               std::vector<std::string> paths,
                                                                               std::string about,
                                                                               Limits limits = {});

}  // namespace websocket
