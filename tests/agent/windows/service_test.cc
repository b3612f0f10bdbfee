// The agent as a Windows service, through the service manager: wine's here.

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "common/base/path.h"
#include "tests/agent/windows/program.h"
#include "tests/support/process/eventually.h"

namespace {

using namespace windows_tests;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{base::extended(file), std::ios::binary}.rdbuf();
  return text.str();
}

class Service : public testing::Test {
 protected:
  ~Service() override { run_agent_program({"service", "uninstall"}); }

  void prepare(const fs::path& in) {
    folder = in / "agent";
    config = in / "agent.toml";
    trace = in / u8"ίχνος.trace";
    fs::create_directories(base::extended(folder));
    std::ofstream{base::extended(config)} << "[capture]\ndefault_places = false\n";
    append_lines(3);
  }
  void append_lines(int count) {
    std::ofstream out{base::extended(trace), std::ios::app | std::ios::binary};
    for (int i = 0; i < count; ++i) {
      out << "   info 2026-07-20 10:00:00.000       gsvc   1200   1204                main - a line\n";
    }
  }
  Ran install() const {
    return run_agent_program({"service", "install", "--config", config.string(), "--data-directory",
                              folder.string(), "--trace", trace.string()});
  }
  static Ran service(const std::string& verb) { return run_agent_program({"service", verb}); }
  [[nodiscard]] bool shows(const std::string& what) const {
    return run_agent_program({"status", "--config", config.string(), "--data-directory", folder.string()})
               .text.find(what) != std::string::npos;
  }
  // What an administrator does with it, from the first day to the last.
  void live() {
    enrol_nowhere(base::extended(folder));
    auto ran = install();
    ASSERT_EQ(ran.code, 0) << ran.text;
    ran = service("status");
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.text, HasSubstr("state     stopped"));
    EXPECT_THAT(ran.text, HasSubstr("deskledger-agent.exe\" run --service --config "));

    ran = service("start");
    ASSERT_EQ(ran.code, 0) << ran.text << text_of(folder / "agent.log");
    EXPECT_THAT(service("status").text, HasSubstr("state     running (process "));
    EXPECT_TRUE(support::eventually([&] { return shows(" 3  lines read"); }))
        << text_of(folder / "agent.log");
    append_lines(2);
    EXPECT_TRUE(support::eventually([&] { return shows(" 5  lines read"); }))
        << text_of(folder / "agent.log");
    EXPECT_EQ(service("start").code, 0) << "it runs: that is done already";

    ran = service("stop");
    EXPECT_EQ(ran.code, 0) << ran.text;
    ran = service("status");
    EXPECT_THAT(ran.text, HasSubstr("state     stopped\n")) << "without an exit code";
    EXPECT_TRUE(shows("the agent was stopped")) << "it went as it goes at SIGTERM";
    EXPECT_THAT(text_of(folder / "agent.log"), HasSubstr("the service starts"));
    EXPECT_THAT(text_of(folder / "agent.log"), HasSubstr("info stopped"));
    EXPECT_EQ(service("stop").code, 0);

    ran = service("uninstall");
    EXPECT_EQ(ran.code, 0) << ran.text;
    ran = service("status");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.text, HasSubstr("there is no such service"));
    EXPECT_TRUE(fs::exists(base::extended(folder / "outbox.db"))) << "the data stays";
  }

  fs::path folder, config, trace;
};

TEST_F(Service, FollowsATraceFromInstallationToRemoval) {
  prepare(test_folder());
  live();
}

TEST_F(Service, WithPathsBeyond260Characters) {
  prepare(long_test_folder());
  live();
}

TEST_F(Service, InstalledAgainItIsChanged) {
  prepare(test_folder());
  ASSERT_EQ(install().code, 0);
  config = folder / "another.toml";
  const auto ran = install();
  ASSERT_EQ(ran.code, 0) << ran.text;
  EXPECT_THAT(service("status").text, HasSubstr("another.toml"));
}

TEST_F(Service, RecoveryAsItWasSet) {
  prepare(test_folder());
  ASSERT_EQ(install().code, 0);
  const auto text = service("status").text;
  if (text.find("recovery  this system does not tell") != std::string::npos) {
    GTEST_SKIP() << "wine takes a service's recovery settings and does not give them back";
  }
  EXPECT_THAT(
      text,
      HasSubstr("restart after 5 s, restart after 5 s, restart after 60 s; counted anew after 86400 s"));
  EXPECT_THAT(text, HasSubstr("with the system, after everything else"));
}

TEST_F(Service, SaysWhyItEnded) {
  prepare(test_folder());
  ASSERT_EQ(install().code, 0);
  service("start");
  EXPECT_TRUE(support::eventually([] {
    return service("status").text.find("state     stopped, exit code 1") != std::string::npos;
  })) << service("status").text;
  EXPECT_THAT(text_of(folder / "agent.log"), HasSubstr("not enrolled"));
}

TEST_F(Service, OnlyTheServiceManagerStartsIt) {
  prepare(test_folder());
  const auto ran = run_agent_program({"run", "--service"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.text, HasSubstr("service start"));
}

TEST_F(Service, WithoutARegistrationThereIsNothingToStart) {
  for (const auto* verb : {"start", "stop", "status", "uninstall"}) {
    const auto ran = service(verb);
    EXPECT_EQ(ran.code, 1) << verb;
    EXPECT_THAT(ran.text, HasSubstr("there is no such service")) << verb;
  }
}

}  // namespace
