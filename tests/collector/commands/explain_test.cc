// What `explain` tells of a session, a charge and an entry.

#include "collector/commands/explain.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <boost/json.hpp>

#include "collector/commands/contract_change.h"
#include "collector/commands/explain_subject.h"
#include "collector/commands/import.h"
#include "collector/commands/series.h"
#include "collector/commands/session_change.h"
#include "collector/commands/worked_again.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

TEST(ExplainSubject, IsASessionAChargeOrAnEntry) {
  EXPECT_EQ(parse_subject("12").value(), (Subject{.kind = SubjectKind::session, .id = 12}));
  EXPECT_EQ(parse_subject("session:12").value(), (Subject{.kind = SubjectKind::session, .id = 12}));
  EXPECT_EQ(parse_subject("charge:7").value(), (Subject{.kind = SubjectKind::charge, .id = 7}));
  EXPECT_EQ(parse_subject("entry:31").value(), (Subject{.kind = SubjectKind::entry, .id = 31}));
  for (const char* text : {"", "0", "-1", "x", "12x", "charge", "charge:", "charge:0", "entry: 3", "mail:1",
                           "Session:1", "session:charge:1", "99999999999999999999"}) {
    const auto refused = parse_subject(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, base::ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().message,
                HasSubstr("'" + std::string{text} + "' is nothing to explain: write"));
  }
}

TEST(ExplainLocale, IsTheFirstThatSaysSomething) {
  const auto with = [](const char* all, const char* type, const char* lang) {
    ::setenv("LC_ALL", all, 1);
    ::setenv("LC_CTYPE", type, 1);
    ::setenv("LANG", lang, 1);
    return locale_is_utf8();
  };
  EXPECT_TRUE(with("", "", "el_GR.UTF-8"));
  EXPECT_TRUE(with("", "C.utf8", "C"));
  EXPECT_FALSE(with("C", "C.utf8", "el_GR.UTF-8"));
  EXPECT_FALSE(with("", "", ""));
}

class ExplainTest : public DeskTest {
 protected:
  ExplainTest() { tell_story(); }

