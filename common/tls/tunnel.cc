#include "common/tls/tunnel.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "common/base/utf8.h"
#include "common/crypto/openssl.h"
#include "common/tls/context_impl.h"
#include "common/tls/system_trust.h"
#include "common/tls/tls_stream_impl.h"

namespace tls {

namespace {

using base::ErrorCode;
using net::ip::tcp;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::size_t kHeadBytesMax = 16 * 1024;

class TcpStream final : public StreamImpl {
 public:
  explicit TcpStream(tcp::socket socket) : socket_{std::move(socket)} {}

  net::any_io_executor get_executor() override { return socket_.get_executor(); }
  void read_some(std::vector<net::mutable_buffer> buffers, Done done) override {
    socket_.async_read_some(buffers, std::move(done));
  }
  void write_some(std::vector<net::const_buffer> buffers, Done done) override {
    socket_.async_write_some(buffers, std::move(done));
  }
  void shutdown(Done done) override {
    error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    done(error);
  }
  void close() override { close_now(socket_); }

 private:
  tcp::socket socket_;
};

std::string base64(const std::string& text) {
  std::vector<unsigned char> out(4 * ((text.size() + 2) / 3) + 1);
  const int size = EVP_EncodeBlock(out.data(), crypto::bytes_of(text), static_cast<int>(text.size()));
  return {out.begin(), out.begin() + size};
}

// The head of an answer, up to the empty line; it must be all there is, because whoever is at the other end
// of the tunnel waits for us.
net::awaitable<base::Result<std::string>> read_head(AnyStream& stream) {
  std::string head;
  std::array<char, 2048> part{};
  for (;;) {
    const auto [error, size] = co_await stream.async_read_some(net::buffer(part), kAwait);
    head.append(part.data(), size);
    const auto end = head.find("\r\n\r\n");
    if (end != std::string::npos) co_return head.substr(0, end + 4);
    if (!head.starts_with(std::string_view{"HTTP/1."}.substr(0, head.size())) ||
        head.size() > kHeadBytesMax) {
      co_return base::fail(ErrorCode::unavailable, "what answers is no HTTP proxy: check the address");
    }
    if (error) co_return std::unexpected{explain(error)};
  }
}

struct Answer {
  int status = 0;
  std::string reason;   // One line, printable.
  std::string schemes;  // Of Proxy-Authenticate.
};

std::string printable(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return base::to_valid_utf8(text.substr(0, 200));
}

bool is_field(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = line[i] >= 'A' && line[i] <= 'Z' ? static_cast<char>(line[i] - 'A' + 'a') : line[i];
    if (c != name[i]) return false;
  }
  return true;
}

Answer parse_answer(std::string_view head) {
  Answer answer;
  constexpr std::string_view kAuthenticate = "proxy-authenticate";
  bool first = true;
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end, head.size() - 2) + 2);
    if (std::exchange(first, false)) {
      // "HTTP/1.1 407 Proxy Authentication Required"
      const auto blank = std::min(line.find(' '), line.size());
      for (std::size_t at = blank + 1; at < line.size() && at < blank + 4; ++at) {
        if (line[at] >= '0' && line[at] <= '9') answer.status = answer.status * 10 + (line[at] - '0');
      }
      answer.reason = printable(std::string{line.substr(std::min(blank + 1, line.size()))});
    } else if (is_field(line, kAuthenticate)) {
      auto value = line.substr(kAuthenticate.size() + 1);
      value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
      answer.schemes += (answer.schemes.empty() ? "" : ", ") +
                        printable(std::string{value.substr(0, value.find_first_of(" \t"))});
    }
  }
  return answer;
}

