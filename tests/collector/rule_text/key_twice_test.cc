#include "collector/rule_text/key_twice.h"

#include <gtest/gtest.h>

namespace {

using collector::rule_text::key_twice;

TEST(KeyTwice, IsFoundInItsObjectOnly) {
  EXPECT_EQ(key_twice(R"({"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]})"), std::nullopt);
  EXPECT_EQ(key_twice(R"({"a":1,"a":1})"), "a");
  EXPECT_EQ(key_twice(R"({"x":{"b":[],"b":{}}})"), "b");
  EXPECT_EQ(key_twice(R"([true,null,1.5,{"\u0061":1,"a":-2}])"), "a") << "however it is written";
  EXPECT_EQ(key_twice(R"({"a":"{\"b\":1,\"b\":2}"})"), std::nullopt) << "text is text";
}

TEST(KeyTwice, WhatIsNoJsonHasNone) {
  for (const char* text : {"", "{", R"({"a":1)", "no"}) EXPECT_EQ(key_twice(text), std::nullopt) << text;
}

}  // namespace
