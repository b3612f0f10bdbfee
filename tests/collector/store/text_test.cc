#include "collector/store/text.h"

#include <limits>

#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

struct Bytes {
  std::string text;
  bool storable;
  std::string kept;
};

TEST(Text, IsStorableAsPostgresqlSeesIt) {
  const std::string question = "\xEF\xBF\xBD";
  const Bytes table[] = {
      {"", true, ""},
      {"plain", true, "plain"},
      {"\xC3\xA9", true, "\xC3\xA9"},
      {"\xF0\x9F\x98\x80", true, "\xF0\x9F\x98\x80"},
      {"\xF4\x8F\xBF\xBF", true, "\xF4\x8F\xBF\xBF"},
      {std::string("a\0b", 3), false, "a" + question + "b"},
      {"\x80", false, question},                 // Continuation without a start.
      {"\xC3", false, question},                 // Cut.
      {"\xC0\xAF", false, question + question},  // Overlong.
      {"\xE0\x80\xAF", false, question + question + question},
      {"\xED\xA0\x80", false, question + question + question},  // Surrogate.
      {"\xF4\x90\x80\x80", false, question + question + question + question},
      {"\xFF", false, question},
      {"a\xF0\x9F\x98", false, "a" + question + question + question},
  };
  for (const auto& row : table) {
    EXPECT_EQ(is_storable(row.text), row.storable) << row.kept;
    EXPECT_EQ(storable(row.text), row.kept);
    EXPECT_TRUE(is_storable(storable(row.text)));
  }
}

STORE_SUITE(TextTest);

TEST_P(TextTest, HostileTextComesBackAsItWas) {
  const std::string table[] = {"",
                               "'; DROP TABLE session; --",
                               "\"quoted\" and 'quoted' and ''",
                               ":name ::cast :=x $1 ?1 @a",
                               "100 % %s %_ \\ \\n \\x41 \\0",
                               "tab\tline\r\nbell\x07",
                               "Gr\xC3\xBC\xC3\x9F Gott \xCE\xB1\xCE\xB2 \xF0\x9F\x98\x80",
                               "\xEF\xBB\xBF"
                               "with a byte order mark",
                               " leading and trailing ",
                               "E'\\\\' $$body$$ /* comment */ -- comment",
                               std::string(1'000'000, 'x')};
  for (const auto& text : table) {
    const auto id = write([&](Transaction& t) { return must(add_comment(t, comment_row("1", 1, text))).id; });
    EXPECT_EQ(read([&](Transaction& t) { return must(find_comment(t, id))->text; }), text);
    const auto again = write([&](Transaction& t) { return must(add_comment(t, comment_row("1", 1, text))); });
    EXPECT_EQ(again.id, id);
    EXPECT_FALSE(again.is_new);
  }
}

TEST_P(TextTest, WhatOneDatabaseCannotHoldBothRefuse) {
  for (const auto& text : {std::string("a\0b", 3), std::string("\xFF"), std::string("\xC3")}) {
    EXPECT_EQ(refused([&](Transaction& t) { return add_comment(t, comment_row("1", 1, text)); }),
              base::ErrorCode::invalid_argument);
  }
}

TEST_P(TextTest, AKeyOfAnyAllowedLengthFitsItsIndex) {
  // Bytes that do not compress, so that the index really has to hold them.
  std::string longest;
  for (unsigned n = 1; longest.size() < key_bytes_max; n = n * 1103515245U + 12345U) {
    longest.push_back(static_cast<char>('!' + (n >> 16U) % 90U));
  }
  const auto world = write(make_small_world);
  auto session = session_row(world, longest);
  session.remote_id = longest;
  session.anydesk_id = longest;
  auto comment = comment_row(longest, 1, "text");
  comment.anydesk_id = longest;
  comment.source = longest;
  write([&](Transaction& t) {
    must(upsert_session(t, session));
    must(add_comment(t, comment));
  });
  session.session_key += "x";
  EXPECT_EQ(refused([&](Transaction& t) { return upsert_session(t, session); }),
            base::ErrorCode::invalid_argument);
  comment.source += "x";
  EXPECT_EQ(refused([&](Transaction& t) { return add_comment(t, comment); }),
            base::ErrorCode::invalid_argument);
}

TEST_P(TextTest, NumbersComeBackToTheLastBit) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const auto n : {Limits::min(), Limits::min() + 1, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                       (std::int64_t{1} << 53) + 1, Limits::max()}) {
    write([&](Transaction& t) { must(set_cursor(t, "extreme", n)); });
    EXPECT_EQ(read([](Transaction& t) { return must(get_cursor(t, "extreme")); }), n);
  }
}

TEST_P(TextTest, EveryByteOfABodyComesBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  write([&](Transaction& t) {
    const auto world = make_small_world(t);
    must(append_batch(t, batch_row(world.agent_id, 1), {{.hash = all, .body = all + all}}));
  });
  const auto rows = read([](Transaction& t) { return must(records_after(t, 0, 10)); });
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].hash, all);
  EXPECT_EQ(rows[0].body, all + all);
}

}  // namespace
}  // namespace collector::store
