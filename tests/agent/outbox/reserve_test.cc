// Room that is kept, given up and made again.

#include "agent/outbox/reserve.h"

#include <gmock/gmock.h>

#include "tests/agent/outbox/files.h"

namespace {

using namespace outbox_tests;
using agent::outbox::Reserve;

class ReserveTest : public Files {
 protected:
  std::filesystem::path file = folder / "outbox.db.reserve";
};

TEST_F(ReserveTest, IsMadeGivenUpAndMadeAgain) {
  const Reserve reserve{file, 100'000};
  EXPECT_FALSE(reserve.release()) << "there was none";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(reserve.fill());
    EXPECT_GE(std::filesystem::file_size(file), 100'000u);
    ASSERT_TRUE(reserve.fill()) << "it is there";
    EXPECT_TRUE(reserve.release());
    EXPECT_FALSE(std::filesystem::exists(file));
  }
}

TEST_F(ReserveTest, OneThatIsTooSmallIsMadeWhole) {
  std::ofstream{file} << "killed while it was made";
  ASSERT_TRUE((Reserve{file, 100'000}.fill()));
  EXPECT_GE(std::filesystem::file_size(file), 100'000u);
}

TEST_F(ReserveTest, TakesNoDiskThatHasNotThatMuch) {
  const Reserve reserve{file, std::uint64_t{1} << 60};
  const auto done = reserve.fill();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::ErrorCode::resource_exhausted);
  EXPECT_THAT(done.error().message, testing::HasSubstr("the disk is full"));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(ReserveTest, NoneIsAPossibility) {
  const Reserve none{file, 0};
  EXPECT_TRUE(none.fill());
  EXPECT_FALSE(none.release());
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(ReserveTest, StandsBesideEveryOutbox) {
  Outbox outbox = open();
  EXPECT_FALSE(outbox.full());
  EXPECT_GE(std::filesystem::file_size(file), agent::outbox::kReserveBytes);
}

}  // namespace
