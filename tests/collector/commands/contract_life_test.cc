// Contracts from templates, their partners, what is told of them, and what they hold.

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "collector/actions/partners.h"
#include "collector/commands/contract_change.h"
#include "collector/commands/contract_notices.h"
#include "collector/commands/contract_show.h"
#include "collector/commands/contracts.h"
#include "collector/commands/report_time.h"
#include "collector/commands/review.h"
#include "collector/commands/session_change.h"
#include "collector/commands/templates.h"
#include "collector/store/changes.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

using store::must;

class ContractLifeTest : public DeskTest {
 protected:
  ContractLifeTest() { tell_story(); }

  Ran put(ContractPutOptions options) {
    options.config = config();
    return ran([&](auto& out, auto& err) { return run_contract_put(options, out, err); });
  }
  Ran show(std::int64_t contract, bool as_json = false) {
    return ran([&](auto& out, auto& err) {
      return run_contract_show({.config = config(), .contract = contract, .json = as_json}, out, err);
    });
  }
  Ran notices(bool all = false, bool as_json = false, std::optional<std::string> customer = {}) {
    return ran([&](auto& out, auto& err) {
      return run_contract_notices(
          {.config = config(), .customer = std::move(customer), .all = all, .json = as_json}, out, err);
    });
  }
  Ran new_template(const std::vector<std::string>& set, bool preview = false) {
    return ran([&](auto& out, auto& err) {
      return run_template_new({.config = config(),
                               .name = "Block",
                               .from = "standard",
                               .set = set,
                               .reason = "",
                               .preview = preview,
                               .json = false},
                              out, err);
    });
  }
  static ContractPutOptions from_block() {
    return {.config = {},
            .customer = "law",
            .name = "Year",
            .add = true,
            .template_name = "Block",
            .start = "2026-01-31"};
  }
  void add_partner() {
    auto place = workspace();
    must(place.database.transaction([](store::Transaction& t) -> base::Status {
      must(actions::put_partner(t, {.who = "mary", .why = "", .now = timing::from_ms(1)}, actions::Way::add,
                                {.id = 0,
                                 .code = "northern",
                                 .name = "Northern IT",
                                 .email = "desk@northern.example",
                                 .language = "en"}));
      return {};
    }));
  }
};
INSTANTIATE_TEST_SUITE_P(On, ContractLifeTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

const std::vector<std::string> kBlock{"contract.model=prepaid",     "contract.duration=1y",
                                      "contract.purchased_min=600", "contract.exhaustion=hold",
                                      "contract.notice_percent=50", "contract.notice_days="};

TEST_P(ContractLifeTest, ATemplateCarriesWhatContractsAgree) {
  const auto made = new_template(kBlock);
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("contract.duration: 12m"));
  EXPECT_EQ(put(from_block()).out, "Contract 3, Year: added\n");
  const auto page = json::parse(show(3, true).out);
  EXPECT_EQ(page.at("template"), "Block");
  EXPECT_EQ(page.at("end"), "2027-01-30") << "the last day is included";
  EXPECT_EQ(page.at("exhaustion"), "hold");
  EXPECT_EQ(page.at("notice_percent"), json::value(json::array{50}));
  EXPECT_EQ(page.at("balance"), "600 of 600 min left");
}

TEST_P(ContractLifeTest, APreviewSaysWhoSaidWhatAndEachIsOverridable) {
  ASSERT_EQ(new_template(kBlock).code, 0);
  auto options = from_block();
  options.preview = true;
  options.exhaustion = "split";
  options.overage_per_hour = "60";
  options.purchased_min = 300;
  options.duration = "2m";
  const auto told = put(options);
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("template          Block v1    given"));
  EXPECT_THAT(told.out, HasSubstr("end               2026-03-30  duration"));
  EXPECT_THAT(told.out, HasSubstr("model             prepaid     template Block v1"));
  EXPECT_THAT(told.out, HasSubstr("duration          2m          given"));
  EXPECT_THAT(told.out, HasSubstr("purchased_min     300         given"));
  EXPECT_THAT(told.out, HasSubstr("exhaustion        split       given"));
  EXPECT_THAT(told.out, HasSubstr("currency          EUR         standard"));
  EXPECT_THAT(told.out, HasSubstr("This was a preview: nothing was changed."));
  EXPECT_THAT(show(3).err, HasSubstr("there is no contract 3"));
  options.preview = false;
  options.json = true;
  // PostgreSQL gives a number once, also to a preview.
  const auto number = [](const json::value& one) { return one.at("contract").as_int64(); };
  const auto done = json::parse(put(options).out);
  EXPECT_EQ(done.at("agreed").at(0).at("field"), "template");
  EXPECT_THAT(show(number(done)).out, HasSubstr("300 of 300 min left"));
  options.name = "Endless";
  options.duration.reset();
  options.end = "";
  const auto endless = json::parse(put(options).out);
  EXPECT_TRUE(json::parse(show(number(endless), true).out).at("end").is_null())
      << "no end, though the template has one";
  // Of another kind than the template's, so that nothing is bought with it.
  options.name = "Pay later";
  options.model = "indefinite";
  options.exhaustion = "negative";
  options.purchased_min.reset();
  EXPECT_THAT(show(number(json::parse(put(options).out))).out, HasSubstr("nothing to bill"));
}

