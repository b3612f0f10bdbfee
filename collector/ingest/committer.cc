#include "collector/ingest/committer.h"

#include <pthread.h>

#include <utility>

#include "common/timing/clock.h"

namespace collector::ingest {

Committer::Committer(store::Connection connection, std::function<void()> on_committed)
    : connection_{std::move(connection)},
      on_committed_{std::move(on_committed)},
      thread_{[this] { run(); }} {}

Committer::~Committer() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool Committer::submit(Incoming incoming, Done done) {
  {
    const std::lock_guard lock{mutex_};
    if (stopping_ || queue_.size() >= kQueueMax) return false;
    queue_.push_back({std::move(incoming), std::move(done)});
  }
  wake_.notify_one();
  return true;
}

void Committer::run() {
  ::pthread_setname_np(::pthread_self(), "committer");
  for (;;) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      jobs.swap(queue_);
    }
    commit(jobs);
  }
}

void Committer::commit(std::vector<Job>& jobs) {
  std::vector<Answer> answers;
  const auto now = timing::system_clock().utc();
  const auto status = connection_.transaction([&](store::Transaction& tx) -> base::Status {
    answers.clear();
    for (const auto& job : jobs) {
      auto answer = take(tx, job.incoming, now);
      if (!answer) return std::unexpected{answer.error()};
      answers.push_back(std::move(*answer));
    }
    return {};
  });
  bool stored = false;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (status) {
      stored = stored || answers[i].outcome == record::v1::Ack::ACCEPTED;
      jobs[i].done(std::move(answers[i]));
    } else {
      jobs[i].done(std::unexpected{status.error()});
    }
  }
  if (stored) on_committed_();
}

}  // namespace collector::ingest
