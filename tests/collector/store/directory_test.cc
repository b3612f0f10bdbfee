#include "collector/store/directory.h"

#include "collector/store/customers.h"
#include "collector/store/terminals.h"
#include "common/timing/zone.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

class DirectoryTest : public StoreTest {
 protected:
  void SetUp() override { world_ = write(make_small_world); }
  directory::Directory load() {
    return read([](Transaction& t) { return must(load_directory(t, utc_start_of_day)); });
  }
  SmallWorld world_;
};
INSTANTIATE_TEST_SUITE_P(On, DirectoryTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         dialect_name);

TEST_P(DirectoryTest, ASecondImportChangesNothing) {
  const auto again = [&](Transaction& t) {
    for (const auto& put :
         {must(upsert_customer(
              t, {.id = 0, .code = "ACME", .name = "Acme", .email = "it@acme.test", .language = "en"})),
          must(upsert_terminal(t, {.id = 0,
                                   .customer_id = world_.customer_id,
                                   .address = "123456789",
                                   .description = "Server",
                                   .valid_from = {},
                                   .valid_to = {}})),
          must(upsert_technician(
              t, {.id = 0, .number = 7, .name = "Ada", .email = "ada@desk.test", .active = true})),
          must(add_template_version(t, "standard", rating::Rule{})),
          must(upsert_contract(t, contract_of(world_, "Support")))}) {
      EXPECT_EQ(put.id, 1);
      EXPECT_FALSE(put.created);
      EXPECT_FALSE(put.changed);
    }
  };
  write(again);
  const auto all = load();
  EXPECT_EQ(all.customers.size() + all.terminals.size() + all.technicians.size() + all.contracts.size(), 4u);
}

TEST_P(DirectoryTest, CustomersAndTechniciansChangeByTheirKey) {
  write([](Transaction& t) {
    const auto customer = must(
        upsert_customer(t, {.id = 0, .code = "ACME", .name = "Acme Ltd", .email = "", .language = "el"}));
    EXPECT_FALSE(customer.created);
    EXPECT_TRUE(customer.changed);
    const auto technician =
        must(upsert_technician(t, {.id = 0, .number = 7, .name = "Eve", .email = "e", .active = false}));
    EXPECT_FALSE(technician.created);
    EXPECT_TRUE(technician.changed);
    EXPECT_TRUE(must(upsert_technician(t, {.id = 0, .number = 8, .name = "Bob", .email = "", .active = true}))
                    .created);
  });
  const auto all = load();
  ASSERT_EQ(all.customers.size(), 1u);
  EXPECT_EQ(all.customers[0].id, world_.customer_id);
  EXPECT_EQ(all.customers[0].code, "ACME");
  EXPECT_EQ(all.customers[0].name, "Acme Ltd");
  EXPECT_EQ(all.customers[0].email, "");
  EXPECT_EQ(all.customers[0].language, "el");
  ASSERT_EQ(all.technicians.size(), 2u);
  EXPECT_EQ(all.technicians[0].number, 7);
  EXPECT_EQ(all.technicians[0].name, "Eve");
  EXPECT_EQ(all.technicians[0].email, "e");
  EXPECT_FALSE(all.technicians[0].active);
  EXPECT_TRUE(all.technicians[1].active);
  EXPECT_EQ(refused([](Transaction& t) {
              return upsert_technician(t, {.id = 0, .number = 0, .name = "Nil", .email = "", .active = true});
            }),
            base::ErrorCode::conflict);
}

