// What is said, in which order, and to whom it is said no more.

#include "collector/net/speaker.h"

#include <gtest/gtest.h>

#include "common/async/task_group.h"
#include "tests/support/net/co_test.h"

namespace collector::net {
namespace {

using boost::asio::awaitable;

// Notes what is written; one that is deaf takes nothing until it is cut off.
class Ear final : public websocket::Connection {
 public:
  explicit Ear(boost::asio::io_context& io) : cut_off_{io.get_executor()} {}

  const std::string& path() const override { return path_; }
  awaitable<base::Result<std::string>> read(websocket::milliseconds) override {
    co_return base::fail(base::ErrorCode::unavailable, "says nothing");
  }
  awaitable<base::Status> write(std::string message) override {
    if (deaf) {
      co_await cut_off_.wait();
      co_return base::fail(base::ErrorCode::cancelled, "stopped");
    }
    heard.push_back(std::move(message));
    co_return base::Status{};
  }
  awaitable<void> close(websocket::CloseCode, std::string reason) override {
    heard.push_back("farewell: " + reason);
    co_return;
  }
  void abort() override { cut_off_.set(); }

  std::vector<std::string> heard;
  bool deaf = false;

 private:
  std::string path_ = "/v1/stream";
  async::Event cut_off_;
};

using Heard = std::vector<std::string>;
constexpr auto kPolicy = websocket::CloseCode::policy;

struct SpeakerTest : testing::Test {
  boost::asio::io_context io;
  Ear ear{io};
  Speaker speaker{io.get_executor(), ear, std::chrono::milliseconds{20}};
};

TEST_F(SpeakerTest, AnswersKeepTheOrderOfTheirQuestions) {
  const auto first = speaker.reserve();
  speaker.say("second");
  const auto third = speaker.reserve();
  speaker.end(kPolicy, "end");
  speaker.say("behind the end");
  third->fill([] { return Speaker::Word{.message = "third"}; });
  first->fill([] { return Speaker::Word{.message = "first"}; });
  support::run(io, speaker.run());
  EXPECT_EQ(ear.heard, (Heard{"first", "second", "third", "farewell: end"}));
  EXPECT_FALSE(speaker.is_late());
}

TEST_F(SpeakerTest, AnAnswerThatEndsIsTheLastOne) {
  speaker.reserve()->fill([] {
    return Speaker::Word{.message = "refused",
                         .farewell = Speaker::Farewell{.code = kPolicy, .reason = "no"}};
  });
  speaker.say("for nobody");
  support::run(io, speaker.run());
  EXPECT_EQ(ear.heard, (Heard{"refused", "farewell: no"}));
}

TEST_F(SpeakerTest, ACutDropsWhatWaits) {
  speaker.say("dropped");
  const auto place = speaker.reserve();
  speaker.cut(kPolicy, "silenced");
  place->fill([] { return Speaker::Word{.message = "too late"}; });
  support::run(io, speaker.run());
  EXPECT_EQ(ear.heard, (Heard{"farewell: silenced"}));
}

TEST_F(SpeakerTest, WhoDoesNotReadIsNotWaitedForForEver) {
  ear.deaf = true;
  speaker.say("anything");
  support::run(io, speaker.run());
  EXPECT_TRUE(speaker.is_late());
  EXPECT_TRUE(speaker.is_ending());
  support::run(io, speaker.room(1));
}

TEST_F(SpeakerTest, APlaceOutlivesItsSpeaker) {
  std::shared_ptr<Speaker::Place> place;
  {
    Speaker brief{io.get_executor(), ear, std::chrono::milliseconds{20}};
    place = brief.reserve();
  }
  place->fill([] { return Speaker::Word{.message = "to nobody"}; });
  EXPECT_TRUE(ear.heard.empty());
}

}  // namespace
}  // namespace collector::net
