#include "common/logging/log.h"

#include <gtest/gtest.h>

namespace {

TEST(Compose, PutsNamesBesideValues) {
  EXPECT_EQ(logging::compose("batch refused", {{"outcome", "bad_chain"}, {"seq", "17"}}),
            "batch refused outcome=bad_chain seq=17");
}

TEST(Compose, QuotesWhatWouldBeReadWrongly) {
  EXPECT_EQ(logging::compose("x", {{"a", "two words"}, {"b", ""}, {"c", "k=v"}, {"d", "say \"hi\" \\"}}),
            R"(x a="two words" b="" c="k=v" d="say \"hi\" \\")");
}

TEST(Compose, NoValueCanForgeALine) {
  EXPECT_EQ(logging::compose("x", {{"a", "b\n2026-01-01 error forged\r\x1b[2J"}}),
            R"(x a="b\x0a2026-01-01 error forged\x0d\x1b[2J")");
}

}  // namespace
