// The disk is full, a real one of 8 MiB: reading stops, the status is still written, and with the space
// everything comes.

#include "tests/agent/capture/world.h"
#include "tests/agent/outbox/small_disk.h"

namespace {

using namespace capture_tests;
using agent::outbox::Outbox;
using base::ErrorCode;

class FullDisk : public World {
 protected:
  void SetUp() override {
    outbox.reset();
    if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
    path = small / "outbox.db";
    reserve = small / "outbox.db.reserve";
    outbox = std::make_unique<Outbox>(open());
    text = shipped_traces().at("linux-7.1-service");
    file = files.create(kTrace);
  }
  void TearDown() override { outbox.reset(); }

  void grow(std::size_t bytes) { file->bytes += text.substr(file->bytes.size(), bytes); }

  // New lines and steps until the outbox takes nothing any more.
  base::Error step_until_full(Capture& running) {
    for (int i = 0; i < 1000; ++i) {
      grow(500);
      EXPECT_TRUE(running.refresh());
      if (const auto step = running.step(); !step) return step.error();
      // What fits into the blocks that SQLite has already is still taken.
      EXPECT_TRUE(outbox->set_status("filling", std::to_string(i), clock.utc()));
      if (file->bytes.size() < text.size()) continue;
      const auto more = outbox->append({std::string(30'000, 'm')}, {}, {});
      if (!more) return more.error();
    }
    ADD_FAILURE() << "it never becomes full";
    return {};
  }

  // What was told, each fact as often as on a disk with room; other bodies are the test's.
  void expect_everything_once() {
    const auto told = bodies_told();
    EXPECT_EQ(sessions_of(told), parsed(text));
    EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n'));
    outbox_tests::expect_sound(*outbox);
    outbox.reset();
    path = folder / "undisturbed.db";
    outbox = std::make_unique<Outbox>(open());
    auto running = capture();
    settle(running);
    EXPECT_EQ(told, bodies_told());
  }

  std::vector<std::string> bodies_told() {
    std::vector<std::string> told;
    for (const auto& record : outbox_tests::all_records(*outbox)) {
      if (!record.body.starts_with("mmm")) told.push_back(record.body);
    }
    return told;
  }

  // As the idle agent looks at it: also where the oldest records are gone.
  void expect_sound_to_the_end() {
    for (;;) {
      const auto checked = outbox->check_slice(1000, clock.utc());
      ASSERT_TRUE(checked) << checked.error().message;
      if (checked->done) return;
    }
  }

  static std::map<std::string, std::string> sessions_of(const std::vector<std::string>& told) {
    std::map<std::string, std::string> last;
    for (const auto& body : told) {
      wire::Fact fact;
      EXPECT_TRUE(fact.ParseFromString(body));
      if (fact.has_session()) last[fact.session().session_key()] = fact.session().SerializeAsString();
    }
    return last;
  }

  std::filesystem::path small = folder / "small", reserve;
  outbox_tests::SmallDisk disk{small, 8};
  std::string text;
  std::shared_ptr<agent::tail::testing::MemoryFile> file;
};

TEST_F(FullDisk, StopsReadingAndLosesNothing) {
  ASSERT_EQ(std::filesystem::file_size(reserve), agent::outbox::kReserveBytes);
  auto running = capture();
  grow(text.size() / 4);
  settle(running);
  disk.fill();
  const auto error = step_until_full(*running);
  EXPECT_EQ(error.code, ErrorCode::resource_exhausted) << error.message;
  EXPECT_TRUE(outbox->full());
  EXPECT_FALSE(std::filesystem::exists(reserve)) << "given up";

  // The small things go on, for as long as it lasts.
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(outbox->set_status("capture", "the disk is full " + std::to_string(i), clock.utc())) << i;
  }
  ASSERT_TRUE(outbox->acknowledge(1));
  EXPECT_EQ(outbox->status().value().at("capture").value, "the disk is full 999");

  // Nothing more is taken, although the reserve's blocks are free.
  const auto sealed_before = outbox->chain().next_seq;
  for (int i = 0; i < 10; ++i) {
    grow(500);
    const auto step = running->step();
    if (!step) {
      EXPECT_EQ(step.error().code, ErrorCode::resource_exhausted) << step.error().message;
    }
  }
  EXPECT_EQ(outbox->append({"one more"}, {}, {}).error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(outbox->chain().next_seq, sealed_before);

  disk.free_space();
  file->bytes = text;
  settle(running);
  EXPECT_FALSE(outbox->full());
  EXPECT_EQ(std::filesystem::file_size(reserve), agent::outbox::kReserveBytes) << "made again";
  expect_everything_once();
}

TEST_F(FullDisk, AnAgentThatStartsOnItSaysSoAndGoesOnLater) {
  auto running = capture();
  grow(text.size() / 2);
  settle(running);
  running.reset();
  // Its log and index are removed when it closes: there is no block left for them.
  outbox.reset();
  disk.fill();
  outbox = std::make_unique<Outbox>(open());
  EXPECT_FALSE(std::filesystem::exists(reserve));
  running = capture();
  file->bytes = text;
  ASSERT_TRUE(running->refresh());
  const auto step = running->step();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ErrorCode::resource_exhausted) << step.error().message;
  EXPECT_THAT(step.error().message, testing::HasSubstr("5 MiB of free space"));
  ASSERT_TRUE(outbox->set_status("capture", step.error().message, clock.utc()));
  ASSERT_TRUE(outbox->acknowledge(1));
  disk.free_space();
  settle(running);
  expect_everything_once();
}

// Nobody else takes the space: it is all in records that the collector has by now.
TEST_F(FullDisk, ThatTheOutboxFilledItselfIsGivenBackWhenAllIsAcknowledged) {
  const std::string body(1000, 'm');
  while (outbox->append(std::vector<std::string>(50, body), {}, {})) {
  }
  ASSERT_TRUE(outbox->full());
  const auto sealed = outbox->chain().next_seq - 1;
  const auto size = std::filesystem::file_size(path);
  ASSERT_GT(sealed, 2000U);
  EXPECT_EQ(outbox->append({"one more"}, {}, {}).error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(outbox->records_after(0, 1, 1000).value().front().seq, 1U) << "still to be sent, so still there";

  for (std::uint64_t seq = 100; seq < sealed; seq += 100) ASSERT_TRUE(outbox->acknowledge(seq));
  ASSERT_TRUE(outbox->append({"one more"}, {}, {}));
  EXPECT_FALSE(outbox->full());
  EXPECT_LT(std::filesystem::file_size(path), size / 2);
  EXPECT_EQ(std::filesystem::file_size(reserve), agent::outbox::kReserveBytes);
  expect_sound_to_the_end();

  // What a collector restored from a backup can still be given, and that it cannot be given more.
  const auto acked = outbox->chain().acked_seq;
  EXPECT_EQ(outbox->records_after(acked, 1, 1000).value().front().seq, acked + 1);
  const auto oldest = outbox->records_after(0, 1, 1000).value().front().seq;
  EXPECT_LE(oldest, acked - 99);
  EXPECT_GT(oldest, 1U);
  outbox = {};
  outbox = std::make_unique<Outbox>(open());
  EXPECT_EQ(outbox->chain().next_seq, sealed + 2);
  expect_sound_to_the_end();
}

TEST_F(FullDisk, IsNotEmptiedOfWhatIsStillToBeSent) {
  while (outbox->append(std::vector<std::string>(50, std::string(1000, 'm')), {}, {})) {
  }
  const auto sealed = outbox->chain().next_seq - 1;
  ASSERT_TRUE(outbox->acknowledge(sealed / 2));
  EXPECT_EQ(outbox->append({"one more"}, {}, {}).error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(outbox->records_after(0, 1, 1000).value().front().seq, 1U);
  EXPECT_EQ(outbox->pending(), sealed - sealed / 2);
  outbox_tests::expect_sound(*outbox);
}

TEST_F(FullDisk, WithoutItsReserveItCannotStart) {
  outbox.reset();
  std::filesystem::remove(reserve);
  disk.fill();
  const auto opened = Outbox::open(path, outbox_tests::kAgent, 1);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::resource_exhausted) << opened.error().message;
  disk.free_space();
  outbox = std::make_unique<Outbox>(open());
  EXPECT_TRUE(std::filesystem::exists(reserve));
}

}  // namespace
