// What is taken from AnyDesk's configuration, and that nothing else is.

#include "agent/discovery/conf.h"

#include <gmock/gmock.h>

#include "common/base/hex.h"
#include "tests/agent/discovery/closed_files.h"

namespace {

using namespace agent::discovery;
using ::testing::HasSubstr;
using ::testing::Not;

std::string number(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = width - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i) & 0xffU);
  return bytes;
}

std::string counted(const std::string& text) {
  return number(text.size(), 4) + text;
}

// The layout of rest-api.md section 4.4.
std::string cache(const std::string& flag) {
  std::string bytes =
      number(1, 1) + counted("free-1") + number(0x001fffffffffffff, 8) + number(1'683'000'000, 8);
  bytes += number(3, 4) + counted("ad.license.feature.alias") + counted("1");
  bytes += counted("ad.license.feature.session_comment") + counted(flag);
  bytes += counted("ad.license.info.session_timeout") + counted("0");
  return base::to_hex(bytes + "\x01\x02signature");
}

Conf scan(std::string_view text, std::size_t piece = 4096) {
  ConfScanner scanner;
  for (std::size_t at = 0; at < text.size(); at += piece) scanner.feed(text.substr(at, piece));
  return scanner.finish();
}

const std::string kSecret = "hunter2-secret";

std::string whole_file() {
  return "ad.account.info=" + kSecret + "\nad.anynet.id=123456789\r\nad.anynet.auth_tokens=" + kSecret +
         "\nad.anynet.alias=office@ad\nad.security.permission_profiles._unattended_access.pwd=" + kSecret +
         "\nad.anynet.cur_version=30064771073\nad.license.name=free-1\nad.license.cache=" + cache("0") +
         "\nad.anynet.id.of_somebody=" + kSecret + "\n" + kSecret + "\nad.anynet.idx=" + kSecret +
         "\n=" + kSecret;
}

TEST(Conf, TakesTheListAndNothingElse) {
  const Conf expected{.own_id = "123456789",
                      .alias = "office@ad",
                      .version = "7.0.1",
                      .license = "free-1",
                      .comment_option = CommentOption::off};
  const std::string file = whole_file();
  for (const std::size_t piece : {1UZ, 2UZ, 7UZ, 64UZ, 100'000UZ})
    EXPECT_EQ(scan(file, piece), expected) << piece;
}

TEST(Conf, KeepsNothingOfASecretAtAnyByte) {
  const std::string file = whole_file();
  ConfScanner scanner;
  bool in_secret = false;
  for (std::size_t at = 0; at < file.size(); ++at) {
    scanner.feed(std::string_view{file}.substr(at, 1));
    in_secret = file.substr(0, at + 1).ends_with("=" + kSecret);
    if (in_secret) {
      EXPECT_EQ(scanner.held(), 0u) << "at byte " << at;
    }
  }
  EXPECT_EQ(scanner.held(), 0u);
  const Conf conf = scanner.finish();
  for (const auto& text : {conf.own_id, conf.alias, conf.version, conf.license}) {
    EXPECT_THAT(text, Not(HasSubstr(kSecret)));
  }
}

TEST(Conf, CutAtEveryByteItTellsLessAndNeverSomethingElse) {
  const std::string file = whole_file();
  const Conf whole = scan(file);
  for (std::size_t at = 0; at < file.size(); ++at) {
    const Conf conf = scan(std::string_view{file}.substr(0, at));
    EXPECT_TRUE(whole.own_id.starts_with(conf.own_id));
    EXPECT_TRUE(whole.alias.starts_with(conf.alias));
    EXPECT_TRUE(whole.license.starts_with(conf.license));
    EXPECT_NE(conf.comment_option, CommentOption::allowed);
  }
}

TEST(Conf, Values) {
  const struct {
    std::string file;
    Conf expected;
  } rows[] = {
      {"", {}},
      {"ad.anynet.cur_version=9.0.4", {.version = "9.0.4"}},
      {"ad.anynet.cur_version=12345", {.version = "12345"}},
      {"ad.anynet.cur_version=99999999999999999999999", {.version = "99999999999999999999999"}},
      {"ad.anynet.alias=a\x1b[31m\xff\x01z", {.alias = "a [31m\xef\xbf\xbd z"}},
      {"ad.anynet.id=" + std::string(5000, '7'), {.own_id = std::string(256, '7')}},
      {"ad.license.cache=" + cache("1"), {.comment_option = CommentOption::allowed}},
      {"ad.license.cache=" + std::string(200'000, '0'), {}},
      {"AD.ANYNET.ID=1", {}},
      {" ad.anynet.id=1", {}},
  };
  for (const auto& row : rows) EXPECT_EQ(scan(row.file), row.expected) << row.file.substr(0, 60);
}

TEST(LicenseCache, WhateverItHolds) {
  const std::string good = cache("1");
  EXPECT_EQ(comment_option_of(good), CommentOption::allowed);
  EXPECT_EQ(comment_option_of(cache("0")), CommentOption::off);
  EXPECT_EQ(comment_option_of(cache("2")), CommentOption::unknown);
  EXPECT_EQ(comment_option_of("zz"), CommentOption::unknown);
  const std::string other_version = "02" + good.substr(2);
  EXPECT_EQ(comment_option_of(other_version), CommentOption::unknown);
  // Cut at every byte: known only once the flag was read whole.
  bool known = false;
  for (std::size_t at = 0; at <= good.size(); at += 2) {
    const auto option = comment_option_of(std::string_view{good}.substr(0, at));
    EXPECT_NE(option, CommentOption::off);
    EXPECT_TRUE(!known || option == CommentOption::allowed);
    known = option == CommentOption::allowed;
  }
  EXPECT_TRUE(known);
}

TEST(Conf, ReadsAFileAndSaysWhyNot) {
  agent::discovery::testing::ClosedFiles files;
  files.files.create("/a/system.conf", whole_file());
  files.closed = {"/b"};
  EXPECT_EQ(read_conf(files, "/a/system.conf").value().own_id, "123456789");
  EXPECT_EQ(read_conf(files, "/b/system.conf").error().code, base::ErrorCode::permission_denied);
  EXPECT_EQ(read_conf(files, "/c/system.conf").error().code, base::ErrorCode::not_found);
}

TEST(Conf, FailsAtEveryStep) {
  for (int failing = 0;; ++failing) {
    agent::discovery::testing::ClosedFiles files;
    files.files.create("/a/system.conf", whole_file());
    files.files.hook = [&](int step) -> base::Status {
      if (step == failing) return base::fail(base::ErrorCode::unavailable, "broken");
      return {};
    };
    const auto conf = read_conf(files, "/a/system.conf");
    if (conf) {
      EXPECT_GT(failing, 2);
      break;
    }
    EXPECT_EQ(conf.error().code, base::ErrorCode::unavailable);
  }
}

}  // namespace
