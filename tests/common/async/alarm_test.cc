#include "common/async/alarm.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace {

using namespace std::chrono_literals;

TEST(Alarm, RingsOnce) {
  boost::asio::io_context io;
  int rings = 0;
  async::Alarm alarm{io.get_executor(), 0ms, [&] { ++rings; }};
  EXPECT_FALSE(alarm.rang());
  io.run();
  EXPECT_EQ(rings, 1);
  EXPECT_TRUE(alarm.rang());
}

TEST(Alarm, IsSilentAfterItsEnd) {
  boost::asio::io_context io;
  int rings = 0;
  {
    const async::Alarm alarm{io.get_executor(), 0ms, [&] { ++rings; }};
  }
  {
    const async::Alarm alarm{io.get_executor(), 1h, [&] { ++rings; }};
  }
  io.run();
  EXPECT_EQ(rings, 0);
}

}  // namespace
