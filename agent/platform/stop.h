// Someone besides a signal asks the program to stop: the service manager of the system.

#pragma once

#include <functional>
#include <mutex>

namespace agent::platform {

// Joins one who asks, on a thread of its own, and one who listens. It must outlive both. Safe from every
// thread.
class Stop {
 public:
  // Whoever listens hears it once, now or as soon as it listens. Asking again changes nothing.
  void ask();
  [[nodiscard]] bool asked() const;

  // While it lives, `heard` is called at most once, on the thread that asks, and when it was asked before,
  // within the constructor. `heard` must be short and must not call back; after the destructor it is never
  // called. One listener at a time.
  class Listening {
   public:
    Listening(Stop& stop, std::function<void()> heard);
    ~Listening();
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

   private:
    Stop& stop_;
  };

 private:
  mutable std::mutex mutex_;
  bool asked_ = false;
  std::function<void()> heard_;
};

}  // namespace agent::platform
