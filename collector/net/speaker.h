// The one coroutine that writes to a connection: says what it is given, in order, and says farewell.
//
// Lives on one executor. Answers come from other threads at their own pace, so a place in the order is taken
// when the question comes and filled when its answer is there. Whoever takes places waits for room, which
// bounds what is kept.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/async/event.h"
#include "common/websocket/connection.h"

namespace collector::net {

class Speaker {
 public:
  struct Farewell {
    websocket::CloseCode code;
    std::string reason;
  };
  // A message, or the end, or both.
  struct Word {
    std::string message = {};
    std::optional<Farewell> farewell = {};
  };
  // Called when it is this answer's turn, on the executor.
  using Compose = std::function<Word()>;

  // A message that the other side has not taken within `limit` ends the connection.
  Speaker(const boost::asio::any_io_executor& executor, websocket::Connection& socket,
          std::chrono::milliseconds limit);
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;

  // A place for an answer that is not known yet.
  class Place {
   public:
    // Once. Does nothing if the speaker is gone. On the executor.
    void fill(Compose compose);

   private:
    friend class Speaker;
    std::optional<Compose> compose_;
    std::weak_ptr<async::Event> wake_;
  };
  std::shared_ptr<Place> reserve();

  void say(std::string message);
  // Ends the connection after everything that was said. Nothing is said behind it.
  void end(websocket::CloseCode code, std::string reason);
  // Ends it now: what waits is dropped, and who does not read is not waited for.
  void cut(websocket::CloseCode code, std::string reason);

  // True from end() or cut() on, and when the connection broke.
  bool is_ending() const { return ending_; }
  // True if it broke because the other side did not read.
  bool is_late() const { return late_; }

  // Until the farewell is over, or the connection broke.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // Until fewer than `n` words are not sent yet, or nothing more will be said. One waiter.
  [[nodiscard]] boost::asio::awaitable<void> room(std::size_t n);

  // A farewell that is not answered within this time ends without.
  static constexpr std::chrono::milliseconds kFarewellLimit{2'000};

 private:
  void push(Word word);
  [[nodiscard]] boost::asio::awaitable<bool> write(std::string message);
  void broke();

  boost::asio::any_io_executor executor_;
  websocket::Connection& socket_;
  std::chrono::milliseconds limit_;
  std::deque<std::shared_ptr<Place>> places_;
  std::shared_ptr<async::Event> wake_;  // Outlives the speaker in the hands of an answer under way.
  async::Event room_;
  bool ending_ = false;
  bool writing_ = false;
  bool late_ = false;
};

}  // namespace collector::net
