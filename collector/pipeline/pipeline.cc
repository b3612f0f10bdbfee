#include "collector/pipeline/pipeline.h"

#include "collector/pipeline/send_mails.h"
#include "collector/pipeline/steps.h"
#include "common/logging/log.h"

namespace collector::pipeline {

Pipeline::Pipeline(store::Connection connection, Settings settings, store::StartOfDay start_of_day,
                   std::unique_ptr<mail::Transport> transport, const timing::Clock& clock)
    : connection_{std::move(connection)},
      settings_{std::move(settings)},
      start_of_day_{std::move(start_of_day)},
      transport_{std::move(transport)},
      clock_{clock} {}

base::Result<std::int64_t> Pipeline::run() {
  std::int64_t total = 0;
  for (;;) {
    const auto written = run_steps();
    if (!written) return written;
    total += *written;
    if (*written == 0) return total;
  }
}

base::Result<std::int64_t> Pipeline::run_steps() {
  const auto now = clock_.utc();
  std::int64_t total = 0;
  // Each step in a transaction of its own, with the directory as it is then.
  const auto step = [&](auto&& work) -> base::Status {
    return connection_.transaction([&](store::Transaction& tx) -> base::Status {
      const auto written = work(tx);
      if (!written) return std::unexpected{written.error()};
      total += *written;
      return {};
    });
  };
  const auto with_directory = [&](auto&& work) {
    return step([&](store::Transaction& tx) -> base::Result<std::int64_t> {
      if (auto fresh = refresh(tx); !fresh) return std::unexpected{fresh.error()};
      return work(tx, *directory_);
    });
  };
  if (auto done = step([](auto& tx) { return assemble(tx); }); !done) return std::unexpected{done.error()};
  auto done = with_directory(
      [&](auto& tx, const auto& directory) { return attribute(tx, directory, settings_, now); });
  if (!done) return std::unexpected{done.error()};
  done = with_directory([&](auto& tx, const auto& directory) { return rate(tx, directory, now); });
  if (!done) return std::unexpected{done.error()};
  done = with_directory([&](auto& tx, const auto& directory) { return post(tx, directory, now); });
  if (!done) return std::unexpected{done.error()};
  done = with_directory(
      [&](auto& tx, const auto& directory) { return compose_mails(tx, directory, settings_, now); });
  if (!done) return std::unexpected{done.error()};
  if (transport_) {
    const auto sent = send_mails(connection_, *transport_, settings_.sender_address, clock_);
    if (!sent) return sent;
    total += *sent;
  }
  return total;
}

base::Status Pipeline::refresh(store::Transaction& tx) {
  const auto version = store::directory_version(tx);
  if (!version) return std::unexpected{version.error()};
  if (directory_ && directory_->version == *version) return {};
  auto directory = store::load_directory(tx, start_of_day_);
  if (!directory) return std::unexpected{directory.error()};
  directory_ = std::move(*directory);
  return {};
}

Runner::Runner(Pipeline pipeline)
    : pipeline_{std::move(pipeline)}, thread_{[this](const std::stop_token& stop) { loop(stop); }} {}

void Runner::wake() {
  {
    const std::lock_guard lock{mutex_};
    woken_ = true;
  }
  changed_.notify_one();
}

void Runner::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto done = pipeline_.run(); !done) {
      logging::error("the pipeline could not go on; it tries again", {{"reason", done.error().message}});
    }
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, std::chrono::seconds{1}, [this] { return woken_; });
    woken_ = false;
  }
}

}  // namespace collector::pipeline
