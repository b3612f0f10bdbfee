#include "tests/support/net/relay.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <random>

#include "common/async/task_group.h"

namespace support {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::size_t kTrickle = 4'000;

enum class Fate { clear, cut, stall, trickle, late, half_open };

// One connection of each side, and what happens to it in one direction.
struct Link {
  tcp::socket agent;
  tcp::socket collector;
  Fate fate = Fate::clear;
  bool to_agent = false;  // The direction in which it happens.
  std::size_t at_byte = 0;
  std::chrono::milliseconds pause{};
  bool silent = false;  // What comes is taken and goes nowhere.

  void end() {
    boost::system::error_code ignored;
    agent.close(ignored);
    collector.close(ignored);
  }
};

}  // namespace

struct Relay::State {
  State(std::uint16_t to, Weather w, std::uint64_t seed) : to_port{to}, weather{w}, random{seed} {}

  net::io_context io{1};
  tcp::acceptor acceptor{io, tcp::endpoint{net::ip::address_v4::loopback(), 0}};
  const std::uint16_t port = acceptor.local_endpoint().port();
  std::uint16_t to_port;
  Weather weather;
  std::mt19937_64 random;
  Counts counts;
  std::list<std::weak_ptr<Link>> links;
  async::TaskGroup tasks{io.get_executor(), [](const std::exception_ptr& e) { std::rethrow_exception(e); }};

  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : random() % bound; }
  Fate draw();
  void meet(Link& link);
  net::awaitable<void> accept();
  net::awaitable<void> pass_on(tcp::socket from);
  net::awaitable<void> pump(std::shared_ptr<Link> link, bool to_agent);
  net::awaitable<void> hold_up(std::chrono::milliseconds pause);
  // True: the bytes go on.
  net::awaitable<bool> befall(Link& link);
  net::awaitable<void> end_all();
  void cut_links();
};

Fate Relay::State::draw() {
  const struct {
    int percent;
    Fate fate;
  } shares[] = {{weather.cut_percent, Fate::cut},
                {weather.stall_percent, Fate::stall},
                {weather.trickle_percent, Fate::trickle},
                {weather.late_percent, Fate::late},
                {weather.half_open_percent, Fate::half_open}};
  int roll = static_cast<int>(below(100));
  for (const auto& share : shares) {
    roll -= share.percent;
    if (roll < 0) return share.fate;
  }
  return Fate::clear;
}

void Relay::State::meet(Link& link) {
  link.fate = draw();
  // An answer is what comes to the agent.
  link.to_agent = link.fate == Fate::late || below(2) == 0;
  link.at_byte = below(static_cast<std::uint64_t>(weather.byte_max) + 1);
  link.pause = std::chrono::milliseconds{1 + below(static_cast<std::uint64_t>(weather.stall_ms))};
}

net::awaitable<void> Relay::State::accept() {
  for (;;) {
    auto socket = co_await acceptor.async_accept(net::use_awaitable);
    ++counts.connections;
    tasks.spawn(pass_on(std::move(socket)));
  }
}

net::awaitable<void> Relay::State::pass_on(tcp::socket from) {
  tcp::socket to{io};
  const tcp::endpoint there{net::ip::address_v4::loopback(), to_port};
  const auto [refused] = co_await to.async_connect(there, kAwait);
  if (refused) co_return;  // Closes the agent's end, as a port that nobody listens on would.
  auto link = std::make_shared<Link>(Link{.agent = std::move(from), .collector = std::move(to)});
  meet(*link);
  std::erase_if(links, [](const auto& one) { return one.expired(); });
  links.push_back(link);
  tasks.spawn(pump(link, true));
  tasks.spawn(pump(link, false));
}

net::awaitable<void> Relay::State::hold_up(std::chrono::milliseconds pause) {
  net::steady_timer timer{io, pause};
  [[maybe_unused]] const auto [ignored] = co_await timer.async_wait(kAwait);
}

net::awaitable<bool> Relay::State::befall(Link& link) {
  switch (link.fate) {
    case Fate::cut: ++counts.cuts; co_return false;
    case Fate::stall:
      ++counts.stalls;
      co_await hold_up(link.pause);
      co_return true;
    case Fate::late:
      ++counts.late;
      co_await hold_up(link.pause);
      co_return false;
    case Fate::half_open:
      ++counts.half_open;
      link.silent = true;
      co_return true;
    default: co_return true;
  }
}

net::awaitable<void> Relay::State::pump(std::shared_ptr<Link> link, bool to_agent) {
  auto& from = to_agent ? link->collector : link->agent;
  auto& to = to_agent ? link->agent : link->collector;
  const bool here = link->fate != Fate::clear && link->to_agent == to_agent;
  bool befallen = !here;
  std::array<char, 16 * 1024> bytes{};
  std::size_t passed = 0;
  for (;;) {
    const bool trickles =
        here && link->fate == Fate::trickle && passed >= link->at_byte && passed < link->at_byte + kTrickle;
    std::size_t most = trickles ? 1 : bytes.size();
    if (!befallen) most = std::min(most, std::max<std::size_t>(1, link->at_byte - passed));
    const auto [ended, count] = co_await from.async_read_some(net::buffer(bytes.data(), most), kAwait);
    if (ended) break;
    if (!befallen && passed + count > link->at_byte) {
      befallen = true;
      if (link->fate == Fate::trickle) ++counts.trickles;
      const bool goes_on = co_await befall(*link);
      if (!goes_on) break;
    }
    if (link->silent) continue;
    const auto [failed, written] = co_await net::async_write(to, net::buffer(bytes.data(), count), kAwait);
    if (failed) break;
    passed += count;
  }
  link->end();
}

void Relay::State::cut_links() {
  for (const auto& one : links) {
    if (const auto link = one.lock()) {
      ++counts.cuts;
      link->end();
    }
  }
  links.clear();
}

net::awaitable<void> Relay::State::end_all() {
  acceptor.close();
  cut_links();
  co_await tasks.stop();
}

Relay::Relay(std::uint16_t to_port, Weather weather, std::uint64_t seed)
    : state_{std::make_unique<State>(to_port, weather, seed)} {
  state_->tasks.spawn(state_->accept());
  thread_ = std::thread{[this] { state_->io.run(); }};
}

Relay::~Relay() {
  async::TaskGroup ending{state_->io.get_executor(), [](const std::exception_ptr&) {}};
  net::post(state_->io, [&] { ending.spawn(state_->end_all()); });
  thread_.join();
}

std::uint16_t Relay::port() const {
  return state_->port;
}

void Relay::set(Weather weather) {
  net::post(state_->io, [state = state_.get(), weather] { state->weather = weather; });
}

void Relay::cut_all() {
  net::post(state_->io, [state = state_.get()] { state->cut_links(); });
}

const Relay::Counts& Relay::counts() const {
  return state_->counts;
}

std::string Relay::summary() const {
  const auto& all = state_->counts;
  return std::to_string(all.connections) + " connections: " + std::to_string(all.cuts) + " cut, " +
         std::to_string(all.stalls) + " stalled, " + std::to_string(all.trickles) + " byte by byte, " +
         std::to_string(all.late) + " answered late, " + std::to_string(all.half_open) + " half-open";
}

}  // namespace support
