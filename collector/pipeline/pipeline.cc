#include "collector/pipeline/pipeline.h"

#include <pthread.h>

#include "collector/pipeline/steps.h"
#include "common/logging/log.h"

namespace collector::pipeline {

Pipeline::Pipeline(store::Connection connection, Settings settings, store::StartOfDay start_of_day,
                   const timing::Clock& clock)
    : connection_{std::move(connection)},
      settings_{std::move(settings)},
      start_of_day_{std::move(start_of_day)},
      clock_{clock} {}

base::Result<std::int64_t> Pipeline::run(const std::stop_token& stop) {
  std::int64_t total = 0;
  Step after = Step::none;
  while (!stop.stop_requested()) {
    const auto step = next(after);
    if (!step) return std::unexpected{step.error()};
    if (*step == Step::none) break;
    // What is not up to date must not be told: the first error ends it.
    const auto written = run_step(*step);
    if (!written) return written;
    total += *written;
    // Who had something to do and did nothing would do nothing again.
    after = *written == 0 ? *step : Step::none;
  }
  return total;
}

base::Result<Step> Pipeline::next(Step after) {
  Step step = Step::none;
  const auto read = connection_.read([&](store::Transaction& tx) -> base::Status {
    const auto version = store::directory_version(tx);
    if (!version) return std::unexpected{version.error()};
    const bool all = looked_at_all_ != *version;
    const auto found = next_step(tx, settings_, clock_.utc(), after, all);
    if (!found) return std::unexpected{found.error()};
    step = *found;
    if (all && after < Step::attribute && (step == Step::none || step > Step::attribute)) {
      looked_at_all_ = *version;
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return step;
}

base::Result<std::int64_t> Pipeline::run_step(Step step) {
  const auto now = clock_.utc();
  std::int64_t written = 0;
  // In a transaction of its own, with the directory as it is then.
  const auto done = connection_.transaction([&](store::Transaction& tx) -> base::Status {
    if (auto fresh = refresh(tx); !fresh) return fresh;
    const auto rows = carry_out(step, tx, *directory_, settings_, start_of_day_, now);
    if (!rows) return std::unexpected{rows.error()};
    written = *rows;
    return {};
  });
  if (!done) return std::unexpected{done.error()};
  return written;
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

namespace {

// Nobody waits for a session so impatiently.
constexpr std::chrono::milliseconds kGathers{50};

}  // namespace

Runner::Runner(Pipeline pipeline)
    : pipeline_{std::move(pipeline)}, thread_{[this](const std::stop_token& stop) { loop(stop); }} {}

void Runner::wake() {
  {
    const std::lock_guard lock{mutex_};
    woken_ = true;
  }
  changed_.notify_one();
}

void Runner::log(const base::Result<std::int64_t>& done) {
  const std::string trouble = done ? "" : done.error().message;
  if (trouble == trouble_) return;
  if (done) {
    logging::info("the pipeline goes on");
  } else {
    logging::error("the pipeline could not go on; it tries again every second", {{"reason", trouble}});
  }
  trouble_ = trouble;
}

void Runner::loop(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "pipeline");
  while (!stop.stop_requested()) {
    log(pipeline_.run(stop));
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, std::chrono::seconds{1}, [this] { return woken_; });
    // What arrives one by one is taken together; each of our transactions makes those wait who store.
    if (woken_) changed_.wait_for(lock, stop, kGathers, [] { return false; });
    woken_ = false;
  }
}

}  // namespace collector::pipeline
