// The waiting around agent/capture: wakes when a trace changes, steps until
// all is read, tells the uplink. Used by `run` alone.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "agent/capture/capture.h"
#include "agent/outbox/outbox.h"
#include "agent/tail/watcher.h"
#include "common/async/event.h"
#include "common/timing/clock.h"

namespace agent::commands {

// Lives on one executor; capture and outbox are touched on `worker` only.
class CaptureLoop {
 public:
  // `on_records` is called on the executor after new records are durable. References must outlive the loop.
  CaptureLoop(boost::asio::any_io_executor executor, boost::asio::any_io_executor worker,
              capture::Capture& capture, outbox::Outbox& outbox, const timing::Clock& clock,
              std::function<void()> on_records);
  ~CaptureLoop();

  // Each runs until its task is cancelled: reading, and the two that wake it.
  [[nodiscard]] boost::asio::awaitable<void> read();
  [[nodiscard]] boost::asio::awaitable<void> watch();
  [[nodiscard]] boost::asio::awaitable<void> tick();

 private:
  [[nodiscard]] boost::asio::awaitable<base::Result<capture::Step>> step();
  [[nodiscard]] base::Status look_for_files();
  void note(const std::string& text);

  boost::asio::any_io_executor executor_;
  boost::asio::any_io_executor worker_;
  capture::Capture& capture_;
  outbox::Outbox& outbox_;
  const timing::Clock& clock_;
  std::function<void()> on_records_;
  std::unique_ptr<tail::Watcher> watcher_;
  std::string noted_;  // What `status` was told last; on `worker`.
  async::Event changed_;
  async::Event drained_;
};

}  // namespace agent::commands
