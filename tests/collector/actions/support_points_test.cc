#include "collector/actions/support_points.h"

#include "collector/actions/technicians.h"
#include "tests/collector/actions/firm.h"

namespace collector::actions {
namespace {

using directory::SupportPoint;
using Bound = std::optional<timing::UtcMs>;

class SupportPointsTest : public FirmTest {
 protected:
  void SetUp() override {
    for (const std::int64_t number : {1, 2}) {
      write([&](Transaction& t) {
        must(put_technician(t, actor(), Way::add,
                            {.id = 0, .number = number, .name = "T", .email = "", .active = true}));
      });
    }
  }
  static SupportPoint point(Bound from, Bound to) {
    return {.id = 0,
            .technician_id = 0,
            .workstation = "pc",
            .anydesk_id = "",
            .valid_from = from,
            .valid_to = to};
  }
  auto add(std::int64_t technician, Bound from, Bound to, Sharing sharing = Sharing::refused) {
    return [=, this](Transaction& t) {
      return add_support_point(t, actor(), technician, point(from, to), sharing);
    };
  }
  std::vector<SupportPoint> all() {
    return read([](Transaction& t) { return must(store::list_support_points(t)); });
  }
};
INSTANTIATE_TEST_SUITE_P(On, SupportPointsTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(SupportPointsTest, DoNotOverlap) {
  write([&](Transaction& t) { must(add(1, at(100), at(200))(t)); });
  const std::string words =
      "overlapping validity: pc is technician 1's from 1970-01-01T00:00:00.100Z until "
      "1970-01-01T00:00:00.200Z (support point 1); end that one first";
  const struct {
    std::int64_t technician;
    Bound from, to;
    bool overlaps;
  } table[] = {
      {1, {}, {}, true},       {2, {}, {}, true},           {2, {}, at(101), true},
      {2, at(199), {}, true},  {1, at(120), at(130), true}, {2, at(100), at(200), true},
      {2, {}, at(100), false}, {2, at(200), {}, false},     {1, at(50), at(100), false},
  };
  for (const auto& one : table) {
    base::Result<Done> done = base::fail(ErrorCode::internal, "");
    const auto rolled_back = connection_.transaction([&](Transaction& t) -> base::Status {
      done = add(one.technician, one.from, one.to)(t);
      return base::fail(ErrorCode::cancelled, "");
    });
    EXPECT_EQ(done.has_value(), !one.overlaps);
    if (!done) {
      EXPECT_EQ(done.error().message, words + (one.technician == 1 ? "" : ", or say that they share it"));
    }
  }
  EXPECT_TRUE(write([&](Transaction& t) { return must(add(2, at(150), {}, Sharing::meant)(t)); }).created);
  EXPECT_EQ(refused(add(1, at(150), {}, Sharing::meant)), ErrorCode::conflict) << "his own, twice";
}

TEST_P(SupportPointsTest, AreHandedOverByEndingOne) {
  write([&](Transaction& t) { must(add(1, {}, {})(t)); });
  const auto end = [&](std::int64_t id, Bound from, Bound to) {
    return [=, this](Transaction& t) {
      auto row = point(from, to);
      row.id = id;
      return change_support_point(t, actor(), row);
    };
  };
  EXPECT_TRUE(write([&](Transaction& t) { return must(end(1, {}, at(100))(t)); }).changed);
  EXPECT_EQ(newest_change().key, "1 pc");
  EXPECT_EQ(newest_change().action, "change");
  write([&](Transaction& t) { must(add(2, at(100), {})(t)); });
  EXPECT_EQ(refused(end(1, {}, at(101))), ErrorCode::conflict);
  EXPECT_EQ(refused(end(9, {}, {})), ErrorCode::not_found);
  EXPECT_EQ(refused(end(2, at(100), at(100))), ErrorCode::invalid_argument);
  EXPECT_FALSE(write([&](Transaction& t) { return must(end(1, {}, at(100))(t)); }).changed);
  EXPECT_EQ(all().size(), 2u);
  EXPECT_EQ(version(), 5) << "two technicians, two points, one end";
}

TEST_P(SupportPointsTest, WhatIsWrongIsNamed) {
  EXPECT_EQ(refused(add(3, {}, {})), ErrorCode::not_found);
  EXPECT_EQ(message_, "3 is no technician's number; see: deskledger-collector technicians list");
  const auto both = [&](Transaction& t) {
    auto row = point({}, {});
    row.anydesk_id = "410900001";
    return add_support_point(t, actor(), 1, row);
  };
  EXPECT_EQ(refused(both), ErrorCode::invalid_argument);
  EXPECT_EQ(refused(add(1, at(5), at(4))), ErrorCode::invalid_argument);
  EXPECT_TRUE(all().empty());
}

}  // namespace
}  // namespace collector::actions
