#include "collector/directory/typed.h"

#include <gtest/gtest.h>

namespace collector::directory {
namespace {

TEST(Typed, Addresses) {
  EXPECT_EQ(typed_address("410 100 201").value(), "410100201");
  EXPECT_EQ(typed_address("Desk@Law").value(), "desk@law");
  for (const char* bad :
       {"", "12345", "1234567890123", "12345x", "@law", "desk@", "a b@law", "a@b@c", "desk@l w"}) {
    const auto address = typed_address(bad);
    ASSERT_FALSE(address) << bad;
    EXPECT_EQ(address.error().message,
              "'" + std::string{bad} + "' is no AnyDesk ID (digits) or alias (name@namespace)");
  }
}

TEST(Typed, Moments) {
  EXPECT_EQ(timing::to_rfc3339(typed_moment("2026-11-21").value()), "2026-11-21T00:00:00.000Z");
  for (const char* text :
       {"2026-11-21T09:05:07Z", "2026-11-21 09:05:07Z", "2026-11-21T09:05:07", "2026-11-21 09:05:07",
        "2026-11-21T11:05:07+02:00", "2026-11-21 04:05:07.000-05:00"}) {
    EXPECT_EQ(timing::to_rfc3339(typed_moment(text).value()), "2026-11-21T09:05:07.000Z") << text;
  }
  for (const char* text : {"2026-11-21 09:05", "2026-11-21T09:05"}) {
    EXPECT_EQ(timing::to_rfc3339(typed_moment(text).value()), "2026-11-21T09:05:00.000Z") << text;
  }
  for (const char* bad : {"",
                          "yesterday",
                          "2026-02-30",
                          "2026-13-01",
                          "2026-1-01",
                          "1969-12-31",
                          "2026-01/01",
                          "x026-01-01",
                          "2026-x1-01",
                          "2026-01-x1",
                          "2026--1-01",
                          "2026-01--1",
                          "-026-01-01",
                          "1969-12-31T23:59:59Z",
                          "2026/01/01",
                          "2026-01-0x",
                          "2026-11-21 24:00",
                          "2026-11-21 9:05",
                          "2026-11-21 09:05 ",
                          "2026-11-21-09:05",
                          "2026-11-21 09:05Z",
                          "2026-11-21T09:05:07Zulu"}) {
    EXPECT_FALSE(typed_moment(bad)) << bad;
    EXPECT_FALSE(typed_day(bad)) << bad;
  }
  EXPECT_EQ(typed_day("2026-11-21").value(), std::chrono::year{2026} / 11 / 21);
  EXPECT_EQ(typed_day("21.11.2026").error().message, "'21.11.2026' is no day such as 2026-11-21");
}

TEST(Typed, MailDomains) {
  using List = std::vector<std::string>;
  EXPECT_EQ(typed_domains("").value(), List{});
  EXPECT_EQ(typed_domains(" , ;").value(), List{});
  EXPECT_EQ(typed_domains("@Mill.example, mill.test;mill.example").value(),
            (List{"mill.example", "mill.test"}));
  EXPECT_EQ(typed_domains("xn--mller-kva.example a-b.c.example 24.example").value().size(), 3u);
  for (const char* bad :
       {"mill", "a@mill.example", "mill..example", ".example", "mill.", "-mill.example", "mill-.example",
        "mill.example-", "m\xc3\xbcller.example", "@", "a_b.example", "a{b.example"}) {
    const auto domains = typed_domains(bad);
    ASSERT_FALSE(domains) << bad;
    EXPECT_EQ(domains.error().message.substr(0, std::string{bad}.size() + 2), "'" + std::string{bad} + "'");
  }
  EXPECT_TRUE(typed_domains(std::string(245, 'a') + ".example"));
  EXPECT_FALSE(typed_domains(std::string(246, 'a') + ".example"));
}

}  // namespace
}  // namespace collector::directory
