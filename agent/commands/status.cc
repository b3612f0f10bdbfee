#include "agent/commands/status.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <ostream>

#include "agent/commands/config.h"

namespace agent::commands {

namespace {

// Waits, and tells Ctrl-C from the passing of time.
class Pause {
 public:
  explicit Pause(std::chrono::seconds length) : length_{length}, signals_{io_, SIGINT, SIGTERM}, timer_{io_} {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      ended_ = ended_ || !error;
      timer_.cancel();
    });
  }

  // False: Ctrl-C.
  bool wait() {
    bool over = false;
    timer_.expires_after(length_);
    timer_.async_wait([&](const boost::system::error_code&) { over = true; });
    while (!over && !ended_) io_.run_one();
    return !ended_;
  }

 private:
  std::chrono::seconds length_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_;
  boost::asio::steady_timer timer_;
  bool ended_ = false;
};

}  // namespace

int run_status(const StatusOptions& options, std::ostream& out, std::ostream& err) {
  const auto config = load_config(options.config);
  if (!config) {
    err << "deskledger-agent: " << config.error().message << '\n';
    return 1;
  }
  const auto directory = options.data_directory.value_or(config->data_directory);
  const auto view = load_view(directory);
  if (!view) {
    err << "deskledger-agent: " << view.error().message << '\n';
    return 1;
  }
  const auto& clock = timing::system_clock();
  if (options.watch) {
    Pause pause{std::chrono::seconds{options.interval_s}};
    return watch_status(
        {.directory = directory,
         .screen = [&options] { return options.json ? platform::Screen{} : platform::screen(); },
         .json = options.json,
         .wait = [&pause] { return pause.wait(); }},
        clock, out);
  }
  out << (options.json ? status_json(*view) + "\n" : status_text(*view, clock.utc()));
  return 0;
}

}  // namespace agent::commands