  Ran explain(const std::string& subject, bool as_json = false, bool utf8 = false) {
    return ran([&](auto& out, auto& err) {
      return run_explain({.config = config(), .subject = subject, .json = as_json, .utf8 = utf8}, out, err);
    });
  }
  std::string text(const std::string& subject) {
    const auto told = explain(subject);
    EXPECT_EQ(told.code, 0) << told.err;
    return told.out;
  }
  json::object value(const std::string& subject) {
    return json::parse(explain(subject, true).out).as_object();
  }
  void import(const std::string& name, const std::string& rows) {
    ImportOptions options{.config = config(), .files = {file(name, rows)}, .preview = false, .json = false};
    const auto done = ran([&](auto& out, auto& err) { return run_import(options, out, err); });
    ASSERT_EQ(done.code, 0) << done.err;
  }
  void change(std::int64_t session, std::int64_t minutes) {
    SessionChangeOptions options;
    options.config = config();
    options.session = session;
    options.minutes = minutes;
    options.reason = "agreed";
    const auto done = ran([&](auto& out, auto& err) { return run_session_change(options, out, err); });
    ASSERT_EQ(done.code, 0) << done.err;
    carry_on();
  }
  SeriesDecideOptions series(std::vector<std::int64_t> sessions) {
    return {.config = config(), .sessions = std::move(sessions), .reason = "one update"};
  }
};
INSTANTIATE_TEST_SUITE_P(On, ExplainTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(ExplainTest, ASessionFromItsFactsToItsDocument) {
  const auto told = text("session:1");
  std::size_t last = 0;
  for (const char* part : {"Session 1: desktop to 410100201",
                           "\n1. Facts",
                           "record 1 of agent 0000",
                           "\n2. Comment and tags",
                           "\"Printer\"",
                           "\n3. Attribution",
                           "= ready: technician Anna by support_point, customer Old Mill",
                           "\n4. Coverage",
                           "'Ten hours' covers it",
                           "\n5. Rule version",
                           "charge 1: 'standard' version 1 of contract Ten hours, rating version",
                           "\n6. Steps",
                           "in force: 0:05:00 of session 1",
                           "first block: 10 min",
                           "    = 10 min",
                           "worked out again from what was kept with it: the same minutes, money and steps",
                           "\n7. Entries",
                           "consumption on Ten hours: left -10 min, work 10 min",
                           "balance   590 of 600 min left",
                           "\n8. Mail",
                           "mail 1 to office@mill.example: sent",
                           "\n9. Document\n  session 1: not billed\n"}) {
    const auto at = told.find(part, last);
    EXPECT_NE(at, std::string::npos) << part << "\n" << told;
    if (at != std::string::npos) last = at;
  }
  EXPECT_EQ(text("1"), told);
}

TEST_P(ExplainTest, EachContractSaysWhyItCoversOrNot) {
  import("more.csv",
         "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge,"
         "fee,period\n"
         "bakery,Old,prepaid,standard,2025-01-01,2025-12-31,Europe/Athens,60,60,yes,0,none\n"
         "bakery,Backup,recurring,standard,2026-01-01,,UTC,,60,yes,10.00,month\n"
         "bakery,November,prepaid,standard,2026-11-01,2026-11-30,Europe/Athens,,60,yes,0,none\n");
  change(1, 25);
  const auto coverage = value("1").at("sessions").at(0).at("attributions").as_array().back().at("coverage");
  EXPECT_EQ(coverage.at("customer"), json::parse(R"([{"condition":"terminal","holds":true,
      "why":"410100201 is 'Till' of Old Mill at that time"}])"));
  EXPECT_EQ(coverage.at("contracts"), json::parse(R"([
    {"contract":3,"name":"Old","covers":false,"conditions":[
      {"condition":"takes_sessions","holds":true,"why":"prepaid takes sessions"},
      {"condition":"active","holds":false,
       "why":"2026-11-16 08:00:00 UTC is after its last day, 2025-01-01 to 2025-12-31, Europe/Athens"}]},
    {"contract":5,"name":"November","covers":true,"conditions":[
      {"condition":"takes_sessions","holds":true,"why":"prepaid takes sessions"},
      {"condition":"active","holds":true,
       "why":"2026-11-16 08:00:00 UTC is one of its days, 2026-11-01 to 2026-11-30, Europe/Athens"},
      {"condition":"first_in_order","holds":true,
       "why":"the first of 2: it ends first; among equals, the oldest is used first"},
      {"condition":"left","holds":false,"why":"0 min were left before it; when nothing is left: negative"}]},
    {"contract":1,"name":"Ten hours","covers":false,"conditions":[
      {"condition":"takes_sessions","holds":true,"why":"prepaid takes sessions"},
      {"condition":"active","holds":true,
       "why":"2026-11-16 08:00:00 UTC is one of its days, 2026-01-01 to open end, UTC"},
      {"condition":"first_in_order","holds":false,"why":"used after 'November'"},
      {"condition":"left","holds":true,"why":"600 min were left before it"}]},
    {"contract":4,"name":"Backup","covers":false,"conditions":[
      {"condition":"takes_sessions","holds":false,"why":"recurring takes no sessions"},
      {"condition":"active","holds":true,
       "why":"2026-11-16 08:00:00 UTC is one of its days, 2026-01-01 to open end, UTC"}]}])"))
      << json::serialize(coverage);
  const auto told = text("1");
  EXPECT_THAT(told, HasSubstr("    'November' covers it\n"
                              "      yes takes sessions  prepaid takes sessions\n"));
  EXPECT_THAT(told, HasSubstr("      no  left            0 min were left before it"));
  EXPECT_THAT(explain("1", false, true).out,
              HasSubstr("      \u2714 takes sessions  prepaid takes sessions\n"));
  EXPECT_THAT(explain("1", false, true).out, HasSubstr("      \u2718 left            0 min"));
}

TEST_P(ExplainTest, AContractThatAPersonNamedSaysSo) {
  SessionChangeOptions options;
  options.config = config();
  options.session = 1;
  options.customer = "bakery";
  options.contract = "Ten hours";
  options.reason = "asked";
  EXPECT_EQ(ran([&](auto& out, auto& err) { return run_session_change(options, out, err); }).code, 0);
  carry_on();
  EXPECT_THAT(text("1"), HasSubstr("      yes named           a person put the session there\n"));
}

