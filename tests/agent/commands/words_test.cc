#include "agent/commands/words.h"

#include <gtest/gtest.h>

#include "agent/commands/json.h"

namespace {

using namespace agent::commands;
using std::chrono::seconds;

TEST(Words, Numbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(size_text(812), "812 B");
  EXPECT_EQ(size_text(1229), "1.2 KB");
  EXPECT_EQ(size_text(34ULL << 20U), "34 MB");
  EXPECT_EQ(size_text(5ULL << 50U), "5120 TB");
  EXPECT_EQ(id_text("1972086564"), "1 972 086 564");
  EXPECT_EQ(id_text("123"), "123");
  EXPECT_EQ(id_text(""), "");
  EXPECT_EQ(id_text("office@ad"), "office@ad");
}

TEST(Words, Times) {
  EXPECT_EQ(span_text(seconds{-5}), "0 s");
  EXPECT_EQ(span_text(seconds{59}), "59 s");
  EXPECT_EQ(span_text(seconds{60}), "1 min");
  EXPECT_EQ(span_text(seconds{3600}), "1 h");
  EXPECT_EQ(span_text(seconds{2 * 3600 + 300}), "2 h 5 min");
  EXPECT_EQ(span_text(seconds{4 * 86400 + 3 * 3600}), "4 d 3 h");
  EXPECT_EQ(duration_text(seconds{3723}), "1:02:03");
  EXPECT_EQ(time_text(timing::from_ms(0)), "1970-01-01 00:00:00");
}

TEST(Words, Wrapped) {
  const std::string text(200, 'x');
  EXPECT_EQ(wrapped(text, 4, 10), text) << "a path stays whole";
  EXPECT_EQ(wrapped("", 4, 10), "");
  EXPECT_EQ(wrapped("a b", 2, 78), "a\n  b");
  EXPECT_EQ(wrapped("a  b", 2, 70), "a b");
}

TEST(Json, Commas) {
  Json json;
  json.begin_object().put("a", 1).put("b", true).put_text("c", "").name("d").begin_array();
  json.begin_object().end_object().value("x").value(std::optional<int>{}).end_array();
  json.name("e").begin_array().end_array().put("f", std::string{"\"\x1b"}).end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":true,"c":null,"d":[{},"x",null],"e":[],"f":"\"\u001b"})");
}

}  // namespace
