#include "collector/mail/eml_transport.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include <fstream>
#include <iterator>

namespace collector::mail {
namespace {

class Eml : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "eml_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string content(const std::string& name) const {
    std::ifstream in{folder_ / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder_}, {}));
  }

  std::filesystem::path folder_;
  Envelope envelope_{.message_id = "m1@x", .from = "a@b", .to = {"c@d"}};
};

TEST_F(Eml, IsWrittenForTheOwnerOnly) {
  EmlTransport transport{folder_};
  EXPECT_EQ(transport.deliver(envelope_, "one\r\n").outcome, Outcome::delivered);
  EXPECT_EQ(content("m1@x.eml"), "one\r\n");
  EXPECT_EQ(files(), 1u) << "no draft stays behind";
  struct stat state{};
  ASSERT_EQ(::stat((folder_ / "m1@x.eml").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
}

TEST_F(Eml, TheSameMailAgainIsDeliveredOnce) {
  EmlTransport transport{folder_};
  EXPECT_EQ(transport.deliver(envelope_, "one").outcome, Outcome::delivered);
  EXPECT_EQ(transport.deliver(envelope_, "one").outcome, Outcome::delivered);
  EXPECT_EQ(files(), 1u);
}

TEST_F(Eml, AnotherMailUnderTheNameIsRefused) {
  EmlTransport transport{folder_};
  EXPECT_EQ(transport.deliver(envelope_, "one").outcome, Outcome::delivered);
  EXPECT_EQ(transport.deliver(envelope_, "two").outcome, Outcome::refused);
  EXPECT_EQ(content("m1@x.eml"), "one");
}

TEST_F(Eml, ADraftOfACrashIsReplaced) {
  std::ofstream{folder_ / ".m1@x.part"} << "half a m";
  EXPECT_EQ(EmlTransport{folder_}.deliver(envelope_, "one").outcome, Outcome::delivered);
  EXPECT_EQ(content("m1@x.eml"), "one");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Eml, ANameThatLeavesTheFolderIsRefused) {
  for (const auto* name : {"../m@x", "a/b@x", "", "/tmp/x@y"}) {
    envelope_.message_id = name;
    EXPECT_EQ(EmlTransport{folder_}.deliver(envelope_, "one").outcome, Outcome::refused) << name;
  }
  EXPECT_EQ(files(), 0u);
}

// However long it lasts, no mail may fail for it.
TEST_F(Eml, AFolderThatIsNotThereBlamesNoMail) {
  const auto delivery = EmlTransport{folder_ / "gone"}.deliver(envelope_, "one");
  EXPECT_EQ(delivery.outcome, Outcome::unavailable);
  EXPECT_NE(delivery.detail.find("No such file"), std::string::npos) << delivery.detail;
}

// A limit on the size of files stands in for the end of the disk.
TEST_F(Eml, ADiskThatIsFullBlamesNoMail) {
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit nothing{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &nothing), 0);
  const auto delivery = EmlTransport{folder_}.deliver(envelope_, "one");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, ignored);
  EXPECT_EQ(delivery.outcome, Outcome::unavailable) << delivery.detail;
  EXPECT_EQ(files(), 0u);
}

}  // namespace
}  // namespace collector::mail