TEST_P(ExplainTest, AReplacedChargeSaysByWhat) {
  change(1, 25);
  EXPECT_THAT(text("charge:1"), HasSubstr("Charge 1: 10 min for session 1\n  status     replaced by charge"));
  const auto charges = value("1").at("charges").as_array();
  ASSERT_EQ(charges.size(), 2u);
  EXPECT_EQ(charges[0].at("status"), "replaced");
  EXPECT_EQ(charges[0].at("replaced_by"), charges[1].at("charge"));
  EXPECT_EQ(charges[1].at("status"), "in_force");
  const auto entries = value("1").at("entries").as_array();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].at("reversed_by"), entries[1].at("entry"));
  EXPECT_EQ(entries[1].at("reverses"), entries[0].at("entry"));
  EXPECT_EQ(entries[2].at("minutes"), -25);
}

TEST_P(ExplainTest, AChargeOfASeriesExplainsAllItsSessions) {
  change(3, 25);  // It was without charge.
  EXPECT_EQ(ran([&](auto& out, auto& err) { return run_series_join(series({1, 3}), out, err); }).code, 0);
  carry_on();
  json::value joined;
  const auto history = value("1").at("charges").as_array();
  for (const auto& one : history) {
    EXPECT_EQ(one.at("status") == "in_force", one.at("subject") == "r1");
    if (one.at("subject") == "r1") joined = one;
  }
  EXPECT_EQ(joined.at("parts").as_array().size(), 2u);
  const auto id = "charge:" + std::to_string(joined.at("charge").as_int64());
  const auto told = text(id);
  EXPECT_THAT(told, HasSubstr("35 min for series 1\n  status     in force\n"));
  EXPECT_THAT(told, HasSubstr("  actual     0:10:00\n    session 1, 0:05:00\n    session 3, 0:05:00\n"));
  EXPECT_THAT(told, HasSubstr("  Session 1\n  record 1 of agent"));
  EXPECT_THAT(told, HasSubstr("  Session 3\n  record 3 of agent"));
  EXPECT_THAT(told, HasSubstr("it is charged with session 1, the first of those"));
  const auto left = value("3").at("sessions").at(0).at("attributions").as_array().back();
  EXPECT_EQ(left.at("coverage").at("contracts").at(0).at("conditions").as_array().back().at("why"),
            "600 min were left before it")
      << "before all that are charged as one";
  EXPECT_THAT(text("charge:1"), HasSubstr("status     replaced by charge"));
  // Out of it again: the series is charged no more, and its sessions say where they are now.
  EXPECT_EQ(ran([&](auto& out, auto& err) { return run_series_leave(series({3}), out, err); }).code, 0);
  carry_on();
  const auto before = value(id).at("charges").at(0);
  EXPECT_EQ(before.at("status"), "replaced");
  const auto voided =
      value("charge:" + std::to_string(before.at("replaced_by").as_int64())).at("charges").at(0);
  EXPECT_EQ(voided.at("status"), "voided");
  EXPECT_EQ(voided.at("minutes"), 0);
  EXPECT_FALSE(voided.at("moved_to").as_array().empty());
}

TEST_P(ExplainTest, AnEntrySaysWhoMadeItAndWhatIsLeft) {
  const auto work = value("entry:" + std::to_string(value("1").at("entries").at(0).at("entry").as_int64()));
  EXPECT_EQ(work.at("about").at("kind"), "entry");
  EXPECT_EQ(work.at("entries").at(0).at("made_by"), "charge 1 of session 1");
  EXPECT_EQ(work.at("entries").at(0).at("balance_after"), "590 of 600 min left");
  EXPECT_EQ(work.at("sessions").at(0).at("session"), 1);
  EXPECT_EQ(work.at("charges").at(0).at("charge"), 1);

  const auto bought = text("entry:1");
  EXPECT_THAT(bought, HasSubstr("Entry 1: grant on Ten hours\n  customer   Old Mill\n"));
  EXPECT_THAT(bought, HasSubstr("  lines      left 600 min, sold -600 min\n"));
  EXPECT_THAT(bought, HasSubstr("  balance    600 of 600 min left, once it was written\n"));
  EXPECT_THAT(bought, HasSubstr("  now        590 of 600 min left\n"));
  EXPECT_THAT(bought, HasSubstr("none: no session is behind it"));
  EXPECT_THAT(bought, HasSubstr("  made by    "));
  EXPECT_THAT(bought, HasSubstr(" (sell) on ")) << "the change says who";
}

