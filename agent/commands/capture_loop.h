// The waiting around agent/capture: wakes when a trace changes, steps until
// all is read, tells the uplink. Used by `run` alone.

#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/capture/capture.h"
#include "agent/outbox/outbox.h"
#include "agent/process/process_watch.h"
#include "agent/tail/watcher.h"
#include "common/async/event.h"
#include "common/base/waitable.h"
#include "common/timing/clock.h"

namespace agent::commands {

// Lives on one executor; capture and outbox are touched on `worker` only.
class CaptureLoop {
 public:
  struct Heard {
    std::function<void()> records;  // New records are durable.
    std::function<void()> damage;   // The outbox is damaged: it must be closed and set aside now.
  };

  // `heard` is called on the executor. References must outlive the loop.
  CaptureLoop(boost::asio::any_io_executor executor, boost::asio::any_io_executor worker,
              capture::Capture& capture, process::ProcessWatch& processes, outbox::Outbox& outbox,
              const timing::Clock& clock, Heard heard);
  ~CaptureLoop();

  // Each runs until its task is cancelled: reading, and the three that wake it.
  [[nodiscard]] boost::asio::awaitable<void> read();
  [[nodiscard]] boost::asio::awaitable<void> watch_files();
  [[nodiscard]] boost::asio::awaitable<void> watch_processes();
  [[nodiscard]] boost::asio::awaitable<void> tick();

  // On the executor: the collector's list of registered terminals has come.
  [[nodiscard]] boost::asio::awaitable<void> take_terminals(std::uint64_t version,
                                                            std::vector<std::uint64_t> digests);

 private:
  [[nodiscard]] boost::asio::awaitable<base::Result<capture::Step>> step();
  void check_outbox();
  [[nodiscard]] base::Status look_for_files();
  void watch_places(const tail::Changes& changes);
  [[nodiscard]] boost::asio::awaitable<void> wake_by(base::Waitable waitable, async::Event& drained);
  void note(const std::string& text);

  boost::asio::any_io_executor executor_;
  boost::asio::any_io_executor worker_;
  capture::Capture& capture_;
  process::ProcessWatch& processes_;
  outbox::Outbox& outbox_;
  const timing::Clock& clock_;
  Heard heard_;
  std::unique_ptr<tail::Watcher> watcher_;
  bool places_unwatched_ = true;
  std::atomic<bool> all_watched_ = true;  // Set on `worker`, read on the executor.
  bool checked_ = false;                  // The outbox, as a whole; on `worker`.
  bool damaged_ = false;                  // Set on `worker`, read when its step is over.
  std::string noted_;                     // What `status` was told last; on `worker`.
  async::Event changed_;
  async::Event files_drained_;
  async::Event processes_drained_;
};

}  // namespace agent::commands
