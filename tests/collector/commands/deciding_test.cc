// What people decide on the command line: sessions, review, series, and the report of their time.

#include <boost/json.hpp>

#include "collector/commands/report_time.h"
#include "collector/commands/review.h"
#include "collector/commands/series.h"
#include "collector/commands/session_change.h"
#include "collector/commands/session_show.h"
#include "collector/commands/sessions.h"
#include "collector/store/changes.h"
#include "collector/store/session.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;

class DecidingTest : public DeskTest {
 protected:
  DecidingTest() { tell_story(); }

  Ran show(std::int64_t session, bool as_json = false) {
    return ran([&](auto& out, auto& err) {
      return run_session_show({.config = config(), .session = session, .json = as_json}, out, err);
    });
  }
  SessionChangeOptions changing(std::int64_t session) {
    SessionChangeOptions options;
    options.config = config();
    options.session = session;
    options.reason = "asked by phone";
    return options;
  }
  static Ran change(const SessionChangeOptions& options) {
    return ran([&](auto& out, auto& err) { return run_session_change(options, out, err); });
  }
  ReviewDecideOptions reviewing(std::vector<std::int64_t> sessions) {
    return {.config = config(), .sessions = std::move(sessions), .only = {}, .reason = "as agreed"};
  }
  SeriesDecideOptions series(std::vector<std::int64_t> sessions) {
    return {.config = config(), .sessions = std::move(sessions), .reason = "one update"};
  }
  json::array listed(SessionsOptions options = {}) {
    options.config = config();
    options.json = true;
    return json::parse(ran([&](auto& out, auto& err) { return run_sessions(options, out, err); }).out)
        .as_array();
  }
  std::vector<std::int64_t> numbers(const SessionsOptions& options) {
    std::vector<std::int64_t> found;
    for (const auto& one : listed(options)) found.push_back(one.at("session").as_int64());
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(On, DecidingTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(DecidingTest, ShowHasTheElevenElements) {
  const auto shown = show(1);
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_EQ(shown.out,
            "Session 1\n"
            "  technician  Anna (1) by support_point\n"
            "  customer    Old Mill, Till\n"
            "  start       2026-11-16T08:00:00.000Z\n"
            "  end         2026-11-16T08:05:00.000Z\n"
            "  duration    0:05:00\n"
            "  contract    Ten hours\n"
            "  charged     10 min\n"
            "  document    not billed\n"
            "  comment     \"Printer\"\n"
            "  told as     \"Printer\"\n"
            "  series      none\n"
            "  state       ended, posted, clean, unbilled, mail sent\n");
  const auto value = json::parse(show(1, true).out).as_object();
  EXPECT_EQ(value.at("states"), json::parse(R"({"capture":"ended","disposition":"posted","edit":"clean",
                                                "money":"unbilled","mail":"sent"})"));
  EXPECT_EQ(value.at("comment_raw").as_string(), "Printer");
  EXPECT_TRUE(value.at("document").is_null() && value.at("series").is_null());
  EXPECT_EQ(show(99).code, 1);
  EXPECT_NE(show(99).err.find("there is no session 99"), std::string::npos);
}

TEST_P(DecidingTest, AChangeIsShownWithWhoAndWhyAndChargedInTheNextRun) {
  auto options = changing(1);
  options.minutes = 25;
  const auto changed = change(options);
  EXPECT_EQ(changed.code, 0) << changed.err;
  EXPECT_EQ(changed.out, "session 1: changed\n");
  EXPECT_NE(show(1).out.find("ended, posted, changed, unbilled"), std::string::npos) << show(1).out;
  EXPECT_NE(show(1).out.find(R"({"charge_min":25} (asked by phone))"), std::string::npos) << show(1).out;
  carry_on();
  EXPECT_NE(show(1).out.find("  charged     25 min"), std::string::npos) << show(1).out;
  EXPECT_NE(show(1).out.find("clean"), std::string::npos);
  auto place = workspace();
  must(place.database.read([](store::Transaction& t) -> base::Status {
    EXPECT_EQ(must(store::list_changes(t, {.limit = 1, .object = "session", .key = "1"}))[0].change.why,
              "asked by phone");
    return {};
  }));
}

TEST_P(DecidingTest, WhoChargesNothingIsShown) {
  auto options = changing(1);
  options.no_charge = true;
  EXPECT_EQ(change(options).code, 0);
  carry_on();
  auto again = changing(1);
  again.comment = "Printer, as agreed";
  EXPECT_EQ(change(again).code, 0);
  carry_on();
  const auto by = json::parse(show(1, true).out).at("no_charge");
  EXPECT_EQ(by.at("by"), "person");
  EXPECT_EQ(by.at("why"), "asked by phone") << "of the first who decided so";
  EXPECT_TRUE(by.at("who").is_string() && by.at("when_utc").is_string());
  EXPECT_NE(show(1).out.find("              no charge: "), std::string::npos) << show(1).out;
  EXPECT_EQ(json::parse(show(3, true).out).at("no_charge"),
            json::parse(R"({"by":"comment","who":null,"when_utc":null,"why":""})"));
  EXPECT_NE(show(3).out.find("no charge: the comment says so (#)"), std::string::npos) << show(3).out;
  EXPECT_TRUE(json::parse(show(2, true).out).at("no_charge").is_null());
}

TEST_P(DecidingTest, APreviewChangesNothing) {
  auto options = changing(1);
  options.minutes = 25;
  options.preview = true;
  EXPECT_EQ(change(options).out, "session 1: would be changed\n");
  EXPECT_EQ(show(1).out.find("changed"), std::string::npos);
  options.minutes = 2'000;
  const auto refused = change(options);
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("minutes '2000': 0 to 1440"), std::string::npos) << refused.err;
}

TEST_P(DecidingTest, ATimeThatIsNoneIsRefused) {
  auto options = changing(1);
  options.end = "tomorrow";
  const auto refused = change(options);
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("end 'tomorrow' is no day or time"), std::string::npos) << refused.err;
}

TEST_P(DecidingTest, TheReviewSaysWhatToDo) {
  const auto listed =
      ran([&](auto& out, auto& err) { return run_review_list({.config = config()}, out, err); });
  EXPECT_EQ(listed.out,
            "session 4, 2026-11-16T11:00:00 UTC, 0:05:00, Anna for nobody, 410100999\n"
            "  \"Somewhere\"\n"
            "  unknown_terminal: The remote address is not registered for any customer.\n"
            "    -> Register the terminal, which helps its earlier sessions, too; or name the customer "
            "(--customer CODE).\n");
  const auto as_json = ran(
      [&](auto& out, auto& err) { return run_review_list({.config = config(), .json = true}, out, err); });
  EXPECT_EQ(json::parse(as_json.out).at(0).at("advice").at(0).at("code"), "unknown_terminal");
  const auto other = ran([&](auto& out, auto& err) {
    return run_review_list({.config = config(), .reason = "no_comment"}, out, err);
  });
  EXPECT_EQ(other.out, "Nothing waits for a person.\n");
  const auto released =
      ran([&](auto& out, auto& err) { return run_review_release(reviewing({4, 1}), out, err); });
  EXPECT_EQ(released.code, 1);
  EXPECT_NE(released.err.find("session 4 cannot be released"), std::string::npos) << released.err;
  EXPECT_NE(released.err.find("session 1 is not under review"), std::string::npos) << released.err;
  auto options = changing(4);
  options.customer = "bakery";
  EXPECT_EQ(change(options).code, 0);
  carry_on();
  EXPECT_EQ(ran([&](auto& out, auto& err) { return run_review_list({.config = config()}, out, err); }).out,
            "Nothing waits for a person.\n");
}

TEST_P(DecidingTest, TheReviewShowsTheOldestAndSaysHowManyMoreWait) {
  EXPECT_EQ(ran([&](auto& out, auto& err) { return run_review_hold(reviewing({1, 2}), out, err); }).code, 0);
  carry_on();
  const auto listed =
      ran([&](auto& out, auto& err) { return run_review_list({.config = config(), .limit = 2}, out, err); });
  EXPECT_TRUE(listed.out.starts_with("session 1, ")) << listed.out;
  EXPECT_NE(listed.out.find("\nsession 2, "), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find("session 4, "), std::string::npos) << listed.out;
  EXPECT_TRUE(listed.out.ends_with("1 more; see them with --limit 3\n")) << listed.out;
}

TEST_P(DecidingTest, HeldAndReleasedInBulk) {
  const auto held = ran([&](auto& out, auto& err) { return run_review_hold(reviewing({1, 2}), out, err); });
  EXPECT_EQ(held.out, "session 1: held\nsession 2: held\n") << held.err;
  carry_on();
  auto options = reviewing({1, 2});
  options.json = true;
  const auto released = ran([&](auto& out, auto& err) { return run_review_release(options, out, err); });
  EXPECT_EQ(released.code, 0) << released.err;
  EXPECT_EQ(
      json::parse(released.out),
      json::parse(R"([{"session":1,"done":true,"error":null},{"session":2,"done":true,"error":null}])"));
  carry_on();
  EXPECT_NE(show(2).out.find("posted"), std::string::npos) << show(2).out;
}

TEST_P(DecidingTest, EnteredAndWithdrawn) {
  SessionAddOptions add{.config = config(),
                        .customer = "bakery",
                        .terminal = {},
                        .technician = 1,
                        .start = "2026-01-05 10:05",
                        .duration = "25m",
                        .work_type = "phone",
                        .comment = "Explained the printer",
                        .reason = ""};
  const auto entered = ran([&](auto& out, auto& err) { return run_session_add(add, out, err); });
  EXPECT_EQ(entered.code, 0) << entered.err;
  EXPECT_NE(entered.out.find("session 6: entered"), std::string::npos) << entered.out;
  carry_on();
  const auto shown = show(6).out;
  EXPECT_NE(shown.find("  customer    Old Mill, phone\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("  charged     30 min\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("entered, posted, clean, unbilled"), std::string::npos) << shown;
  const SessionWithdrawOptions withdraw{.config = config(), .session = 6, .reason = "entered twice"};
  const auto withdrawn = ran([&](auto& out, auto& err) { return run_session_withdraw(withdraw, out, err); });
  EXPECT_EQ(withdrawn.out, "session 6: withdrawn\n") << withdrawn.err;
  carry_on();
  EXPECT_NE(show(6).out.find("entered, withdrawn, clean"), std::string::npos) << show(6).out;
  SessionsOptions state;
  state.state = "withdrawn";
  EXPECT_EQ(numbers(state), std::vector<std::int64_t>{6});
  const auto review =
      ran([&](auto& out, auto& err) { return run_review_list({.config = config()}, out, err); });
  EXPECT_EQ(review.out.find("session 6"), std::string::npos) << review.out;
}

TEST_P(DecidingTest, FiltersOfTheList) {
  auto place = workspace();
  must(place.database.transaction([](store::Transaction& t) -> base::Status {
    t.session().script("INSERT INTO billed_session VALUES (2, 'INV-7', 1)");
    return {};
  }));
  struct Row {
    const char* name;
    std::function<void(SessionsOptions&)> set;
    std::vector<std::int64_t> sessions;
  };
  const Row table[] = {
      {"none", [](auto&) {}, {4, 3, 2, 1}},
      {"all", [](auto& o) { o.all = true; }, {5, 4, 3, 2, 1}},
      {"customer", [](auto& o) { o.customer = "bakery"; }, {3, 1}},
      {"technician", [](auto& o) { o.technician = 1; }, {4, 3, 2, 1}},
      {"another technician", [](auto& o) { o.technician = 2; }, {}},
      {"state", [](auto& o) { o.state = "no_charge"; }, {3}},
      {"contract", [](auto& o) { o.contract = "Open"; }, {2}},
      {"from", [](auto& o) { o.from = "2026-11-16 10:00"; }, {4, 3}},
      {"to", [](auto& o) { o.to = "2026-11-16T10:00:00Z"; }, {2, 1}},
      {"the day after", [](auto& o) { o.from = "2026-11-17"; }, {}},
      {"billed", [](auto& o) { o.billed = true; }, {2}},
      {"unbilled", [](auto& o) { o.unbilled = true; }, {4, 3, 1}},
      {"nobody's customer", [](auto& o) { o.customer = "nobody"; }, {}},
      {"no such contract", [](auto& o) { o.contract = "None"; }, {}},
      {"a customer's contract",
       [](auto& o) {
         o.customer = "law";
         o.contract = "Open";
       },
       {2}},
      {"another customer's contract",
       [](auto& o) {
         o.customer = "bakery";
         o.contract = "Open";
       },
       {}},
      {"in review", [](auto& o) { o.state = "review"; }, {4}},
      {"attempts", [](auto& o) { o.state = "attempt"; }, {5}},
      {"held by the ledger", [](auto& o) { o.state = "held"; }, {}},
      {"a state and a technician",
       [](auto& o) {
         o.state = "review";
         o.technician = 2;
       },
       {}},
      {"two at once",
       [](auto& o) {
         o.customer = "bakery";
         o.from = "2026-11-16 09:00";
       },
       {3}},
  };
  for (const auto& row : table) {
    SessionsOptions options;
    row.set(options);
    EXPECT_EQ(numbers(options), row.sessions) << row.name;
  }
  EXPECT_NE(show(2).out.find("  document    INV-7\n"), std::string::npos) << show(2).out;
}

TEST_P(DecidingTest, SuggestedJoinedShownAndLeft) {
  const auto suggest = [&](const std::string& gap) {
    return ran(
        [&](auto& out, auto& err) { return run_series_suggest({.config = config(), .gap = gap}, out, err); });
  };
  EXPECT_EQ(suggest("15m").out, "No sessions follow each other so closely.\n");
  EXPECT_NE(suggest("2h").out.find("-> series join 1 3\n"), std::string::npos) << suggest("2h").out;
  const auto joined = ran([&](auto& out, auto& err) { return run_series_join(series({1, 3}), out, err); });
  EXPECT_EQ(joined.out, "series 1: joined\n") << joined.err;
  EXPECT_EQ(suggest("2h").out, "No sessions follow each other so closely.\n");
  carry_on();
  EXPECT_NE(show(1).out.find("  series      1, charged as one:\n    session 1, "), std::string::npos)
      << show(1).out;
  EXPECT_NE(show(1).out.find("    together 0:10:00, "), std::string::npos) << show(1).out;
  EXPECT_NE(show(3).out.find("  charged     0 min, charged with session 1\n"), std::string::npos)
      << show(3).out;
  EXPECT_EQ(json::parse(show(3, true).out).at("series_of"), json::parse(R"({"series":1,"sessions":[
                {"session":1,"started_utc":"2026-11-16T08:00:00.000Z","seconds":300,"charged_min":10},
                {"session":3,"started_utc":"2026-11-16T10:00:00.000Z","seconds":300,"charged_min":0}],
                "seconds":600,"charged_min":10})"));
  const auto listed = ran([&](auto& out, auto& err) {
    return run_series_list({.config = config(), .series = 1, .json = true}, out, err);
  });
  EXPECT_EQ(json::parse(listed.out).as_array().at(0).at("sessions").as_array().size(), 2u) << listed.err;
  const auto left = ran([&](auto& out, auto& err) { return run_series_leave(series({3}), out, err); });
  EXPECT_EQ(left.out, "session 3: out of its series\n") << left.err;
  EXPECT_EQ(ran([&](auto& out, auto& err) { return run_series_list({.config = config()}, out, err); }).out,
            "No series.\n");
  const auto dismissed =
      ran([&](auto& out, auto& err) { return run_series_dismiss(series({1, 3}), out, err); });
  EXPECT_EQ(dismissed.out, "They are not suggested again.\n") << dismissed.err;
  EXPECT_EQ(suggest("2h").out, "No sessions follow each other so closely.\n");
}

TEST_P(DecidingTest, TheReportAddsUpToTheListAndDoesNotCountTimeTwice) {
  SessionAddOptions add{.config = config(),
                        .customer = "law",
                        .terminal = {},
                        .technician = 1,
                        .start = "2026-01-05 10:00",
                        .duration = "30m",
                        .work_type = "on_site",
                        .comment = "Cables",
                        .reason = ""};
  for (const auto* start : {"2026-01-05 10:00", "2026-01-05 10:20"}) {
    add.start = start;
    EXPECT_EQ(ran([&](auto& out, auto& err) { return run_session_add(add, out, err); }).code, 0);
  }
  carry_on();
  const auto report = [&](const std::string& from, const std::string& to) {
    return json::parse(ran([&](auto& out, auto& err) {
                         return run_report_time(
                             {.config = config(), .from = from, .to = to, .technician = {}, .json = true},
                             out, err);
                       }).out)
        .at("total");
  };
  EXPECT_EQ(report("2026-01-05", "2026-01-06"),
            json::parse(R"({"technician":"all","sessions":2,"customers_s":3600,"technician_s":3000,
                            "charged_min":80,"no_charge_s":0,"review_s":0})"));
  const auto month = report("2026-11-01", "2026-12-01");
  EXPECT_EQ(month, json::parse(R"({"technician":"all","sessions":4,"customers_s":1200,"technician_s":1200,
                                   "charged_min":35,"no_charge_s":300,"review_s":300})"));
  SessionsOptions same;
  same.from = "2026-11-01";
  same.to = "2026-12-01";
  std::int64_t seconds = 0, minutes = 0;
  for (const auto& one : listed(same)) {
    seconds += one.at("seconds").as_int64();
    if (one.at("charged_min").is_int64()) minutes += one.at("charged_min").as_int64();
    EXPECT_FALSE(one.at("overlaps").as_bool());
  }
  EXPECT_EQ(seconds, month.at("customers_s").as_int64());
  EXPECT_EQ(minutes, month.at("charged_min").as_int64());
  same.from = "2026-01-05";
  same.to = "2026-01-06";
  for (const auto& one : listed(same)) EXPECT_TRUE(one.at("overlaps").as_bool());
  const auto table = ran([&](auto& out, auto& err) {
    return run_report_time({.config = config(), .from = "2026-01-05", .to = "2026-01-06", .technician = 1},
                           out, err);
  });
  EXPECT_NE(table.out.find("Anna               2          1:00:00            0:50:00           80"),
            std::string::npos)
      << table.out;
}

}  // namespace
}  // namespace collector::commands
