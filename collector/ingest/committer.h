// One thread that commits for all connections: it takes everything that has
// arrived, stores it in one transaction, and only then lets the answers go out
// (group commit). At one batch a commit a disk gives a few hundred a second; the
// more agents send at once, the more share one.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "collector/ingest/ingest.h"
#include "collector/store/connection.h"

namespace collector::ingest {

class Committer {
 public:
  // Called on the committer's thread when the fate of a batch is durable.
  using Done = std::function<void(base::Result<Answer>)>;
  // `on_committed` is called on the same thread after a commit that stored records.
  Committer(store::Connection connection, std::function<void()> on_committed);
  // Commits what has arrived, then ends the thread.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // False, and `done` is never called, when kQueueMax batches wait already: answer busy. Safe from every
  // thread.
  [[nodiscard]] bool submit(Incoming incoming, Done done);

  static constexpr std::size_t kQueueMax = 1024;

 private:
  struct Job {
    Incoming incoming;
    Done done;
  };

  void run();
  void commit(std::vector<Job>& jobs);

  store::Connection connection_;
  std::function<void()> on_committed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> queue_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace collector::ingest
