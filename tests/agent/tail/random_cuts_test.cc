// 1,000 cuts with two writers, holes, restarts and reads at any moment.

#include <random>

#include "agent/tail/follower.h"
#include "tests/agent/tail/world.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::IsEmpty;

// Limit and kept part a sixteenth of the real ones, in the same proportion.
constexpr CutShape kShape{.limit_bytes = 65'536, .keep_bytes = 58'983};

class Writers {
 public:
  Writers(World& world, std::mt19937& random) : world_(world), random_(random) {}

  // One small thing happens: a piece of a cut, or some lines.
  void advance() {
    if (cut_) {
      if (cut_->advance()) return;
      cut_.reset();
      ++cuts_;
      // The second writer did not notice and goes on at its old offset.
      if (random_() % 4 == 0) world_.write_at(size_at_cut_);
      return;
    }
    world_.write(static_cast<int>(random_() % 12));
    if (random_() % 6 == 0) world_.file->bytes += std::string(35 + random_() % 2737, '\0');
    const std::size_t size = world_.file->bytes.size();
    if (size <= kShape.limit_bytes) return;
    if (world_.file->bytes.back() == '\0') world_.write(1);
    size_at_cut_ = world_.file->bytes.size();
    cut_.emplace(*world_.file, size_at_cut_ - kShape.keep_bytes, 3'000 + random_() % 30'000);
  }
  void settle() {
    while (cut_) advance();
  }
  [[nodiscard]] bool cutting() const { return cut_.has_value(); }
  [[nodiscard]] int cuts() const { return cuts_; }

 private:
  World& world_;
  std::mt19937& random_;
  std::optional<SlowCut> cut_;
  std::size_t size_at_cut_ = 0;
  int cuts_ = 0;
};

class RandomCuts : public ::testing::TestWithParam<Encoding> {};

INSTANTIATE_TEST_SUITE_P(Both, RandomCuts, ::testing::Values(Encoding::eight_bit, Encoding::utf16le),
                         [](const auto& each) {
                           return each.param == Encoding::utf16le ? "Utf16" : "EightBit";
                         });

TEST_P(RandomCuts, AThousandLoseAndRepeatNothing) {
  std::mt19937 random{20'260'301};
  World world;
  world.encoding = GetParam();
  Writers writers{world, random};
  Collected got;
  auto follower = std::make_unique<Follower>(world.files, kPath, std::nullopt, kShape);
  std::size_t lines_before = 0;
  int cuts_before = 0;
  // Between any two operations something may happen, but AnyDesk does not write
  // more than the file keeps while the follower waits: that would be a real gap.
  world.files.hook = [&](int) -> base::Status {
    if (got.lines.size() != lines_before) {
      lines_before = got.lines.size();
      cuts_before = writers.cuts();
    }
    const bool behind = lines_before + 300 < world.written.size() || writers.cuts() > cuts_before + 1;
    if (random() % 3 == 0 && (!behind || writers.cutting())) writers.advance();
    return {};
  };
  std::size_t checked = 0;
  std::uint64_t survived = 0;
  std::uint64_t unsettled = 0;
  while (writers.cuts() < 1000) {
    const auto state = follower->read(got, 1 + random() % 200'000);
    ASSERT_TRUE(state);
    for (; checked < got.lines.size(); ++checked) {
      ASSERT_EQ(got.lines[checked], world.written[checked]) << "after " << writers.cuts() << " cuts";
    }
    ASSERT_THAT(got.gaps, IsEmpty()) << "after " << writers.cuts() << " cuts";
    if (random() % 50 == 0) {
      survived += follower->counters().cuts_survived;
      unsettled += follower->counters().unsettled;
      follower = std::make_unique<Follower>(restarted(*follower, world.files, kShape));
    }
  }
  world.files.hook = nullptr;
  writers.settle();
  world.write(1);
  drain(*follower, got);
  ASSERT_EQ(got.lines.size(), world.written.size());
  EXPECT_EQ(got.lines, world.written);
  survived += follower->counters().cuts_survived;
  unsettled += follower->counters().unsettled;
  EXPECT_GT(survived, 500u);
  RecordProperty("cuts", writers.cuts());
  RecordProperty("unsettled", static_cast<int>(unsettled));
  std::printf("%d cuts, %llu seen, %llu unsettled, %zu lines\n", writers.cuts(),
              static_cast<unsigned long long>(survived), static_cast<unsigned long long>(unsettled),
              got.lines.size());
}

}  // namespace
