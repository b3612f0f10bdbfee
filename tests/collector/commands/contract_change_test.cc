// Contracts at the desk: what was agreed, what is left or owed, what people enter.

#include "collector/commands/contract_change.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "collector/commands/contracts.h"
#include "collector/store/changes.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

using store::must;

class ContractsTest : public DeskTest {
 protected:
  ContractsTest() { tell_story(); }

  std::string list() {
    return ran([&](auto& out, auto& err) {
             return run_contracts({.config = config(), .customer = {}, .json = false}, out, err);
           })
        .out;
  }
  json::value contract(std::size_t index) {
    const auto text = ran([&](auto& out, auto& err) {
      return run_contracts({.config = config(), .customer = {}, .json = true}, out, err);
    });
    return json::parse(text.out).at(index);
  }
  Ran put(ContractPutOptions options) {
    options.config = config();
    return ran([&](auto& out, auto& err) { return run_contract_put(options, out, err); });
  }
  Ran sell(SellOptions options) {
    options.config = config();
    if (options.reason.empty()) options.reason = "paid";
    return ran([&](auto& out, auto& err) { return run_sell(options, out, err); });
  }
  Ran adjust(AdjustOptions options) {
    options.config = config();
    options.reason = "agreed";
    return ran([&](auto& out, auto& err) { return run_adjust(options, out, err); });
  }
  Ran complete(std::int64_t contract) {
    return ran([&](auto& out, auto& err) {
      return run_complete({.config = config(), .contract = contract, .reason = "accepted"}, out, err);
    });
  }
  static ContractPutOptions flat() {
    return {.config = {},
            .customer = "law",
            .name = "Flat",
            .add = true,
            .model = "flat_fee",
            .start = "2026-11-01"};
  }
};
INSTANTIATE_TEST_SUITE_P(On, ContractsTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(ContractsTest, AreListedWithWhatIsLeftOrOwed) {
  EXPECT_EQ(list(),
            "CONTRACT  CUSTOMER  NAME       MODEL       TEMPLATE     FROM        TO  BALANCE\n"
            "       1  bakery    Ten hours  prepaid     standard v1  2026-01-01      590 of 600 min left\n"
            "       2  law       Open       indefinite  standard v1  2026-01-01      25 min to bill\n");
}

TEST_P(ContractsTest, TimeIsSoldWithItsReason) {
  const auto done = sell({.contract = 1, .minutes = 60});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("Old Mill, Ten hours: entry"));
  EXPECT_THAT(done.out, HasSubstr("650 of 660 min left"));
  const auto told = json::parse(
      sell({.contract = 1, .minutes = 40, .from = "2026-11-01", .until = "2026-11-30", .json = true}).out);
  EXPECT_EQ(told.at("balance"), "690 of 700 min left");
  EXPECT_EQ(told.at("at_utc"), "2026-11-01T00:00:00.000Z");
  const auto value = contract(0);
  EXPECT_EQ(value.at("balance_min"), 690);
  std::int64_t sum = 0;
  for (const auto& entry : value.at("entries").as_array()) sum += entry.at("minutes").as_int64();
  EXPECT_EQ(sum, 690);
  std::int64_t lines = 0;
  for (const auto& account : value.at("accounts").as_array()) lines += account.at("quantity").as_int64();
  EXPECT_EQ(lines, 0) << "double entry";
}

TEST_P(ContractsTest, WhatCannotBeSoldIsRefusedInWords) {
  const struct {
    SellOptions options;
    const char* says;
  } rows[] = {
      {{.contract = 2, .minutes = 60}, "not prepaid"},
      {{.contract = 9, .minutes = 60}, "there is no contract 9"},
      {{.contract = 1, .minutes = 0}, "a grant of 0"},
      {{.contract = 1, .minutes = -5}, "a grant of -5"},
      {{.contract = 1}, "give --minutes or --amount"},
      {{.contract = 1, .minutes = 5, .amount = "5"}, "give --minutes or --amount"},
      {{.contract = 1, .amount = "5"}, "give --minutes"},
      {{.contract = 1, .amount = "5,00"}, "is no amount of EUR"},
      {{.contract = 1, .minutes = 5, .from = "1.11.2026"}, "from '1.11.2026' is no day"},
      {{.contract = 1, .minutes = 5, .until = "2026-11-31"}, "until '2026-11-31' is no day"},
      {{.contract = 1, .minutes = 5, .until = "2026-11-30"}, "needs a first day"},
      {{.contract = 1, .minutes = 5, .from = "2025-01-01"}, "not one of the contract's"},
  };
  for (const auto& row : rows) {
    const auto refused = sell(row.options);
    EXPECT_EQ(refused.code, 1) << row.says;
    EXPECT_THAT(refused.err, HasSubstr(row.says));
  }
  EXPECT_EQ(contract(0).at("balance_min"), 590);
}

