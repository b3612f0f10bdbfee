#include "collector/mail/address.h"

#include <gtest/gtest.h>

#include <string>

namespace collector::mail {
namespace {

TEST(Address, WhatIsOne) {
  for (const auto* text :
       {"a@b", "it@acme.example", "first.last+tag@mail.acme.example", "o'neil@x-y.example"}) {
    EXPECT_TRUE(is_address(text)) << text;
  }
}

TEST(Address, WhatIsNone) {
  for (const std::string text : {"",
                                 "@",
                                 "a",
                                 "a@",
                                 "@b",
                                 "a@b@c",
                                 "a b@c",
                                 "a@b c",
                                 "a@b\r\nBcc: x@y",
                                 "a\n@b",
                                 "<a@b>",
                                 "a@b,c@d",
                                 "\"a\"@b",
                                 ".a@b",
                                 "a.@b",
                                 "a..b@c",
                                 "a@.b",
                                 "a@b.",
                                 "a@-b",
                                 "a@b-",
                                 "a@b..c",
                                 "a@[1.2.3.4]",
                                 "\xCE\xB1@b",
                                 "a@b>"}) {
    EXPECT_FALSE(is_address(text)) << text;
  }
  EXPECT_FALSE(is_address(std::string(65, 'a') + "@b"));
  EXPECT_FALSE(is_address("a@" + std::string(253, 'b')));
  EXPECT_FALSE(is_address(std::string_view{"a@b\0", 4}));
}

TEST(MessageId, IsAFileNameToo) {
  EXPECT_TRUE(is_message_id("batch-17.1@collector.example.org"));
  for (const std::string text : {"", "@", "a@", "@b", "../a@b", ".a@b", "a/b@c", "a@b/c", "a@b/../c", "<a@b>",
                                 "a b@c", "a@b\n", "a@b@c", "-a@b"}) {
    EXPECT_FALSE(is_message_id(text)) << text;
  }
  EXPECT_FALSE(is_message_id(std::string(200, 'a') + "@b"));
}

}  // namespace
}  // namespace collector::mail
