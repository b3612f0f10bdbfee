// Carries new rows through all steps, at its own pace.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "collector/pipeline/due.h"
#include "collector/pipeline/settings.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace collector::pipeline {

// The steps in order, each until it finds nothing to do. One thread at a time,
// and one Pipeline to a database.
class Pipeline {
 public:
  // `clock` must outlive it. The mails it composes are sent by others (send_mails.h).
  Pipeline(store::Connection connection, Settings settings, store::StartOfDay start_of_day,
           const timing::Clock& clock);

  // Everything that can be done now, until `stop` is asked for: then the step at hand is finished. Returns
  // the number of rows written; the first error ends it, and the next call goes on from there. With nothing
  // to do it only reads.
  [[nodiscard]] base::Result<std::int64_t> run(const std::stop_token& stop = {});

 private:
  // The next step that has something to do, `after` those that found they cannot go on.
  [[nodiscard]] base::Result<Step> next(Step after);
  [[nodiscard]] base::Result<std::int64_t> run_step(Step step);
  // Loads the directory again only when it has changed.
  [[nodiscard]] base::Status refresh(store::Transaction& tx);

  store::Connection connection_;
  Settings settings_;
  store::StartOfDay start_of_day_;
  const timing::Clock& clock_;
  std::optional<directory::Directory> directory_;
  // The directory's version at which no session that is not settled had to be attributed again. This
  // program's settings are always the same.
  std::optional<std::int64_t> looked_at_all_;
};

// A thread that runs a pipeline when it is woken, and once a second for what
// only time brings: comments that did not come, windows that close.
class Runner {
 public:
  explicit Runner(Pipeline pipeline);
  // Finishes the step at hand, then ends the thread.
  ~Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // There are new records. Safe from every thread.
  void wake();

 private:
  void loop(const std::stop_token& stop);
  // Says that the pipeline stands still, and that it goes on, once each.
  void log(const base::Result<std::int64_t>& done);

  Pipeline pipeline_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  std::string trouble_;  // Used on the thread alone.
  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace collector::pipeline
