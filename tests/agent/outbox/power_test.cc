// The plug is pulled, anywhere: the outbox opens unaided, what was returned as done is there, nothing is in
// part, nothing is there twice.

#include "tests/agent/outbox/power.h"
#include "agent/outbox/shrink.h"

namespace {

using namespace outbox_tests;
using agent::outbox::kKeptOnFullDisk;

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

// On a disk that the outbox has filled itself, the file is made smaller, write by write: all that is to be
// sent stays.
TEST(PowerCut, AtEveryWriteOfMakingTheFileSmaller) {
  constexpr std::uint64_t kSealed = 550, kAcknowledged = 540;
  std::uint64_t n = 1, smaller = 0;
  for (bool cut = true; cut; ++n) {
    Disk disk{n};
    Vfs vfs{disk};
    Load load{disk};
    {
      Outbox outbox = open_on(vfs).value();
      ASSERT_TRUE(load.append(outbox, kSealed));
      ASSERT_TRUE(outbox.acknowledge(kAcknowledged));
    }
    const auto size = disk.find(kDiskPath.string())->seen.size();
    disk.cut_power_at(n);
    {
      // A reserve that can never be made.
      auto outbox = Outbox::open(kDiskPath, kAgent, 1, {.reserve_bytes = 1, .vfs = vfs.name()});
      if (outbox) {
        EXPECT_FALSE(outbox->append({"one more"}, {}, {}));
      }
    }
    cut = !disk.has_power();
    disk.start_again();
    auto outbox = open_on(vfs);
    ASSERT_TRUE(outbox) << n << ": " << outbox.error().message;
    EXPECT_EQ(outbox->chain().next_seq, kSealed + 1) << n;
    EXPECT_EQ(outbox->chain().acked_seq, kAcknowledged) << n;
    const auto records = outbox->records_after(kAcknowledged - kKeptOnFullDisk, 1000, 10'000'000);
    ASSERT_TRUE(records) << n << ": " << records.error().message;
    ASSERT_EQ(records->size(), kSealed - kAcknowledged + kKeptOnFullDisk) << n;
    for (const auto& record : *records) EXPECT_EQ(record.body, body_of(record.seq));
    const auto checked = outbox->check_slice(1'000'000, {});
    ASSERT_TRUE(checked) << n << ": " << checked.error().message;
    if (disk.find(kDiskPath.string())->seen.size() < size / 2) ++smaller;
    ASSERT_FALSE(HasFailure()) << n;
  }
  EXPECT_GT(n, 50u) << "there were that many writes to cut at";
  EXPECT_GE(smaller, 1u) << "undisturbed it is made smaller";
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
