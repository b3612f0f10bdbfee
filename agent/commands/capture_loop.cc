#include "agent/commands/capture_loop.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "agent/tail/follower.h"
#include "common/async/offload.h"
#include "common/async/readiness.h"
#include "common/logging/log.h"

namespace agent::commands {

using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

// While the system tells of every change, new files included, this finds what it cannot tell: what another
// machine writes, and what only time changes.
constexpr milliseconds kTick{9'000};
// Where some place could not be watched: a new file is found within this time.
constexpr milliseconds kUnwatchedTick{4'000};
// Where the system tells of no changes at all.
constexpr milliseconds kPollingTick{250};
// After a failure of the outbox that may pass: disk full.
constexpr milliseconds kRetry{5'000};
// Records of the outbox that are hashed again in one go, about 10 ms.
constexpr std::size_t kCheckedAtOnce = 5'000;

}  // namespace

CaptureLoop::CaptureLoop(boost::asio::any_io_executor executor, boost::asio::any_io_executor worker,
                         capture::Capture& capture, process::ProcessWatch& processes, outbox::Outbox& outbox,
                         const timing::Clock& clock, Heard heard)
    : executor_{executor},
      worker_{std::move(worker)},
      capture_{capture},
      processes_{processes},
      outbox_{outbox},
      clock_{clock},
      heard_{std::move(heard)},
      watcher_{tail::system_watcher()},
      changed_{executor},
      files_drained_{executor},
      processes_drained_{executor} {}

CaptureLoop::~CaptureLoop() = default;

// Before files are looked for, so that one that comes in between is not missed.
void CaptureLoop::watch_places(const tail::Changes& changes) {
  if (!std::exchange(places_unwatched_, false) && !changes.everything) return;
  if (auto watched = capture_.watch_places(*watcher_); !watched) {
    all_watched_ = false;
    logging::warning("no notices of new profiles and traces; they are looked for every few seconds",
                     {{"reason", watched.error().message}});
  }
}

base::Status CaptureLoop::look_for_files() {
  const auto fresh = capture_.refresh();
  if (!fresh) return std::unexpected{fresh.error()};
  for (const auto& path : *fresh) {
    logging::info("watching", {{"trace", path}});
    // Without a watch the steady tick still reads it.
    if (auto watched = watcher_->watch(path); !watched) {
      all_watched_ = false;
      logging::warning("no change notices for a trace; it is read every few seconds",
                       {{"trace", path}, {"reason", watched.error().message}});
    }
  }
  return {};
}

// What is the same as before is neither logged nor written again: a write costs a sync of the disk.
void CaptureLoop::note(const std::string& text) {
  if (text == noted_) return;
  if (text != "ok") logging::warning("capture is not complete; it tries again", {{"reason", text}});
  if (auto done = outbox_.set_status("capture", text, clock_.utc()); done) noted_ = text;
}

awaitable<base::Result<capture::Step>> CaptureLoop::step() {
  base::Result<capture::Step> result;
  co_await async::offload(worker_, [&] {
    watch_places(watcher_->drain());
    if (auto looked = look_for_files(); !looked) {
      result = std::unexpected{looked.error()};
      note(looked.error().message);
      return;
    }
    result = capture_.step();
    note(!result ? result.error().message : result->unreadable ? result->unreadable->message : "ok");
    if (result && !result->more) check_outbox();
  });
  co_return result;
}

// On the worker: a part of the outbox's own check, until it is done. A start does not wait for it.
void CaptureLoop::check_outbox() {
  if (checked_) return;
  const auto progress = outbox_.check_slice(kCheckedAtOnce, clock_.utc());
  if (progress) {
    checked_ = progress->done;
    return;
  }
  logging::error("checking the outbox", {{"reason", progress.error().message}});
  damaged_ = progress.error().code == base::ErrorCode::corrupt;
}

awaitable<void> CaptureLoop::read() {
  for (;;) {
    const auto result = co_await step();
    files_drained_.set();
    processes_drained_.set();
    milliseconds pause{0};
    if (!result) {
      pause = kRetry;
    } else {
      if (result->records > 0) heard_.records();
      if (result->more) continue;
      if (result->settling) pause = tail::kSettleDelay;
    }
    if (damaged_) {
      heard_.damage();
      co_return;
    }
    if (pause.count() > 0) {
      boost::asio::steady_timer timer{executor_, pause};
      co_await timer.async_wait(boost::asio::use_awaitable);
    } else {
      co_await changed_.wait();
    }
  }
}

awaitable<void> CaptureLoop::tick() {
  for (;;) {
    const auto watched = all_watched_ ? kTick : kUnwatchedTick;
    const auto pause = watcher_->waitable() == base::kNotWaitable ? kPollingTick : watched;
    boost::asio::steady_timer timer{executor_, pause};
    co_await timer.async_wait(boost::asio::use_awaitable);
    changed_.set();
  }
}

awaitable<void> CaptureLoop::wake_by(base::Waitable waitable, async::Event& drained) {
  if (waitable == base::kNotWaitable) co_return;
  async::Readiness readiness{executor_, waitable};
  for (;;) {
    co_await readiness.wait();
    changed_.set();
    // It stays signalled until the worker has drained it.
    co_await drained.wait();
  }
}

awaitable<void> CaptureLoop::watch_files() {
  return wake_by(watcher_->waitable(), files_drained_);
}

awaitable<void> CaptureLoop::watch_processes() {
  return wake_by(processes_.waitable(), processes_drained_);
}

awaitable<void> CaptureLoop::take_terminals(std::uint64_t version, std::vector<std::uint64_t> digests) {
  co_await async::offload(worker_, [&] { capture_.set_terminals(version, std::move(digests)); });
  changed_.set();
}

}  // namespace agent::commands