TEST_P(ContractLifeTest, ALaterVersionChangesNoContractAndAWrongOneIsRefused) {
  ASSERT_EQ(new_template(kBlock).code, 0);
  ASSERT_EQ(put(from_block()).code, 0);
  const auto exported = ran([&](auto& out, auto& err) {
    return run_template_show({.config = config(), .name = "Block", .version = {}, .json = true}, out, err);
  });
  auto text = exported.out;
  EXPECT_THAT(text, HasSubstr("\"duration\": \"12m\""));
  text.replace(text.find("\"600\""), 5, "1200");
  const auto set = [&](const std::string& content) {
    const auto path = file("block.json", content);
    return ran([&](auto& out, auto& err) {
      return run_template_set(
          {.config = config(), .file = path, .reason = "", .preview = false, .json = false}, out, err);
    });
  };
  const auto changed = set(text);
  EXPECT_THAT(changed.out, HasSubstr("Block, version 2\n  contract.purchased_min: 600 -> 1200"))
      << changed.err;
  EXPECT_THAT(show(3).out, HasSubstr("Block v1"));
  EXPECT_THAT(show(3).out, HasSubstr("600 of 600 min left"));
  const struct {
    const char* contract;
    const char* says;
  } rows[] = {
      {R"({"duration":"soon"})", "duration: 'soon' is no duration"},
      {R"({"durationn":"12m"})", "did you mean 'duration'?"},
      {R"({"fee":"300"})", "fee is not for the model prepaid"},
      {R"({"purchased_amount":"300"})", "purchased_amount for prepaid_money"},
      {R"({"units":1.5})", "contract.units is neither text nor a whole number"},
      {R"([])", "contract is no object"},
  };
  for (const auto& row : rows) {
    const auto refused = set(std::string{R"({"name":"Block","rule":{},"contract":)"} + row.contract + "}");
    EXPECT_EQ(refused.code, 1) << row.says;
    EXPECT_THAT(refused.err, HasSubstr(row.says));
  }
  // A file without terms leaves them; one with none takes them away.
  EXPECT_THAT(set(R"({"name":"Block","rule":{"free_s":60}})").out, Not(HasSubstr("contract.")));
  EXPECT_THAT(set(R"({"name":"Block","rule":{"free_s":60},"contract":{}})").out,
              HasSubstr("contract.duration: 12m -> none"));
}

TEST_P(ContractLifeTest, APartnerIsNamedShownChangedAndNoted) {
  add_partner();
  ContractPutOptions options{.config = {}, .customer = "bakery", .name = "Ten hours"};
  options.partner = "northern";
  options.partner_from = "2026-02-01";
  options.customer_told = false;
  options.reason = "he passed them on";
  EXPECT_EQ(put(options).out, "Contract 1, Ten hours: changed\n") << "also with entries in the ledger";
  EXPECT_THAT(show(1).out, HasSubstr("northern, is told, from 2026-02-01"));
  EXPECT_THAT(show(1).out, HasSubstr("customer_told     false"));
  options = {.config = {}, .customer = "bakery", .name = "Ten hours"};
  options.partner_until = "2026-01-31";
  EXPECT_THAT(put(options).err, HasSubstr("partner_until, 2026-01-31, is before partner_from, 2026-02-01"));
  options.partner_until = "2026-12-31";
  options.partner_told = false;
  EXPECT_EQ(put(options).code, 0);
  const auto page = json::parse(show(1, true).out);
  EXPECT_EQ(page.at("partner"),
            json::parse(R"({"partner":"northern","told":false,"from":"2026-02-01","until":"2026-12-31"})"));
  EXPECT_EQ(page.at("customer_told"), false);
  options.partner_until.reset();
  options.partner_told.reset();
  options.partner = "";
  EXPECT_EQ(put(options).code, 0);
  EXPECT_TRUE(json::parse(show(1, true).out).at("partner").is_null());
  auto place = workspace();
  std::vector<store::ChangeRow> changes;
  must(place.database.read([&](store::Transaction& t) -> base::Status {
    changes = must(store::list_changes(t, {.limit = 10, .object = "contract", .key = "1"}));
    return {};
  }));
  ASSERT_GE(changes.size(), 3U);
  EXPECT_EQ(changes[2].change.why, "he passed them on");
  EXPECT_THAT(changes[2].change.before, HasSubstr("\"partner\":null"));
  EXPECT_THAT(changes[2].change.after, HasSubstr("\"partner\":\"northern\""));
}

