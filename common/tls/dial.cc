#include "common/tls/dial.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "common/async/alarm.h"
#include "common/tls/explain.h"
#include "common/tls/tls_stream.h"

namespace tls {

using base::ErrorCode;
using net::ip::tcp;
using std::chrono::milliseconds;

namespace {

constexpr auto kAwait = net::as_tuple(net::use_awaitable);

using Endpoints = std::vector<tcp::endpoint>;

net::awaitable<base::Result<Endpoints>> resolve(std::string host, std::uint16_t port, milliseconds limit) {
  error_code not_an_address;
  const auto address = net::ip::make_address(host, not_an_address);
  // Asio resolves in a thread of its own; an address needs none.
  if (!not_an_address) co_return Endpoints{{address, port}};
  tcp::resolver resolver{co_await net::this_coro::executor};
  const async::Alarm alarm{resolver.get_executor(), limit, [&] { resolver.cancel(); }};
  const auto [error, found] =
      co_await resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service, kAwait);
  if (alarm.rang()) co_return base::fail(ErrorCode::deadline_exceeded, "the name was not resolved in time");
  if (error) {
    co_return base::fail(
        error == net::error::operation_aborted ? ErrorCode::cancelled : ErrorCode::unavailable,
        "the name is not known: " + error.message());
  }
  Endpoints endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

net::awaitable<base::Result<tcp::socket>> connect_to(tcp::endpoint endpoint, milliseconds limit) {
  tcp::socket socket{co_await net::this_coro::executor};
  const async::Alarm alarm{socket.get_executor(), limit, [&] {
                             error_code ignored;
                             socket.close(ignored);
                           }};
  const auto [error] = co_await socket.async_connect(endpoint, kAwait);
  if (alarm.rang())
    co_return base::fail(ErrorCode::deadline_exceeded, text_of(endpoint) + " does not answer");
  if (error) co_return base::fail(text_of(endpoint), explain(error));
  set_options(socket);
  co_return socket;
}

net::awaitable<base::Result<tcp::socket>> connect_to_any(Endpoints endpoints, Deadline deadline) {
  base::Result<tcp::socket> result = base::fail(ErrorCode::unavailable, "the name has no address");
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    result = co_await connect_to(endpoints[i], left_until(deadline) / static_cast<int>(endpoints.size() - i));
    if (result || result.error().code == ErrorCode::cancelled) break;
  }
  co_return result;
}

}  // namespace

milliseconds left_until(Deadline deadline) {
  return std::max(milliseconds{0},
                  std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now()));
}

std::string text_of(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(endpoint.port());
}

void set_options(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
#ifdef __linux__
  using UserTimeout = net::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
  socket.set_option(UserTimeout{static_cast<int>(kUserTimeout.count())}, ignored);
#endif
}

net::awaitable<base::Result<tcp::socket>> dial(std::string host, std::uint16_t port, Deadline deadline) {
  auto endpoints = co_await resolve(host, port, left_until(deadline));
  if (!endpoints) co_return std::unexpected{endpoints.error()};
  co_return co_await connect_to_any(*std::move(endpoints), deadline);
}

}  // namespace tls
