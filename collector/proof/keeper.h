// A thread that keeps the log: one step at an interval, and one when it ends.

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "collector/proof/log.h"
#include "collector/store/connection.h"
#include "common/timing/clock.h"

namespace collector::proof {

class Keeper {
 public:
  // The first step is made at once. `clock` must outlive it.
  Keeper(store::Connection database, Log log, std::chrono::seconds interval, const timing::Clock& clock);
  // Puts down what moved since the last step, then ends the thread.
  ~Keeper() = default;
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

 private:
  void loop(const std::stop_token& stop);
  // Says that the log stands still, and that it goes on, once each; that it is corrupt at each interval.
  void tell(const base::Result<bool>& done);

  store::Connection database_;
  Log log_;
  std::chrono::seconds interval_;
  const timing::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::string trouble_;  // Used on the thread alone.
  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace collector::proof
