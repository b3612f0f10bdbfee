#include "common/record/agent_id.h"

#include <gtest/gtest.h>

namespace {

using record::AgentId;

TEST(AgentId, ComesBack) {
  const auto id = AgentId::random().value();
  EXPECT_NE(id, AgentId::random().value());
  EXPECT_EQ(AgentId::from_bytes(id.bytes()).value(), id);
  EXPECT_EQ(id.hex().size(), 32u);
  EXPECT_EQ(AgentId::from_hex(id.hex()).value(), id);
}

TEST(AgentId, WhatIsNoneIsRefused) {
  for (const auto* hex :
       {"", "00", "0011223344556677889900112233445g", "001122334455667788990011223344556"}) {
    EXPECT_FALSE(AgentId::from_hex(hex)) << hex;
  }
  EXPECT_FALSE(AgentId::from_bytes("fifteen bytes.."));
}

}  // namespace