// The charge's row cannot be changed; its inputs here are.
TEST_P(ExplainTest, AChargeThatItsInputsDoNotGiveIsSeen) {
  auto place = workspace();
  store::must(place.database.read([&](store::Transaction& tx) -> base::Status {
    const auto charge = *store::must(store::find_charge(tx, 1));
    EXPECT_EQ(store::must(work_out_again(tx, charge)).again, Again::same);
    auto other = charge;
    other.inputs.replace(other.inputs.find("\"seconds\":300"), 13, "\"seconds\":900");
    EXPECT_EQ(store::must(work_out_again(tx, other)).again, Again::differs);
    EXPECT_EQ(store::must(work_out_again(tx, other)).detail, "20 min, by other steps");
    other.inputs = "?";
    EXPECT_EQ(store::must(work_out_again(tx, other)).again, Again::differs);
    other.inputs.clear();
    EXPECT_EQ(store::must(work_out_again(tx, other)).again, Again::not_kept);
    EXPECT_EQ(store::must(work_out_again(tx, other)).detail, "it was made before its inputs were kept");
    other = charge;
    other.rating_version += 1;
    EXPECT_THAT(store::must(work_out_again(tx, other)).detail, HasSubstr("version 2 of the formula"));
    other.rating_version = 0;
    EXPECT_EQ(store::must(work_out_again(tx, other)).detail, "it could not be rated");
    other.voided = true;
    EXPECT_EQ(store::must(work_out_again(tx, other)).detail, "it has no sessions any more");
    return {};
  }));
}

TEST_P(ExplainTest, WhatAPersonWroteInsteadIsTheComment) {
  SessionChangeOptions options;
  options.config = config();
  options.session = 1;
  options.comment = "Printer, toner {20}";
  options.reason = "asked";
  EXPECT_EQ(ran([&](auto& out, auto& err) { return run_session_change(options, out, err); }).code, 0);
  carry_on();
  const auto told = text("1");
  EXPECT_THAT(told, HasSubstr("  \"Printer, toner {20}\"\n    from a person, in the technician's place\n"));
  EXPECT_THAT(told, HasSubstr("  told the customer as \"Printer, toner\"\n"));
  EXPECT_EQ(value("1").at("sessions").at(0).at("comment_instead"), "Printer, toner {20}");
}

TEST_P(ExplainTest, AnEntryThatTimeMadeSaysSo) {
  import("flat.csv",
         "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge,"
         "currency,fee,period\n"
         "law,Flat,flat_fee,standard,2026-11-01,,UTC,,60,yes,EUR,300.00,month\n");
  carry_on();
  bool found = false;
  for (int id = 1; id < 12 && !found; ++id) {
    const auto told = explain("entry:" + std::to_string(id));
    found = told.out.find(": fee on Flat\n") != std::string::npos;
    if (found) {
      EXPECT_THAT(told.out, HasSubstr("  made by    time: 2026-11-01\n"));
      EXPECT_THAT(told.out, HasSubstr("due -300.00 EUR, fees 300.00 EUR"));
    }
  }
  EXPECT_TRUE(found);
}

TEST_P(ExplainTest, WhatIsNotThereIsNamed) {
  for (const auto& [subject, message] :
       {std::pair{"99", "there is no session 99; see: deskledger-collector sessions list"},
        {"charge:99", "there is no charge 99; see: deskledger-collector explain SESSION"},
        {"entry:99", "there is no entry 99; see: deskledger-collector contracts --json"},
        {"bill:3", "'bill:3' is nothing to explain: write session:12 (or just 12), charge:7 or entry:31"}}) {
    const auto told = explain(subject);
    EXPECT_EQ(told.code, 1) << subject;
    EXPECT_EQ(told.out, "");
    EXPECT_THAT(told.err, HasSubstr(message));
  }
}

// An attempt was never attributed, a session in review never charged.
TEST_P(ExplainTest, WhatNeverWentThatFarSaysSo) {
  EXPECT_THAT(text("5"), HasSubstr("6. Steps of the charge\n  none\n"));
  const auto review = text("4");
  EXPECT_THAT(review,
              HasSubstr("      no  terminal        410100999 was no customer's terminal at that time\n"));
  EXPECT_THAT(review, HasSubstr("    no contract was weighed\n"));
  EXPECT_THAT(review, HasSubstr("5. Rule version\n  nothing was charged\n"));
}

}  // namespace
}  // namespace collector::commands