TEST_P(DirectoryTest, AnAddressBelongsToOneCustomerAtATime) {
  const auto other = write([](Transaction& t) {
    return must(upsert_customer(t, {.id = 0, .code = "B", .name = "B", .email = "", .language = "en"})).id;
  });
  using Bound = std::optional<timing::UtcMs>;
  const auto terminal = [](std::int64_t customer, Bound from, Bound to) {
    return directory::Terminal{.id = 0,
                               .customer_id = customer,
                               .address = "123456789",
                               .description = "Box",
                               .valid_from = from,
                               .valid_to = to};
  };
  EXPECT_EQ(refused([&](Transaction& t) { return upsert_terminal(t, terminal(other, at(100), {})); }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("123456789 belongs to another customer"), std::string::npos) << message_;
  write([&](Transaction& t) {
    const auto ended = must(upsert_terminal(t, terminal(world_.customer_id, {}, at(100))));
    EXPECT_EQ(ended.id, world_.terminal_id);
    EXPECT_TRUE(ended.changed);
    EXPECT_TRUE(must(upsert_terminal(t, terminal(other, at(100), at(200)))).created);
    EXPECT_TRUE(must(upsert_terminal(t, terminal(world_.customer_id, at(200), {}))).created)
        << "and back again";
  });
  EXPECT_EQ(refused([&](Transaction& t) { return upsert_terminal(t, terminal(world_.customer_id, {}, {})); }),
            base::ErrorCode::conflict);
  const auto all = load();
  ASSERT_EQ(all.terminals.size(), 3u);
  EXPECT_EQ(all.terminals[0].valid_from, std::nullopt);
  EXPECT_EQ(all.terminals[0].valid_to, at(100));
  EXPECT_EQ(all.terminals[0].description, "Box");
  EXPECT_EQ(all.terminals[1].customer_id, other);
  EXPECT_EQ(all.terminals[1].address, "123456789");
}

TEST_P(DirectoryTest, SupportPointsMoveInTime) {
  const auto point = [&](const std::string& workstation, const std::string& anydesk_id,
                         std::optional<timing::UtcMs> to) {
    return directory::SupportPoint{.id = 0,
                                   .technician_id = world_.technician_id,
                                   .workstation = workstation,
                                   .anydesk_id = anydesk_id,
                                   .valid_from = {},
                                   .valid_to = to};
  };
  write([&](Transaction& t) {
    const auto first = must(upsert_support_point(t, point("WS-1", "", {})));
    EXPECT_TRUE(first.created);
    EXPECT_FALSE(must(upsert_support_point(t, point("WS-1", "", {}))).changed);
    const auto ended = must(upsert_support_point(t, point("WS-1", "", at(50))));
    EXPECT_EQ(ended.id, first.id);
    EXPECT_TRUE(ended.changed);
    EXPECT_TRUE(must(upsert_support_point(t, point("", "555", {}))).created);
  });
  const auto all = load();
  ASSERT_EQ(all.support_points.size(), 2u);
  EXPECT_EQ(all.support_points[0].technician_id, world_.technician_id);
  EXPECT_EQ(all.support_points[0].workstation, "WS-1");
  EXPECT_EQ(all.support_points[0].valid_to, at(50));
  EXPECT_EQ(all.support_points[1].anydesk_id, "555");
  EXPECT_EQ(refused([&](Transaction& t) { return upsert_support_point(t, point("WS", "555", {})); }),
            base::ErrorCode::conflict)
      << "either a workstation or an AnyDesk ID";
  EXPECT_EQ(refused([&](Transaction& t) { return upsert_support_point(t, point("", "", {})); }),
            base::ErrorCode::conflict);
}

TEST_P(DirectoryTest, AChangedRuleIsANewVersion) {
  rating::Rule rule;
  rule.free_s = 60;
  rule.boundary = rating::Boundary::after;
  rule.grace_scope = rating::GraceScope::every;
  rule.max_charge_min = 120;
  write([&](Transaction& t) {
    const auto second = must(add_template_version(t, "standard", rule));
    EXPECT_TRUE(second.created);
    EXPECT_NE(second.id, world_.template_id);
    EXPECT_EQ(must(add_template_version(t, "standard", rule)).id, second.id);
    const auto newest = must(find_template(t, "standard"));
    EXPECT_EQ(newest.id, second.id);
    EXPECT_EQ(newest.version, 2);
    EXPECT_EQ(newest.rule, rule);
    EXPECT_TRUE(must(add_template_version(t, "standard", rating::Rule{})).created)
        << "back again is a third version";
    EXPECT_EQ(must(find_template(t, "standard")).version, 3);
    EXPECT_EQ(find_template(t, "none").error().code, base::ErrorCode::not_found);
  });
}

TEST_P(DirectoryTest, AContractWithEntriesKeepsItsTerms) {
  const auto other = write([](Transaction& t) {
    rating::Rule rule;
    rule.free_s = 0;
    return must(add_template_version(t, "other", rule)).id;
  });
  auto contract = contract_of(world_, "Support");
  contract.template_id = other;
  contract.model = directory::Model::indefinite;
  EXPECT_TRUE(write([&](Transaction& t) { return must(upsert_contract(t, contract)); }).changed)
      << "no entries yet";
  write([&](Transaction& t) { post_session(t, world_, "k"); });

  contract.end_day = year_month_day{year{2026}, month{12}, day{31}};
  contract.mail_window_min = 5;
  EXPECT_TRUE(write([&](Transaction& t) { return must(upsert_contract(t, contract)); }).changed) << "may end";
  auto changed = contract;
  changed.template_id = world_.template_id;
  EXPECT_EQ(refused([&](Transaction& t) { return upsert_contract(t, changed); }), base::ErrorCode::conflict);
  EXPECT_NE(message_.find("make a new contract instead"), std::string::npos) << message_;
  changed = contract;
  changed.model = directory::Model::prepaid;
  EXPECT_EQ(refused([&](Transaction& t) { return upsert_contract(t, changed); }), base::ErrorCode::conflict);
  const auto all = load();
  EXPECT_EQ(all.contracts.at(0).template_id, other);
  EXPECT_EQ(all.contracts.at(0).model, directory::Model::indefinite);
}

TEST_P(DirectoryTest, ContractsComeWithTheirRuleAndTheirDaysAsInstants) {
  auto contract = contract_of(world_, "Night");
  contract.start_day = year_month_day{year{2026}, month{3}, day{29}};
  contract.end_day = year_month_day{year{2026}, month{12}, day{31}};
  contract.time_zone = "Europe/Athens";
  contract.mail_window_min = 15;
  contract.mail_no_charge = false;
  write([&](Transaction& t) { must(upsert_contract(t, contract)); });
  const auto all = read([](Transaction& t) { return must(load_directory(t, &timing::start_of_day)); });
  ASSERT_EQ(all.contracts.size(), 2u);
  EXPECT_EQ(all.contracts[0].end_day, std::nullopt);
  EXPECT_EQ(all.contracts[0].valid_to, std::nullopt);
  EXPECT_TRUE(all.contracts[0].mail_no_charge);
  const auto& night = all.contracts[1];
  EXPECT_EQ(night.name, "Night");
  EXPECT_EQ(night.customer_id, world_.customer_id);
  EXPECT_EQ(night.template_name, "standard");
  EXPECT_EQ(night.template_version, 1);
  EXPECT_EQ(night.rule, rating::Rule{});
  EXPECT_EQ(night.start_day, contract.start_day);
  EXPECT_EQ(night.end_day, contract.end_day);
  EXPECT_EQ(night.mail_window_min, 15);
  EXPECT_FALSE(night.mail_no_charge);
  EXPECT_EQ(timing::to_rfc3339(night.valid_from), "2026-03-28T22:00:00.000Z");
  EXPECT_EQ(timing::to_rfc3339(*night.valid_to), "2026-12-31T22:00:00.000Z") << "the last day is inside";

  const auto unknown = connection_.read([](Transaction& t) -> base::Status {
    const auto loaded = load_directory(t, utc_start_of_day);
    EXPECT_FALSE(loaded);
    EXPECT_NE(loaded.error().message.find("\"Night\""), std::string::npos) << loaded.error().message;
    return {};
  });
  EXPECT_TRUE(unknown);
}

TEST_P(DirectoryTest, TheVersionGrows) {
  EXPECT_EQ(load().version, 0);
  EXPECT_EQ(write([](Transaction& t) { return must(bump_directory_version(t)); }), 1);
  EXPECT_EQ(write([](Transaction& t) { return must(bump_directory_version(t)); }), 2);
  EXPECT_EQ(load().version, 2);
}

}  // namespace
}  // namespace collector::store
