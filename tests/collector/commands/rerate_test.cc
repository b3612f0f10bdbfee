// `rerate` on the command line, and what it and adjustments look like afterwards.

#include "collector/commands/rerate.h"

#include <boost/json.hpp>

#include "collector/commands/explain.h"
#include "collector/commands/review.h"
#include "collector/commands/session_change.h"
#include "collector/commands/session_show.h"
#include "collector/commands/templates.h"
#include "collector/store/changes.h"
#include "collector/store/comments.h"
#include "collector/store/session.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;

class RerateCommandTest : public DeskTest {
 protected:
  RerateCommandTest() { tell_story(); }

  // A version of `standard` by which every minute counts.
  void new_version() {
    const auto path =
        file("standard.json", R"({"name":"standard","rule":{"free_s":0,"first_block_s":60,"grace_s":0,)"
                              R"("increment_s":60,"boundary":"after"}})");
    TemplateSetOptions options;
    options.config = config();
    options.file = path;
    options.reason = "by the minute";
    const auto set = ran([&](auto& out, auto& err) { return run_template_set(options, out, err); });
    ASSERT_EQ(set.code, 0) << set.err;
  }
  RerateOptions november() {
    RerateOptions options;
    options.config = config();
    options.from = "2026-11-01";
    options.to = "2026-11-30";
    options.current = true;
    return options;
  }
  static Ran rerate(const RerateOptions& options) {
    return ran([&](auto& out, auto& err) { return run_rerate(options, out, err); });
  }
  std::size_t changes() {
    auto place = workspace();
    std::size_t count = 0;
    must(place.database.read([&](store::Transaction& t) -> base::Status {
      count = must(store::list_changes(t, {})).size();
      return {};
    }));
    return count;
  }
  void bill(std::int64_t session) {
    auto place = workspace();
    must(place.database.transaction([&](store::Transaction& t) -> base::Status {
      t.session().script("INSERT INTO billed_session VALUES (" + std::to_string(session) + ", 'INV-7', 1)");
      return {};
    }));
  }
  Ran show(std::int64_t session) {
    return ran([&](auto& out, auto& err) {
      return run_session_show({.config = config(), .session = session}, out, err);
    });
  }
  Ran explain(std::int64_t session) {
    return ran([&](auto& out, auto& err) {
      return run_explain({.config = config(), .subject = std::to_string(session)}, out, err);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, RerateCommandTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(RerateCommandTest, APreviewSaysEveryDifferenceAndWritesNothing) {
  new_version();
  const auto before = changes();
  const auto preview = rerate(november());
  ASSERT_EQ(preview.code, 0) << preview.err;
  for (const char* part : {"bakery, Ten hours:", "standard@1", "standard@2", "10 min -> 5 min (-5)",
                           "law, Open:", "25 min -> 25 min (0)",
                           "balance: 590 of 600 min left -> 595 of 600 min left", "Nothing is written yet"}) {
    EXPECT_NE(preview.out.find(part), std::string::npos) << part << "\n" << preview.out;
  }
  EXPECT_EQ(changes(), before);
  carry_on();
  EXPECT_NE(show(1).out.find("charged     10 min"), std::string::npos);
}

TEST_P(RerateCommandTest, AppliedOnceItIsSoAndTheSecondTimeNothingChanges) {
  new_version();
  auto options = november();
  options.apply = true;
  EXPECT_EQ(rerate(options).code, 1) << "nobody said why";
  options.why = "agreed on the phone";
  options.customer = "bakery";
  const auto applied = rerate(options);
  ASSERT_EQ(applied.code, 0) << applied.err;
  EXPECT_NE(applied.out.find("Decided"), std::string::npos) << applied.out;
  const auto decided = changes();
  carry_on();
  EXPECT_NE(show(1).out.find("charged     5 min"), std::string::npos) << show(1).out;
  EXPECT_NE(explain(1).out.find("(agreed on the phone)"), std::string::npos) << explain(1).out;
  const auto again = rerate(options);
  EXPECT_NE(again.out.find("Nothing would change."), std::string::npos) << again.out;
  EXPECT_EQ(changes(), decided);
}

TEST_P(RerateCommandTest, WhatIsBilledIsNamedAndStays) {
  new_version();
  bill(1);
  auto options = november();
  options.json = true;
  const auto found = json::parse(rerate(options).out);
  const auto& bakery = found.at("customers").at(0).at("contracts").at(0);
  EXPECT_EQ(bakery.at("sums").at("billed"), 1);
  EXPECT_EQ(bakery.at("charges").at(0).at("document"), "INV-7");
  EXPECT_EQ(bakery.at("charges").at(0).at("differs"), false);
  EXPECT_EQ(found.at("applied"), false);
}

TEST_P(RerateCommandTest, WhatCannotBeIsSaid) {
  auto options = november();
  options.to = "2026-10-31";
  EXPECT_NE(rerate(options).err.find("is before the first"), std::string::npos);
  options = november();
  options.from = "yesterday";
  EXPECT_NE(rerate(options).err.find("from"), std::string::npos);
  options = november();
  options.current = false;
  options.template_name = "plain";
  EXPECT_NE(rerate(options).err.find("built in"), std::string::npos) << rerate(options).err;
}

TEST_P(RerateCommandTest, ACommentThatChangedAfterBillingIsListedReleasedAndShown) {
  bill(2);
  auto place = workspace();
  must(place.database.transaction([&](store::Transaction& t) -> base::Status {
    must(store::add_comment(t, {.id = 0,
                                .remote_id = "410100301",
                                .anydesk_id = "",
                                .started = timing::from_rfc3339("2026-11-16T09:00:00Z").value(),
                                .text = "Mail {40}",
                                .source = "late",
                                .imported = timing::from_rfc3339("2026-11-16T13:00:00Z").value()}));
    return {};
  }));
  carry_on();
  const auto list =
      ran([&](auto& out, auto& err) { return run_review_list({.config = config()}, out, err); });
  EXPECT_NE(list.out.find("comment_after_billing: The comment changed after billing."), std::string::npos)
      << list.out;
  EXPECT_NE(show(2).out.find("in all 40 min"), std::string::npos) << show(2).out;
  const ReviewDecideOptions release{.config = config(),
                                    .sessions = {2},
                                    .only = {},
                                    .reason = "as agreed",
                                    .preview = false,
                                    .json = false};
  const auto released = ran([&](auto& out, auto& err) { return run_review_release(release, out, err); });
  ASSERT_EQ(released.code, 0) << released.err;
  carry_on();
  EXPECT_NE(show(2).out.find("(as agreed); posted +15 min as entry"), std::string::npos) << show(2).out;
  EXPECT_NE(explain(2).out.find("comment changed after billing"), std::string::npos);
  SessionAdjustOptions adjust;
  adjust.config = config();
  adjust.session = 2;
  adjust.no_charge = true;
  adjust.reason = "a gift";
  const auto gift = ran([&](auto& out, auto& err) { return run_session_adjust(adjust, out, err); });
  ASSERT_EQ(gift.code, 0) << gift.err;
  carry_on();
  EXPECT_NE(show(2).out.find("posted -40 min"), std::string::npos) << show(2).out;
}

TEST_P(RerateCommandTest, WhoSaidThatNothingIsChargedIsShown) {
  EXPECT_NE(show(3).out.find("no charge: the comment says so (#)"), std::string::npos) << show(3).out;
  SessionChangeOptions nothing;
  nothing.config = config();
  nothing.session = 1;
  nothing.no_charge = true;
  nothing.reason = "a gift";
  ran([&](auto& out, auto& err) { return run_session_change(nothing, out, err); });
  carry_on();
  const auto page = show(1).out;
  const auto at = page.find("no charge: ");
  ASSERT_NE(at, std::string::npos) << page;
  EXPECT_NE(page.find(" on 20", at), std::string::npos) << "who, and when";
  EXPECT_NE(page.find(" (a gift)", at), std::string::npos) << "and why";
}

}  // namespace
}  // namespace collector::commands
