#include "collector/commands/person.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace collector::commands {
namespace {

TEST(Person, IsTheCallerOfSudoOrTheAccount) {
  // NOLINTBEGIN(concurrency-mt-unsafe): no thread has begun.
  ::unsetenv("SUDO_USER");
  const auto account = this_person();
  EXPECT_FALSE(account.empty());
  ::setenv("SUDO_USER", "mary", 1);
  EXPECT_EQ(this_person(), "mary");
  ::setenv("SUDO_USER", "", 1);
  EXPECT_EQ(this_person(), account);
  ::unsetenv("SUDO_USER");
  // NOLINTEND(concurrency-mt-unsafe)
}

}  // namespace
}  // namespace collector::commands
