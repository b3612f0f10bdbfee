// The plug is pulled, anywhere: the outbox opens unaided, what was returned as done is there, nothing is in
// part, nothing is there twice.

#include "tests/agent/outbox/power.h"

namespace {

using namespace outbox_tests;

TEST(PowerCut, UnderLoad) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    live_through_cuts(seed, 10);
    if (HasFailure()) return;
  }
}

TEST(PowerCut, WhileOldRecordsAreRemoved) {
  live_through_cuts(100, 10, Outbox::kKeptRecords + 3'000);
}

// The first start, write by write: made, first records, one acknowledged, closed.
TEST(PowerCut, AtEveryWriteOfAFirstStart) {
  std::uint64_t n = 1;
  for (bool cut = true; cut; ++n) {
    Disk disk{n};
    Vfs vfs{disk};
    Load load{disk};
    disk.cut_power_at(n);
    {
      auto outbox = open_on(vfs);
      if (outbox && load.append(*outbox, 3) && load.append(*outbox, 2)) {
        State next = load.told;
        next.acked = 2;
        if (outbox->acknowledge(2)) {
          load.told = next;
        } else {
          load.tried.push_back(next);
        }
      }
    }
    cut = !disk.has_power();
    disk.start_again();
    auto outbox = open_on(vfs);
    ASSERT_TRUE(outbox) << n << ": " << outbox.error().message;
    load.expect_kept(*outbox);
    ASSERT_FALSE(HasFailure()) << n;
  }
  EXPECT_GT(n, 50u) << "there were that many writes to cut at";
}

// What the double itself must do, or the tests above prove nothing.
TEST(PowerCut, TheDiskForgetsWhatWasNotSynced) {
  int kept = 0, lost = 0, torn = 0, gone = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Disk disk{seed};
    const auto file = disk.create("a");
    Disk::write(*file, 0, std::string(8192, 'a'));
    Disk::sync(*file);
    disk.sync_names();
    Disk::write(*file, 0, std::string(8192, 'b'));
    disk.create("b");
    disk.start_again();
    ASSERT_TRUE(disk.find("a"));
    const std::string& bytes = disk.find("a")->durable;
    ASSERT_EQ(bytes.size(), 8192u);
    const auto new_ones = std::count(bytes.begin(), bytes.end(), 'b');
    ++(new_ones == 0 ? lost : new_ones == 8192 ? kept : torn);
    gone += disk.find("b") ? 0 : 1;
  }
  EXPECT_GT(kept, 10);
  EXPECT_GT(lost, 10);
  EXPECT_GT(torn, 100);
  EXPECT_GT(gone, 50);
}

}  // namespace
