#include "collector/commands/serve.h"

#include "collector/commands/serve_parts.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

using store::must;
DESK_SUITE(ServeCommandTest);

TEST_P(ServeCommandTest, OneAtATime) {
  const auto held = must(take_serve_lock(folder_ / "desk"));
  const auto second = ran([&](auto& out, auto& err) {
    return run_serve({.config = config(), .listen_agents = "127.0.0.1:0"}, out, err);
  });
  EXPECT_EQ(second.code, 1);
  EXPECT_NE(second.err.find("another collector serves"), std::string::npos) << second.err;
}

TEST_P(ServeCommandTest, TheLockEndsWithItsOwner) {
  {
    const auto held = must(take_serve_lock(folder_ / "desk"));
  }
  EXPECT_TRUE(take_serve_lock(folder_ / "desk"));
}

TEST_P(ServeCommandTest, ABadAddressIsSaidBeforeAnythingServes) {
  const auto done = ran([&](auto& out, auto& err) {
    return run_serve({.config = config(), .listen_agents = "here"}, out, err);
  });
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("'here' is no address and port"), std::string::npos) << done.err;
}

TEST_P(ServeCommandTest, AMissingKeyIsNamed) {
  std::filesystem::remove(folder_ / "desk/pki/server.key");
  const auto done = ran([&](auto& out, auto& err) {
    return run_serve({.config = config(), .listen_agents = "127.0.0.1:0"}, out, err);
  });
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("server.key"), std::string::npos) << done.err;
}

}  // namespace
}  // namespace collector::commands
