// A time limit on something that Asio's cancellation does not reach: rings once, unless it is destroyed
// first.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace async {

namespace net = boost::asio;

// Lives on one executor and is used only from it.
class Alarm {
 public:
  // Calls `ring` on `executor` once, `limit` from now. `ring` may use whatever outlives this object.
  Alarm(const net::any_io_executor& executor, std::chrono::milliseconds limit, std::function<void()> ring);
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  bool rang() const { return state_->rang; }

 private:
  struct State {
    bool alive = true;
    bool rang = false;
  };
  std::shared_ptr<State> state_;
  net::steady_timer timer_;
};

}  // namespace async