TEST_P(ContractsTest, AnyKindIsAgreedOnChangedAndKeptAsItWasOnceItHasEntries) {
  auto options = flat();
  options.period = "month";
  options.fee = "300";
  options.included_min = 120;
  options.overage_per_hour = "75.50";
  options.roll_over_min = "60";
  options.notice_percent = "50,90";
  options.notice_days = "";
  options.time_zone = "Europe/Athens";
  options.reason = "agreed by phone";
  EXPECT_EQ(put(options).out, "Contract 3, Flat: added\n");
  EXPECT_THAT(list(),
              HasSubstr("law       Flat       flat_fee    standard v1  2026-11-01      nothing to bill"));
  EXPECT_THAT(put(options).err, HasSubstr("see `contracts change`"));

  auto change = options;
  change.add = false;
  change.roll_over_min = "all";
  EXPECT_EQ(put(change).out, "Contract 3, Flat: changed\n");
  EXPECT_EQ(put(change).out, "Contract 3, Flat: as before\n");
  EXPECT_EQ(complete(3).code, 1) << "no project";
  EXPECT_EQ(adjust({.contract = 3, .amount = "-12.50"}).code, 0);
  EXPECT_THAT(list(), HasSubstr("12.50 EUR to bill"));
  change.fee = "400";
  EXPECT_THAT(put(change).err, HasSubstr("make a new contract instead"));
  change.fee.reset();
  change.end = "2027-10-31";
  EXPECT_EQ(put(change).out, "Contract 3, Flat: changed\n") << "its end may move";
  change.name = "Flatt";
  EXPECT_THAT(put(change).err, HasSubstr("see `contracts add`"));

  auto place = workspace();
  std::vector<store::ChangeRow> changes;
  must(place.database.read([&](store::Transaction& t) -> base::Status {
    changes = must(store::list_changes(t, {.limit = 10, .object = "contract", .key = "3"}));
    return {};
  }));
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes[3].change.action, "create");
  EXPECT_EQ(changes[3].change.why, "agreed by phone");
  EXPECT_EQ(changes[1].change.action, "adjust");
  EXPECT_THAT(changes[0].change.before, HasSubstr("\"end\":null"));
  EXPECT_THAT(changes[0].change.after, HasSubstr("\"end\":\"2027-10-31\""));
}

TEST_P(ContractsTest, WhatCannotBeAgreedOnIsRefusedByField) {
  const auto with = [](auto change) {
    auto options = flat();
    change(options);
    return options;
  };
  using O = ContractPutOptions;
  const struct {
    O options;
    const char* says;
  } rows[] = {
      {with([](O& o) { o.start.reset(); }), "start: a new contract needs"},
      {with([](O& o) { o.start = "today"; }), "start 'today' is no day"},
      {with([](O& o) { o.end = "2026-10-31"; }), "is before start"},
      {with([](O& o) { o.customer = "nobody"; }), "'nobody' is no customer's code"},
      {with([](O& o) { o.name = ""; }), "name is empty"},
      {with([](O& o) { o.template_name = "stand"; }), "stand"},
      {with([](O& o) { o.model = "block"; }), "model: 'block' is none of prepaid, indefinite"},
      {with([](O& o) { o.exhaustion = "stop"; }), "exhaustion: 'stop' is none of negative"},
      {with([](O& o) { o.exhaustion = "hold"; }), "exhaustion is for prepaid"},
      {with([](O& o) { o.period = "week"; }), "period: 'week' is none of none, month"},
      {with([](O& o) { o.fee = "12.345"; }), "is no amount of EUR"},
      {with([](O& o) { o.currency = "euro"; }), "currency is 'euro'"},
      {with([](O& o) { o.roll_over_min = "some"; }),
       "roll_over_min: 'some' is no whole number, and not 'all'"},
      {with([](O& o) { o.notice_percent = "80,x"; }), "notice_percent: 'x' is no whole number"},
      {with([](O& o) { o.notice_percent = "95,80"; }), "notice_percent must rise"},
      {with([](O& o) { o.notice_days = "1,2"; }), "notice_days must fall"},
      {with([](O& o) { o.notice_left = "15,60"; }), "notice_left must fall"},
      {with([](O& o) { o.duration = "soon"; }), "duration: 'soon' is no duration such as 12m, 1y or 30d"},
      {with([](O& o) {
         o.duration = "12m";
         o.end = "2027-10-31";
       }),
       "give --end or --duration"},
      {with([](O& o) { o.purchased_min = 600; }), "purchased_min is for the model prepaid"},
      {with([](O& o) { o.partner = "nobody"; }), "'nobody' is no partner's code"},
      {with([](O& o) { o.partner_told = false; }), "names no partner"},
      {with([](O& o) { o.partner_from = "2026-11-01"; }), "names no partner"},
      {with([](O& o) { o.included_min = 60; }), "included_min needs a period"},
      {with([](O& o) { o.units = 3; }), "units is for recurring"},
      {with([](O& o) { o.time_zone = "Athens"; }), "time_zone 'Athens' is no time zone"},
      {with([](O& o) { o.model = "hourly"; }), "needs a template with rate_per_hour or base_fee"},
  };
  for (const auto& row : rows) {
    const auto refused = put(row.options);
    EXPECT_EQ(refused.code, 1) << row.says;
    EXPECT_THAT(refused.err, HasSubstr(row.says));
  }
  EXPECT_THAT(list(), testing::Not(HasSubstr("Flat")));
}

TEST_P(ContractsTest, APreviewChangesNothing) {
  auto preview = flat();
  preview.preview = true;
  EXPECT_THAT(put(preview).out, HasSubstr("would be added. This was a preview"));
  EXPECT_THAT(list(), testing::Not(HasSubstr("Flat")));
}

TEST_P(ContractsTest, AProjectIsCompletedOnce) {
  auto project = flat();
  project.name = "Migration";
  project.model = "project_fixed";
  project.fee = "1500";
  project.currency = "USD";
  EXPECT_EQ(put(project).code, 0);
  EXPECT_THAT(complete(3).out, HasSubstr("(completion), 1500.00 USD to bill"));
  EXPECT_THAT(complete(3).err, HasSubstr("is completed already"));
}

}  // namespace
}  // namespace collector::commands
