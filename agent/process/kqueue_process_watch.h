// The macOS witness. Untried on macOS: its test runs it on Linux over a double of
// kqueue that is written from the manual page (tests/support/kqueue).

#pragma once

#include <map>

#include "agent/process/process_info.h"
#include "agent/process/process_watch.h"

namespace agent::process {

// EVFILT_PROC of kqueue(2), which has one place for each pid: watch() takes what has ended from the queue, so
// call drain() after it and not only when the waitable is signalled. The status of an end (NOTE_EXITSTATUS)
// is told to root and to the process's own user; to others the cause is unknown.
class KqueueProcessWatch final : public ProcessWatch {
 public:
  KqueueProcessWatch(std::string program_stem, LookUp look_up);
  ~KqueueProcessWatch() override;
  KqueueProcessWatch(const KqueueProcessWatch&) = delete;
  KqueueProcessWatch& operator=(const KqueueProcessWatch&) = delete;

  [[nodiscard]] base::Waitable waitable() const override { return queue_; }
  [[nodiscard]] Look watch(std::uint32_t pid) override;
  void forget(std::uint32_t pid) override;
  [[nodiscard]] std::vector<End> drain() override;

 private:
  struct Watched {
    Identity who;
    bool with_status = false;
  };

  void take();

  std::string stem_;
  LookUp look_up_;
  int queue_;
  std::map<std::uint32_t, Watched> watched_;  // By pid.
  std::vector<End> ends_;                     // Taken from the queue, not told yet.
};

}  // namespace agent::process
