// Each limit by itself, at the moment it is told.

#include "collector/net/guard.h"

#include <gtest/gtest.h>

namespace collector::net {
namespace {

Limits small() {
  return {.connections_max = 4,
          .address_connections_max = 3,
          .address_handshakes_per_min = 6,
          .address_enrolments_per_min = 2,
          .stranger_handshakes_per_s = 1,
          .enrolments_per_s = 1'000'000,
          .agent_records_per_s = 10,
          .agent_records_burst = 20,
          .agent_bytes_per_s = 100,
          .agent_bytes_burst = 1'000,
          .agent_renewals_per_h = 2,
          .strikes_max = 3,
          .strikes_s = 60,
          .replacements_max = 2};
}

TEST(Bucket, GivesTheBurstAndThenTheRate) {
  const struct {
    std::int64_t at_ms, n, wait_ms;
  } table[] = {
      {0, 15, 0},           // 5 are left
      {0, 6, 100},          // one is missing, at 10 a second
      {0, 5, 0},            // exactly what is left
      {0, 1, 100},          //
      {99, 1, 1},           // almost
      {100, 1, 0},          //
      {10'000, 20, 0},      // full again, and no fuller
      {10'000, 1, 100},     //
      {12'000, 1'000, 0},   // larger than the burst, and yet it comes through
      {12'000, 1, 98'100},  // what is owed comes first
  };
  Bucket bucket{10, 20};
  for (const auto& row : table) {
    EXPECT_NEAR(static_cast<double>(bucket.take(row.n, row.at_ms)), static_cast<double>(row.wait_ms), 1)
        << row.at_ms << " " << row.n;
  }
}

TEST(Guard, ConnectionsAreCountedByAddressAndInAll) {
  const struct {
    std::string address;
    std::string_view refusal;
  } table[] = {
      {"a", ""}, {"a", ""}, {"a", ""}, {"a", "address_connections"}, {"b", ""}, {"c", "connections_full"}};
  Guard guard{small()};
  for (const auto& row : table) EXPECT_EQ(guard.enter(row.address, 1).value_or(""), row.refusal);
  EXPECT_EQ(guard.connections(), 4u);
  guard.leave("a");
  EXPECT_EQ(guard.enter("c", 1), std::nullopt);
  guard.leave("c");
  EXPECT_EQ(guard.enter("a", 1), std::nullopt) << "the place that was left";
}

TEST(Guard, HandshakesComeBackWithTime) {
  Guard guard{small()};
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(guard.enter("a", 1), std::nullopt);
    guard.leave("a");
  }
  EXPECT_EQ(guard.enter("a", 1), "address_handshakes");
  EXPECT_EQ(guard.enter("b", 1), std::nullopt) << "of each address its own";
  EXPECT_EQ(guard.enter("a", 12'000), std::nullopt) << "6 a minute";
  EXPECT_EQ(guard.connections(), 2u) << "who was refused is not in";
}

TEST(Guard, EnrolmentsAreBounded) {
  Guard guard{small()};
  EXPECT_EQ(guard.enrol("a", 1), std::nullopt);
  EXPECT_EQ(guard.enrol("a", 1), std::nullopt);
  EXPECT_EQ(guard.enrol("a", 1), "address_enrolments");
  EXPECT_EQ(guard.enrol("b", 1), std::nullopt);
  EXPECT_EQ(guard.enrol("a", 60'001), std::nullopt);
}

TEST(Guard, EnrolmentsOfAllAddressesAreBounded) {
  auto limits = small();
  limits.enrolments_per_s = 1;
  Guard guard{limits};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(guard.enrol(std::to_string(i), 1), std::nullopt);
  EXPECT_EQ(guard.enrol("another", 1), "enrolments");
  EXPECT_EQ(guard.enrol("another", 1'001), std::nullopt);
}

TEST(Guard, StrangersOfAllAddressesAreBounded) {
  Guard guard{small()};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(guard.enter_stranger(1), std::nullopt);
  EXPECT_EQ(guard.enter_stranger(1), "stranger_handshakes");
  EXPECT_EQ(guard.enter_stranger(1'001), std::nullopt);
}

TEST(Guard, RenewalsOfAnAgentAreBounded) {
  Guard guard{small()};
  EXPECT_EQ(guard.renew("anna", 1), std::nullopt);
  EXPECT_EQ(guard.renew("anna", 1), std::nullopt);
  EXPECT_EQ(guard.renew("anna", 1), "agent_renewals");
  EXPECT_EQ(guard.renew("ben", 1), std::nullopt) << "of each agent its own";
  EXPECT_EQ(guard.renew("anna", 1'800'001), std::nullopt);
}

TEST(Guard, FaultsElsewhereAreNotTheWorkstations) {
  Guard guard{small()};
  const auto refuse_at = [&](const std::string& address) {
    for (int i = 0; i < 3; ++i) guard.strike_agent("anna", address, 0);
  };
  refuse_at("thief");
  EXPECT_EQ(guard.refuse_agent("anna", "thief", 1), "agent_refused");
  EXPECT_EQ(guard.refuse_agent("anna", "office", 1), std::nullopt);
  // Their memory is bounded: the others share one entry.
  for (std::size_t i = 1; i < Guard::kFaultyAddresses; ++i) refuse_at(std::to_string(i));
  EXPECT_EQ(guard.refuse_agent("anna", "office", 1), std::nullopt);
  refuse_at("one more");
  EXPECT_EQ(guard.refuse_agent("anna", "one more", 1), "agent_refused");
  EXPECT_EQ(guard.refuse_agent("ben", "thief", 1), std::nullopt);
  guard.forget(60'001);
  EXPECT_EQ(guard.kept(), 0u);
}

TEST(Guard, RecordsAndBytesHaveEachTheirBucket) {
  Guard guard{small()};
  const auto take = [&](std::int64_t records, std::int64_t bytes, std::int64_t at_ms) {
    return guard.take_batch("anna", records, bytes, at_ms);
  };
  EXPECT_EQ(take(1, 999, 0).ms, 0);
  EXPECT_EQ(take(19, 1, 0).ms, 0);
  auto wait = take(1, 1, 0);
  EXPECT_EQ(wait.name, "busy_records");
  EXPECT_EQ(wait.ms, 100);
  wait = take(1, 100, 150);
  EXPECT_EQ(wait.name, "busy_bytes");
  EXPECT_EQ(wait.ms, 850);
  EXPECT_EQ(guard.take_batch("ben", 1, 1, 1).ms, 0) << "of each agent its own";
  EXPECT_EQ(take(1, 1, 2'000).ms, 0);
}

TEST(Guard, TooManyStrikesRefuseForAWhile) {
  Guard guard{small()};
  EXPECT_FALSE(guard.strike_agent("anna", "a", 0));
  EXPECT_FALSE(guard.strike_agent("anna", "a", 1'000));
  EXPECT_FALSE(guard.strike_agent("anna", "a", 60'001)) << "the first is too long ago";
  EXPECT_EQ(guard.refuse_agent("anna", "a", 60'001), std::nullopt);
  EXPECT_TRUE(guard.strike_agent("anna", "a", 60'500));
  EXPECT_EQ(guard.refuse_agent("anna", "a", 60'500), "agent_refused");
  EXPECT_EQ(guard.refuse_agent("anna", "a", 120'499), "agent_refused");
  EXPECT_EQ(guard.refuse_agent("anna", "a", 120'500), std::nullopt);
  EXPECT_EQ(guard.refuse_agent("ben", "a", 60'500), std::nullopt);
  EXPECT_EQ(guard.refuse_address("anna", 60'500), std::nullopt);
  EXPECT_FALSE(guard.strike_address("a", 0));
  EXPECT_FALSE(guard.strike_address("a", 0));
  EXPECT_TRUE(guard.strike_address("a", 0));
  EXPECT_EQ(guard.refuse_address("a", 59'999), "address_refused");
  EXPECT_EQ(guard.refuse_address("a", 60'000), std::nullopt);
}

TEST(Guard, MachinesThatPushEachOtherOutAreACloneAfterAWhile) {
  Guard guard{small()};
  EXPECT_FALSE(guard.replace("anna", 0));
  EXPECT_FALSE(guard.replace("anna", 1));
  EXPECT_FALSE(guard.replace("anna", kClone_s * 1'000 + 1)) << "the first is too long ago";
  EXPECT_TRUE(guard.replace("anna", kClone_s * 1'000 + 1));
  EXPECT_FALSE(guard.replace("anna", kClone_s * 1'000 + 2)) << "anew";
}

TEST(Guard, WhoIsAtRestIsForgotten) {
  Guard guard{small()};
  EXPECT_EQ(guard.enter("a", 0), std::nullopt);
  EXPECT_EQ(guard.enrol("b", 0), std::nullopt);
  guard.strike_agent("anna", "a", 0);
  EXPECT_EQ(guard.take_batch("ben", 1, 1, 0).ms, 0);
  EXPECT_FALSE(guard.replace("clara", 0));
  guard.forget(0);
  EXPECT_EQ(guard.kept(), 5u);
  guard.forget(60'001);
  EXPECT_EQ(guard.kept(), 2u) << "a connection, and a replacement";
  guard.leave("a");
  guard.forget(kClone_s * 1'000 + 1);
  EXPECT_EQ(guard.kept(), 0u);
}

TEST(Guard, ItsMemoryIsBounded) {
  Guard guard{small()};
  // Those that find no place of their own share one: 2 attempts a minute for all of them.
  const auto granted = Guard::kKept + 2;
  for (std::size_t i = 0; i < Guard::kKept + 10; ++i) {
    EXPECT_EQ(guard.enrol(std::to_string(i), 1).has_value(), i >= granted) << i;
  }
  EXPECT_LE(guard.kept(), Guard::kKept + 1);
}

}  // namespace
}  // namespace collector::net
