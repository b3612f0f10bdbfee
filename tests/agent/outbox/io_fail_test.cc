// The n-th call of the file system fails, once or from then on, n = 1, 2, ... until nothing is left to fail.

#include <gmock/gmock.h>

#include "tests/agent/outbox/power.h"

namespace {

using namespace outbox_tests;
using base::ErrorCode;

struct Row {
  std::string name;
  Fault fault;
  bool persistent;
};

class FailingDisk : public testing::TestWithParam<Row> {
 protected:
  void expect_plain(const base::Error& error, std::uint64_t n) const {
    EXPECT_NE(error.code, ErrorCode::corrupt)
        << n << ": a disk that fails is no damaged file: " << error.message;
    if (GetParam().fault == Fault::enospc) {
      EXPECT_EQ(error.code, ErrorCode::resource_exhausted) << n << ": " << error.message;
    }
  }

  // What becomes of the agent that met the failure.
  enum class Then { goes_on, ends };

  // A life with the failure in it, and one after it. False when there was nothing left to fail.
  bool live(std::uint64_t n, Then then) {
    SCOPED_TRACE("call " + std::to_string(n) + (then == Then::ends ? ", the agent ends" : ""));
    Disk disk{n};
    Vfs vfs{disk};
    Load load{disk};
    disk.fail_at(n, GetParam().fault, GetParam().persistent);
    auto outbox = open_on(vfs);
    for (int step = 0; outbox && step < 15; ++step) {
      if (const auto done = load.step(*outbox); !done) expect_plain(done.error(), n);
    }
    if (!outbox) expect_plain(outbox.error(), n);
    const bool failed = disk.failed();
    if (then == Then::ends) outbox = std::unexpected{base::Error{}};
    disk.heal();
    if (!outbox) outbox = open_on(vfs);
    EXPECT_TRUE(outbox) << n << ": " << outbox.error().message;
    if (!outbox) return false;
    if (then == Then::ends) load.expect_kept(*outbox);
    // As if nothing had been, also on the same connection.
    for (int step = 0; step < 5; ++step) EXPECT_TRUE(load.step(*outbox)) << n;
    load.expect_kept(*outbox);
    // What it said after a failed sync holds when the power goes.
    disk.cut_power_at(1);
    outbox = std::unexpected{base::Error{}};
    disk.start_again();
    outbox = open_on(vfs);
    EXPECT_TRUE(outbox) << n << ": " << outbox.error().message;
    if (outbox) load.expect_kept(*outbox);
    return failed && !HasFailure();
  }
};

TEST_P(FailingDisk, LosesNothingAndGoesOn) {
  std::uint64_t n = 1;
  while (live(n, Then::goes_on) && live(n, Then::ends)) ++n;
  EXPECT_GT(n, 40u);
}

INSTANTIATE_TEST_SUITE_P(Every, FailingDisk,
                         testing::Values(Row{"ErrorOnce", Fault::eio, false},
                                         Row{"ErrorForGood", Fault::eio, true},
                                         Row{"FullOnce", Fault::enospc, false},
                                         Row{"FullForGood", Fault::enospc, true},
                                         Row{"ShortWriteOnce", Fault::short_write, false},
                                         Row{"ShortWriteForGood", Fault::short_write, true}),
                         [](const auto& each) { return each.param.name; });

// Records come by the million, a start reads as much as with a hundred.
TEST(StartCost, DoesNotGrowWithTheOutbox) {
  std::uint64_t reads[2] = {};
  for (const std::uint64_t records : {1'000, 30'000}) {
    Disk disk{1};
    Vfs vfs{disk};
    Load load{disk};
    {
      Outbox outbox = open_on(vfs).value();
      ASSERT_TRUE(load.append(outbox, records));
    }
    const auto before = disk.reads();
    Outbox outbox = open_on(vfs).value();
    ASSERT_TRUE(outbox.records_after(0, 512, 262'144));
    reads[records > 1'000] = disk.reads() - before;
  }
  // A larger file skips SQLite's own check; its tree may be one level deeper.
  EXPECT_LE(reads[1], reads[0] + 20);
}

}  // namespace
