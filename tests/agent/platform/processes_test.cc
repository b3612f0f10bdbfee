// The one look at what runs, in a process file system of the test's own.

#include "agent/platform/processes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#ifdef __linux__
#include <unistd.h>
#endif

#include "agent/platform/rights.h"

namespace {

using namespace agent::platform;

#ifdef __linux__

class Proc : public ::testing::Test {
 protected:
  Proc() {
    std::filesystem::remove_all(proc);
    std::filesystem::create_directories(proc / "self");
  }
  ~Proc() override { std::filesystem::remove_all(proc); }
  void add(const std::string& pid, const std::string& name, const std::string& arguments) {
    std::filesystem::create_directories(proc / pid);
    std::ofstream{proc / pid / "comm"} << name << '\n';
    std::ofstream{proc / pid / "cmdline"} << arguments;
  }
  std::filesystem::path proc =
      std::filesystem::path{::testing::TempDir()} /
      (std::string{"processes_test_"} + ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Proc, NamesAndRoles) {
  using namespace std::string_literals;
  add("200", "anydesk", "/usr/bin/anydesk\0--service\0"s);
  add("30", "AnyDesk", "anydesk\0--tray\0--x\0"s);
  add("40", "anydesk", "anydesk\0"s + "123456789\0"s);
  add("50", "anydesk", "");
  add("60", "bash", "bash\0"s);
  add("70x", "anydesk", "");
  add("80", "anydesk-acme", "anydesk-acme\0office@ad\0"s);
  std::filesystem::create_directories(proc / "90");  // It ended while we looked.
  const auto found = running_programs("anydesk", proc);
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0].pid, 30u);
  EXPECT_EQ(found[0].name, "AnyDesk");
  EXPECT_EQ(found[0].role, "--tray");
  EXPECT_EQ(found[1].role, "") << "an AnyDesk ID is not kept";
  EXPECT_EQ(found[2].role, "");
  EXPECT_EQ(found[3].name, "anydesk-acme");
  EXPECT_EQ(found[3].role, "") << "nor is an alias";
  EXPECT_EQ(found[4].role, "--service");
}

TEST_F(Proc, ALongNameIsKnownByItsFirstPart) {
  add("20", "deskledger-agen", "deskledger-agent\0run\0");
  EXPECT_EQ(running_programs("deskledger-agent", proc).size(), 1u);
  EXPECT_TRUE(running_programs("anydesk", proc / "none").empty());
}

TEST_F(Proc, TheCallerIsNotAmongThem) {
  add(std::to_string(::getpid()), "anydesk", "");
  EXPECT_TRUE(running_programs("anydesk", proc).empty());
}

#endif

TEST(Rights, TheAccountHasAName) {
  EXPECT_FALSE(account().empty());
  EXPECT_EQ(group_that_reads("/not/there"), std::nullopt);
}

}  // namespace