base::Error explain_refusal(const Answer& answer, const Proxy& proxy, const std::string& target) {
  const std::string said = " (" + answer.reason + ")";
  switch (answer.status) {
    case 407:
      if (!answer.schemes.empty() && answer.schemes.find("asic") == std::string::npos) {
        return {ErrorCode::permission_denied, "the proxy wants a sign-in by " + answer.schemes +
                                                  ", and the agent knows Basic only: have the proxy let this "
                                                  "machine through to " +
                                                  target + " without one" + said};
      }
      if (proxy.user.empty()) {
        return {
            ErrorCode::permission_denied,
            "the proxy wants a user name and a password: give them in [proxy] url and password_file" + said};
      }
      return {ErrorCode::permission_denied,
              "the proxy does not take the user name or the password: check [proxy] url and password_file" +
                  said};
    case 403:
    case 405:
      return {ErrorCode::permission_denied,
              "the proxy forbids a tunnel to " + target + ": have it allow CONNECT to that" + said};
    case 502:
    case 503:
    case 504: return {ErrorCode::unavailable, "the proxy cannot reach " + target + said};
    default: break;
  }
  if (answer.status == 511 || (answer.status >= 300 && answer.status < 400)) {
    return {ErrorCode::unauthenticated,
            "portal: a page is shown in place of a tunnel: somebody must sign in with a browser" + said};
  }
  return {ErrorCode::unavailable, "the proxy made no tunnel to " + target + said};
}

}  // namespace

net::awaitable<base::Status> ask_for_tunnel(AnyStream& stream, Proxy proxy, std::string host,
                                            std::uint16_t port, Deadline deadline) {
  const async::Alarm alarm{stream.get_executor(), left_until(deadline), [&stream] { stream.impl().close(); }};
  const std::string target =
      (host.find(':') == std::string::npos ? host : '[' + host + ']') + ':' + std::to_string(port);
  std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy.user.empty()) {
    request += "Proxy-Authorization: Basic " + base64(proxy.user + ':' + proxy.password) + "\r\n";
  }
  request += "\r\n";
  const auto late = [] {
    return base::fail(ErrorCode::deadline_exceeded, "the proxy does not answer: check its address");
  };
  const auto [error, size] = co_await net::async_write(stream, net::buffer(request), kAwait);
  if (alarm.rang()) co_return late();
  if (error) co_return std::unexpected{explain(error)};
  const auto head = co_await read_head(stream);
  if (alarm.rang()) co_return late();
  if (!head) co_return std::unexpected{head.error()};
  const auto answer = parse_answer(*head);
  if (answer.status < 200 || answer.status > 299) {
    co_return std::unexpected{explain_refusal(answer, proxy, target)};
  }
  co_return base::Status{};
}

namespace {

// The proxy's own certificate, when it is spoken to over TLS, must be from a CA of the system's list.
net::awaitable<base::Result<AnyStream>> secured(AnyStream stream, Proxy proxy, Deadline deadline) {
  auto context = system_trust();
  if (!context) co_return std::unexpected{context.error()};
  auto tls = std::make_unique<TlsStream<AnyStream>>(std::move(stream), (*context)->native, *context);
  if (auto expected = expect_host(tls->native(), proxy.host); !expected)
    co_return std::unexpected{expected.error()};
  const auto shaken =
      co_await tls->handshake(net::ssl::stream_base::client, left_until(deadline), "the proxy");
  if (!shaken) co_return std::unexpected{shaken.error()};
  co_return AnyStream{std::move(tls)};
}

}  // namespace

net::awaitable<base::Result<SecureStream>> connect_through(Proxy proxy, ClientTls tls, std::string host,
                                                           std::uint16_t port, Deadline deadline) {
  const std::string through = "through the proxy " + proxy.name();
  auto socket = co_await dial(proxy.host, proxy.port, deadline);
  if (!socket) {
    co_return base::fail("the proxy " + proxy.name() + " cannot be reached; check [proxy] url",
                         socket.error());
  }
  AnyStream stream{std::make_unique<TcpStream>(*std::move(socket))};
  if (proxy.secure) {
    auto inner = co_await secured(std::move(stream), proxy, deadline);
    if (!inner) co_return base::fail(through, inner.error());
    stream = std::move(*inner);
  }
  const auto tunnel = co_await ask_for_tunnel(stream, proxy, host, port, deadline);
  if (!tunnel) co_return base::fail(through, tunnel.error());
  auto secure =
      std::make_unique<TlsStream<AnyStream>>(std::move(stream), tls.context()->native, tls.context());
  if (auto expected = expect_host(secure->native(), host); !expected)
    co_return std::unexpected{expected.error()};
  const auto shaken = co_await secure->handshake(net::ssl::stream_base::client, left_until(deadline));
  if (!shaken) co_return base::fail(through, shaken.error());
  auto peer = peer_of(secure->native());
  co_return SecureStream{
      .stream = AnyStream{std::move(secure)}, .peer = std::move(peer), .address = proxy.name()};
}

}  // namespace tls
