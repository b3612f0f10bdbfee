#include "agent/commands/collector_address.h"

#include <gtest/gtest.h>

namespace {

using agent::commands::parse_collector_address;

TEST(CollectorAddress, IsReadAsPeopleWriteIt) {
  const struct {
    std::string text, host;
    int port;
  } rows[] = {
      {"collector.example.com", "collector.example.com", 7443},
      {"collector.example.com:1", "collector.example.com", 1},
      {"collector:65535", "collector", 65535},
      {"192.0.2.7:7444", "192.0.2.7", 7444},
      {"2001:db8::7", "2001:db8::7", 7443},
      {"::1", "::1", 7443},
      {"fe80::1%eth0", "fe80::1%eth0", 7443},
      {"[2001:db8::7]", "2001:db8::7", 7443},
      {"[::1]:7444", "::1", 7444},
      {"https://collector.example.com:7443/", "collector.example.com", 7443},
      {"wss://collector.example.com//", "collector.example.com", 7443},
  };
  for (const auto& row : rows) {
    const auto address = parse_collector_address(row.text);
    ASSERT_TRUE(address) << row.text << ": " << address.error().message;
    EXPECT_EQ(address->host, row.host) << row.text;
    EXPECT_EQ(address->port, row.port) << row.text;
  }
}

TEST(CollectorAddress, IsRefusedOtherwise) {
  for (const std::string& text : {std::string{},
                                  std::string{":7443"},
                                  std::string{"host:"},
                                  std::string{"host:0"},
                                  std::string{"host:65536"},
                                  std::string{"host:-1"},
                                  std::string{"host:7443x"},
                                  std::string{"host:+1"},
                                  std::string{"[::1"},
                                  std::string{"[::1]7443"},
                                  std::string{"[::1]:"},
                                  std::string{"[]:7443"},
                                  std::string{"[host]:7443"},
                                  std::string{"::1]:5"},
                                  std::string{"a b"},
                                  std::string{"a\nb"},
                                  std::string{"host/path"},
                                  std::string{"http://host"},
                                  std::string{"https://"},
                                  std::string{"user@host"},
                                  std::string("a\0b", 3)}) {
    const auto address = parse_collector_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, base::ErrorCode::invalid_argument);
    EXPECT_NE(address.error().message.find("'" + text + "' is no collector address"), std::string::npos);
  }
}

}  // namespace