TEST_P(ContractLifeTest, NoticesAreListedShownAndFiltered) {
  EXPECT_EQ(notices().out, "No notices.\n");
  // 590 of 600 min are left.
  ContractPutOptions options{.config = {}, .customer = "bakery", .name = "Ten hours"};
  options.notice_left = "595,10";
  ASSERT_EQ(put(options).code, 0);
  carry_on();
  EXPECT_THAT(notices().out,
              HasSubstr("bakery           1  Ten hours  at most 595 min left: 590 of 600 min left"));
  EXPECT_THAT(show(1).out,
              HasSubstr("Notice 1: at most 595 min left: 590 of 600 min left (since 2026-11-16 08:00 UTC)"));
  EXPECT_EQ(notices(false, false, "law").out, "No notices.\n");
  const auto list = json::parse(notices(false, true).out);
  ASSERT_EQ(list.as_array().size(), 1U);
  EXPECT_EQ(list.at(0).at("kind"), "left");
  EXPECT_EQ(list.at(0).at("threshold"), 595);
  EXPECT_EQ(list.at(0).at("contract"), 1);
  EXPECT_EQ(list.at(0).at("session"), 1);
  EXPECT_EQ(list.at(0).at("mailed_utc"), "2026-11-16T14:00:00.000Z");
  EXPECT_TRUE(list.at(0).at("over_utc").is_null());
  options.notice_left = "10";
  ASSERT_EQ(put(options).code, 0);
  carry_on();
  EXPECT_EQ(notices().out, "No notices.\n") << "nobody wants to know any more";
  EXPECT_THAT(notices(true).out, HasSubstr("OVER (UTC)"));
}

TEST_P(ContractLifeTest, TheModelStaysOnceThereAreEntries) {
  ContractPutOptions options{.config = {}, .customer = "bakery", .name = "Ten hours"};
  options.model = "indefinite";
  for (const bool preview : {true, false}) {
    options.preview = preview;
    const auto refused = put(options);
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.err, HasSubstr("make a new contract instead and end this one the day before"));
  }
  EXPECT_THAT(show(1).out, HasSubstr("model             prepaid"));
  options = {.config = {}, .customer = "bakery", .name = "Ten hours"};
  options.duration = "12m";
  EXPECT_THAT(put(options).err, HasSubstr("are for a new contract"));
}

TEST_P(ContractLifeTest, WhatIsHeldWaitsInTheReviewAndCountsAsThat) {
  ContractPutOptions block{.config = {}, .customer = "law", .name = "Block", .add = true};
  block.start = "2026-11-01";
  block.end = "2026-11-30";  // Used before the other one.
  block.exhaustion = "hold";
  ASSERT_EQ(put(block).code, 0);
  const auto decide = [&](const std::string& reason) {
    return ran([&](auto& out, auto& err) {
      return run_review_release({.config = config(),
                                 .sessions = {2},
                                 .only = {},
                                 .reason = reason,
                                 .preview = false,
                                 .json = false},
                                out, err);
    });
  };
  const auto moved = ran([&](auto& out, auto& err) {
    SessionChangeOptions options;
    options.config = config();
    options.session = 2;
    options.contract = "Block";
    options.reason = "of that block";
    return run_session_change(options, out, err);
  });
  ASSERT_EQ(moved.code, 0) << moved.err;
  carry_on();
  const auto review = [&](bool as_json, std::optional<std::string> reason = {}) {
    return ran([&](auto& out, auto& err) {
             return run_review_list(
                 {.config = config(), .customer = "law", .reason = std::move(reason), .json = as_json}, out,
                 err);
           })
        .out;
  };
  EXPECT_THAT(review(false), HasSubstr("nothing_left: Held: nothing left on contract Block for its 25 min."));
  EXPECT_THAT(review(false, "nothing_left"), HasSubstr("session 2,"));
  EXPECT_THAT(review(false, "no_comment"), HasSubstr("Nothing waits for a person."));
  const auto list = json::parse(review(true));
  EXPECT_EQ(list.at(0).at("state"), "held");
  EXPECT_EQ(list.at(0).at("review_reasons"), json::value(json::array{"nothing_left"}));
  EXPECT_THAT(std::string{list.at(0).at("advice").at(0).at("todo").as_string()}, HasSubstr("contracts sell"));
  const auto report = [&] {
    return json::parse(ran([&](auto& out, auto& err) {
                         return run_report_time({.config = config(),
                                                 .from = "2026-11-01",
                                                 .to = "2026-12-01",
                                                 .technician = {},
                                                 .json = true},
                                                out, err);
                       }).out)
        .at("total");
  };
  const auto before = report();
  EXPECT_THAT(decide("").err, HasSubstr("say why"));
  EXPECT_THAT(decide("they will pay").out, HasSubstr("released"));
  carry_on();
  EXPECT_THAT(review(false), HasSubstr("Nothing waits for a person."));
  EXPECT_THAT(show(3).out, HasSubstr("used up: 25 min below zero"));
  const auto after = report();
  EXPECT_EQ(after.at("charged_min").as_int64() - before.at("charged_min").as_int64(), 25);
  EXPECT_LT(after.at("review_s").as_int64(), before.at("review_s").as_int64());
}

}  // namespace
}  // namespace collector::commands
