// Inside this room only: whose turn it is to write to an SQLite file, among the
// connections of this process.
//
// SQLite lets one write at a time and makes the others look again after 1, 2, 5,
// ... 100 ms; whoever asks often wins. In turn, each starts the moment the one
// before has ended. Other processes are still held off by SQLite's own lock.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace collector::store {

class WriteTurns {
 public:
  // The one queue of this process for the file of that name.
  static std::shared_ptr<WriteTurns> of(const std::string& file);

  // Waits for the turn, first come, first served. False if it did not come within `limit`.
  [[nodiscard]] bool take(std::chrono::milliseconds limit);
  void give_back();

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::uint64_t next_ = 0;  // Ticket of the next to come.
  std::uint64_t serving_ = 0;
  std::set<std::uint64_t> left_;  // Tickets of those who gave up.
};

// Gives the turn back at its end.
class WriteTurn {
 public:
  WriteTurn() = default;
  WriteTurn(const WriteTurn&) = delete;
  WriteTurn& operator=(const WriteTurn&) = delete;
  ~WriteTurn() {
    if (turns_ != nullptr) turns_->give_back();
  }

  [[nodiscard]] bool take(WriteTurns& turns, std::chrono::milliseconds limit) {
    if (!turns.take(limit)) return false;
    turns_ = &turns;
    return true;
  }

 private:
  WriteTurns* turns_ = nullptr;
};

}  // namespace collector::store
