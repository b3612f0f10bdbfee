#include "collector/net/speaker.h"

#include <utility>

#include "common/async/alarm.h"

namespace collector::net {

using boost::asio::awaitable;

Speaker::Speaker(const boost::asio::any_io_executor& executor, websocket::Connection& socket,
                 std::chrono::milliseconds limit)
    : executor_{executor},
      socket_{socket},
      limit_{limit},
      wake_{std::make_shared<async::Event>(executor)},
      room_{executor} {}

void Speaker::Place::fill(Compose compose) {
  const auto wake = wake_.lock();
  if (!wake) return;
  compose_ = std::move(compose);
  wake->set();
}

std::shared_ptr<Speaker::Place> Speaker::reserve() {
  auto place = std::make_shared<Place>();
  place->wake_ = wake_;
  if (!ending_) places_.push_back(place);
  return place;
}

void Speaker::push(Word word) {
  reserve()->fill([word = std::move(word)]() mutable { return std::move(word); });
}

void Speaker::say(std::string message) {
  push({.message = std::move(message)});
}

void Speaker::end(websocket::CloseCode code, std::string reason) {
  push({.farewell = Farewell{.code = code, .reason = std::move(reason)}});
  ending_ = true;
}

void Speaker::cut(websocket::CloseCode code, std::string reason) {
  places_.clear();
  ending_ = false;
  end(code, std::move(reason));
  if (writing_) socket_.abort();
}

void Speaker::broke() {
  ending_ = true;
  places_.clear();
  room_.set();
  socket_.abort();
}

awaitable<bool> Speaker::write(std::string message) {
  const async::Alarm alarm{executor_, limit_, [this] {
                             late_ = true;
                             socket_.abort();
                           }};
  writing_ = true;
  const auto sent = co_await socket_.write(std::move(message));
  writing_ = false;
  co_return sent.has_value();
}

awaitable<void> Speaker::run() {
  for (;;) {
    while (places_.empty() || !places_.front()->compose_) co_await wake_->wait();
    auto word = (*places_.front()->compose_)();
    places_.pop_front();
    if (word.farewell) {
      // The last word of a refusal: what waits behind it is for nobody.
      ending_ = true;
      places_.clear();
    }
    if (!word.message.empty() && !co_await write(std::move(word.message))) co_return broke();
    room_.set();
    if (!word.farewell) continue;
    const async::Alarm alarm{executor_, kFarewellLimit, [this] { socket_.abort(); }};
    co_await socket_.close(word.farewell->code, std::move(word.farewell->reason));
    co_return;
  }
}

awaitable<void> Speaker::room(std::size_t n) {
  while (!ending_ && places_.size() + (writing_ ? 1 : 0) >= n) co_await room_.wait();
}

}  // namespace collector::net
