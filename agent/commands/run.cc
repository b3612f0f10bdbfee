#include "agent/commands/run.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <ostream>
#include <system_error>

#include "agent/capture/capture.h"
#include "agent/commands/capture_loop.h"
#include "agent/commands/config.h"
#include "agent/commands/proxy_choice.h"
#include "agent/commands/single.h"
#include "agent/identity/identity.h"
#include "agent/platform/memory.h"
#include "agent/platform/places.h"
#include "agent/tail/system_files.h"
#include "agent/uplink/uplink.h"
#include "common/async/task_group.h"
#include "common/base/version.h"
#include "common/logging/log.h"
#include "common/timing/clock.h"

namespace agent::commands {

namespace {

logging::Level level_of(const std::string& name) {
  if (name == "debug") return logging::Level::debug;
  if (name == "warning") return logging::Level::warning;
  return name == "error" ? logging::Level::error : logging::Level::info;
}

std::vector<std::string> patterns_of(const RunOptions& options, const Config& config) {
  if (!options.traces.empty()) return options.traces;
  std::vector<std::string> patterns = config.traces;
  if (config.default_places) {
    for (auto& pattern : tail::default_patterns(platform::system(), platform::environment())) {
      patterns.push_back(std::move(pattern));
    }
  }
  return patterns;
}

// Only an agent that may not report every session asks which terminals are registered. `loop` is made after
// the uplink and before it runs.
std::optional<uplink::TerminalReader> terminal_reader(const Config& config, const capture::Capture& capture,
                                                      const std::unique_ptr<CaptureLoop>& loop) {
  if (config.capture.unregistered == capture::Unregistered::report) return std::nullopt;
  return uplink::TerminalReader{.take =
                                    [&loop](std::uint64_t version, std::vector<std::uint64_t> digests) {
                                      return loop->take_terminals(version, std::move(digests));
                                    },
                                .known_version = capture.terminals_version()};
}

// Before the new outbox is begun: the collector keeps the numbers of the old one, and the same number twice
// would be an alarm.
base::Status begin_epoch(const std::filesystem::path& directory, identity::Identity& identity) {
  ++identity.epoch;
  return identity::save(directory, identity);
}

// An outbox that is missing, empty, damaged or another agent's is replaced and a new chain begun: the traces
// are read again, and the collector knows the sessions it has by their keys.
base::Result<outbox::Outbox> open_outbox(const std::filesystem::path& directory,
                                         identity::Identity& identity) {
  const auto path = directory / "outbox.db";
  std::error_code none;
  const auto bytes = std::filesystem::file_size(path, none);
  if (none || bytes == 0) {
    if (auto begun = begin_epoch(directory, identity); !begun) return std::unexpected{begun.error()};
    return outbox::Outbox::open(path, identity.agent_id, identity.epoch);
  }
  auto opened = outbox::Outbox::open(path, identity.agent_id, identity.epoch);
  if (opened || opened.error().code != base::ErrorCode::corrupt) return opened;
  if (auto begun = begin_epoch(directory, identity); !begun) return std::unexpected{begun.error()};
  const auto aside = outbox::quarantine(path, timing::system_clock().utc());
  if (!aside) return std::unexpected{aside.error()};
  logging::error("the outbox was damaged and is set aside; a new one begins",
                 {{"reason", opened.error().message}, {"kept_as", aside->string()}});
  return outbox::Outbox::open(path, identity.agent_id, identity.epoch);
}

// The start and each new connection run much code that the waiting agent does not need (docs/performance.md).
boost::asio::awaitable<void> stay_small(boost::asio::any_io_executor executor) {
  boost::asio::steady_timer timer{executor};
  for (std::chrono::seconds pause{10};; pause = std::chrono::minutes{10}) {
    timer.expires_after(pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
    platform::release_code_pages();
  }
}

enum class Ending { asked, crashed, damaged };

// Owns everything that runs on the network thread.
class Round {
 public:
  Round(boost::asio::io_context& io, platform::Stop& stop)
      : io_{io},
        stop_{stop},
        signals_{io, SIGINT, SIGTERM},
        tasks_{io.get_executor(), [this](std::exception_ptr crash) { crashed(std::move(crash)); }} {}

  // Until a signal, `stop`, a crash, or somebody calls end().
  Ending run(CaptureLoop& loop, uplink::Uplink& uplink) {
    tasks_.spawn(loop.read());
    tasks_.spawn(loop.watch_files());
    tasks_.spawn(loop.watch_processes());
    tasks_.spawn(loop.tick());
    tasks_.spawn(uplink.run());
    tasks_.spawn(stay_small(io_.get_executor()));
    signals_.async_wait([this](const boost::system::error_code&, int) {
      boost::asio::co_spawn(io_, tasks_.stop(), [](std::exception_ptr) {});
    });
    const platform::Stop::Listening listening{
        stop_, [this] { boost::asio::post(io_, [this] { signals_.cancel(); }); }};
    io_.run();
    return ending_;
  }

  // The waiting for a signal ends, and with it all tasks.
  void end(Ending why) {
    ending_ = why;
    signals_.cancel();
  }

 private:
  void crashed(std::exception_ptr crash) {
    try {
      std::rethrow_exception(std::move(crash));
    } catch (const std::exception& e) {
      logging::error("a task crashed", {{"what", e.what()}});
    }
    end(Ending::crashed);
  }

  boost::asio::io_context& io_;
  platform::Stop& stop_;
  boost::asio::signal_set signals_;
  async::TaskGroup tasks_;
  Ending ending_ = Ending::asked;
};

// The agent's life with one outbox.
base::Result<Ending> live(const RunOptions& options, const Config& config,
                          const std::filesystem::path& directory, outbox::Outbox& outbox) {
  const auto& clock = timing::system_clock();
  const auto files = tail::system_files();
  const auto processes = process::system_process_watch();
  capture::Capture capture{*files,
                           outbox,
                           clock,
                           patterns_of(options, config),
                           tail::letter_case(platform::system()),
                           {},
                           config.capture,
                           processes.get()};
  if (auto recalled = capture.recall(); !recalled) return std::unexpected{recalled.error()};
  boost::asio::io_context io{1};
  boost::asio::thread_pool worker{1};
  platform::Stop nobody;
  Round round{io, options.stop != nullptr ? *options.stop : nobody};
  std::unique_ptr<CaptureLoop> loop;
  uplink::Uplink uplink{io.get_executor(),
                        worker.get_executor(),
                        outbox,
                        {.directory = directory,
                         .agent_version = std::string{base::kVersion},
                         .os = platform::os_name(),
                         .hostname = platform::hostname(),
                         .pace = {},
                         .terminals = terminal_reader(config, capture, loop),
                         .transport = config.transport,
                         .proxy = [&config](const std::string& host) { return choose_proxy(config, host); }},
                        clock};
  loop = std::make_unique<CaptureLoop>(
      io.get_executor(), worker.get_executor(), capture, *processes, outbox, clock,
      CaptureLoop::Heard{.records = [&uplink] { uplink.wake(); },
                         .damage = [&round] { round.end(Ending::damaged); }});
  const Ending ending = round.run(*loop, uplink);
  worker.join();
  if (auto noted = outbox.set_status("connection", "not connected: the agent was stopped", clock.utc());
      !noted) {
    logging::warning("the status could not be written", {{"reason", noted.error().message}});
  }
  return ending;
}

}  // namespace

int run_agent(const RunOptions& options, std::ostream& out, std::ostream& err) {
  const auto fail = [&](const base::Error& error) {
    err << "deskledger-agent: " << error.message << '\n';
    return 1;
  };
  const auto config = load_config(options.config);
  if (!config) return fail(config.error());
  logging::set_level(level_of(config->log_level));
  const auto directory = options.data_directory.value_or(config->data_directory);
  auto identity = identity::load(directory);
  if (!identity) return fail(identity.error());
  const auto single = Single::take(directory);
  if (!single) return fail(single.error());
  out << "following traces as '" << identity->workstation << "'\n" << std::flush;
  Ending ending = Ending::damaged;
  while (ending == Ending::damaged) {
    // A damaged one is closed by now, and opening it sets it aside.
    auto outbox = open_outbox(directory, *identity);
    if (!outbox) return fail(outbox.error());
    const auto lived = live(options, *config, directory, *outbox);
    if (!lived) return fail(lived.error());
    ending = *lived;
  }
  logging::info("stopped");
  return ending == Ending::asked ? 0 : 1;
}

}  // namespace agent::commands
