#include "collector/commands/stored_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace collector::commands {
namespace {

TEST(StoredJson, WhatIsStoredIsShownWhateverItIs) {
  using Strings = std::vector<std::string>;
  EXPECT_EQ(stored_strings("[\"a\",\"b\"]"), (Strings{"a", "b"}));
  EXPECT_EQ(stored_strings("[]"), Strings{});
  EXPECT_EQ(stored_strings("[1]"), Strings{"1"});
  for (const char* bad : {"", "[", "no JSON", "{\"a\":1}", "7", "[\"a\"] tail"}) {
    EXPECT_EQ(stored_strings(bad), Strings{bad});
    ASSERT_EQ(stored_objects(bad).size(), 1u);
    EXPECT_EQ(string_in(stored_objects(bad)[0], "detail"), bad);
  }
  const auto objects = stored_objects("[{\"what\":\"length\",\"detail\":3},5]");
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(string_in(objects[0], "what"), "length");
  EXPECT_EQ(string_in(objects[0], "detail"), "") << "no string";
  EXPECT_EQ(string_in(objects[1], "detail"), "5");
  EXPECT_EQ(stored_value("{").as_string(), "{");
}

}  // namespace
}  // namespace collector::commands
