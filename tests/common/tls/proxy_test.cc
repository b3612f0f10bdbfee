// Which proxy is meant.

#include "common/tls/proxy.h"

#include <gmock/gmock.h>

#include <map>

namespace {

using testing::HasSubstr;
using testing::Not;
using tls::Proxy;

TEST(Proxy, IsReadFromItsAddress) {
  const struct {
    const char* url;
    Proxy proxy;
  } rows[] = {
      {"http://proxy:3128", {.secure = false, .host = "proxy", .port = 3128, .user = {}, .password = {}}},
      {"proxy:3128", {.secure = false, .host = "proxy", .port = 3128, .user = {}, .password = {}}},
      {"proxy", {.secure = false, .host = "proxy", .port = 80, .user = {}, .password = {}}},
      {"HTTPS://proxy/", {.secure = true, .host = "proxy", .port = 443, .user = {}, .password = {}}},
      {"http://[2001:db8::1]:8080/",
       {.secure = false, .host = "2001:db8::1", .port = 8080, .user = {}, .password = {}}},
      {"http://anna:p%40ss:word@proxy:1",
       {.secure = false, .host = "proxy", .port = 1, .user = "anna", .password = "p@ss:word"}},
      {"http://d%5Canna@proxy:1",
       {.secure = false, .host = "proxy", .port = 1, .user = "d\\anna", .password = {}}},
  };
  for (const auto& row : rows) {
    const auto proxy = tls::parse_proxy(row.url);
    ASSERT_TRUE(proxy) << row.url << ": " << proxy.error().message;
    EXPECT_EQ(*proxy, row.proxy) << row.url;
    EXPECT_THAT(proxy->name(), Not(HasSubstr("word"))) << row.url;
  }
}

TEST(Proxy, OtherTextIsNoneAndNoPasswordIsQuoted) {
  for (const char* url :
       {"", "http://", "socks5://proxy:1080", "http://proxy:0", "http://proxy:70000", "http://proxy:x",
        "http://secret:secret@", "http://:secret@proxy:1", "http://a%3Ab:secret@proxy:1",
        "http://a:%zz@proxy:1", "http://a:%4@proxy:1", "http://[::1:1", "http://[::1]x", "http://pro xy:1",
        "http://proxy/path", "http://a:b:c", "http://proxy:1\r\nHost: x"}) {
    const auto proxy = tls::parse_proxy(url);
    ASSERT_FALSE(proxy) << url;
    EXPECT_EQ(proxy.error().code, base::ErrorCode::invalid_argument) << url;
    EXPECT_THAT(proxy.error().message, Not(HasSubstr("secret"))) << url;
  }
}

TEST(Proxy, NoProxyExceptsHosts) {
  const struct {
    const char* host;
    const char* list;
    bool excepted;
  } rows[] = {
      {"collector.example.com", "", false},
      {"collector.example.com", "*", true},
      {"collector.example.com", "example.com", true},
      {"collector.example.com", ".example.com", true},
      {"collector.example.com", "*.example.com", true},
      {"Collector.Example.com", "other, EXAMPLE.com:7443", true},
      {"collector.example.com", "ample.com", false},
      {"example.com", ".example.com", true},
      {"10.1.2.3", "localhost 10.1.2.3", true},
      {"10.1.2.3", "10.1.2", false},
      {"2001:db8::1", "[2001:db8::1]:7443", true},
      {"2001:db8::1", "2001:db8::1", true},
      {"host", ",, ,.,*", true},
      {"host", ",, ,.", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(tls::is_excepted(row.host, row.list), row.excepted) << row.host << row.list;
}

TEST(Proxy, TheEnvironmentDecidesAndSaysSo) {
  std::map<std::string, std::string> variables;
  const auto environment = [&](const std::string& name) { return variables[name]; };
  const auto chosen = [&] { return tls::proxy_of_environment("collector", environment); };
  EXPECT_FALSE(chosen()->proxy);
  EXPECT_EQ(chosen()->why, "the environment names no proxy");
  variables["HTTP_PROXY"] = "http://other:1";
  EXPECT_FALSE(chosen()->proxy) << "that is for connections that are not secret";
  variables["https_proxy"] = "http://small:1";
  EXPECT_EQ(chosen()->proxy->host, "small");
  EXPECT_EQ(chosen()->why, "https_proxy of the environment");
  variables["HTTPS_PROXY"] = "http://large:1";
  EXPECT_EQ(chosen()->proxy->host, "large");
  variables["no_proxy"] = "collector";
  EXPECT_FALSE(chosen()->proxy);
  EXPECT_EQ(chosen()->why, "no_proxy of the environment");
  variables["no_proxy"].clear();
  variables["HTTPS_PROXY"] = "ftp://large";
  EXPECT_EQ(chosen().error().code, base::ErrorCode::invalid_argument);
  EXPECT_THAT(chosen().error().message, HasSubstr("HTTPS_PROXY"));
}

}  // namespace
