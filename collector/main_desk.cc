#include "collector/main_desk.h"

#include "collector/actions/session_change.h"
#include "collector/commands/report_time.h"
#include "collector/commands/review.h"
#include "collector/commands/series.h"
#include "collector/commands/session_change.h"
#include "collector/commands/session_show.h"
#include "collector/commands/session_state.h"
#include "collector/commands/sessions.h"

namespace collector {

using namespace collector::commands;

namespace {

constexpr const char* kReason = "Why, in your own words; stands beside the change for ever";
constexpr const char* kPreview = "Say whether it can be done, and change nothing";

// A subcommand with what all of them have.
template <class Options>
CLI::App* child(Cli& cli, CLI::App* parent, const char* name, const char* about, Options& options,
                const std::string& example) {
  auto* one = parent->add_subcommand(name, about);
  cli.config(one, options.config);
  one->add_flag("--json", options.json, "For programs");
  one->footer("Example:\n  deskledger-collector " + parent->get_name() + " " + example);
  return one;
}

void add_filter(CLI::App* sub, SessionsOptions& o) {
  sub->add_option("--state", o.state, "Only this state")->check(CLI::IsMember(session_states()));
  sub->add_option("--customer", o.customer, "Only this customer's code");
  sub->add_option("--technician", o.technician, "Only this technician's number");
  sub->add_option("--contract", o.contract, "Only contracts of this name");
  sub->add_option("--from", o.from, "From this day or time on, by the session's start (UTC)");
  sub->add_option("--to", o.to, "Before this day or time");
  auto* billed = sub->add_flag("--billed", o.billed, "Only those that stand in a document");
  sub->add_flag("--unbilled", o.unbilled, "Only those that do not")->excludes(billed);
  sub->add_option("--limit", o.limit, "The newest so many (default: 100 of a table, all for programs)")
      ->check(CLI::Range(1, 1'000'000'000));
  sub->add_flag("--all", o.all, "Also attempts that never became a session, and withdrawn ones");
  sub->add_flag("--csv", o.csv, "For spreadsheets: everything about each session in one row");
}

CLI::App* add_change(Cli& cli, CLI::App* sub, SessionChangeOptions& o) {
  auto* change = child(cli, sub, "change", "Put something else in place of what was captured and found", o,
                       "change 12 --minutes 25 --reason 'agreed on the phone'");
  change->add_option("session", o.session, "Its number in the list")->required();
  change->add_option("--technician", o.technician, "The technician's number");
  change->add_option("--customer", o.customer, "The customer's code");
  change->add_option("--terminal", o.terminal, "The address of one of the customer's terminals");
  change->add_option("--contract", o.contract, "The name of one of the customer's contracts");
  change->add_option("--comment", o.comment, "Instead of AnyDesk's, with tags");
  auto* minutes = change->add_option("--minutes", o.minutes, "Charge exactly so many");
  auto* nothing = change->add_flag("--no-charge", o.no_charge, "Charge nothing")->excludes(minutes);
  change->add_flag("--charge", o.charge, "Charge it, whatever the comment says")
      ->excludes(minutes)
      ->excludes(nothing);
  change->add_option("--start", o.start, "When it started, where that was not seen (UTC)");
  change->add_option("--end", o.end, "When it ended, where that was not seen (UTC)");
  change->add_option("--work-type", o.work_type, "What kind of work it was");
  change->add_option("--reset", o.reset, "Take back what was decided about this (repeatable)")
      ->check(CLI::IsMember(actions::resettable()));
  change->add_option("--reason", o.reason, kReason)->required();
  change->add_flag("--preview", o.preview, kPreview);
  return change;
}

CLI::App* add_adjust(Cli& cli, CLI::App* sub, SessionAdjustOptions& o) {
  auto* adjust =
      child(cli, sub, "adjust", "Say what a billed session ought to have cost; the difference is posted", o,
            "adjust 12 --minutes 25 --reason 'agreed on the phone'");
  adjust->add_option("session", o.session, "Its number in the list")->required();
  auto* minutes = adjust->add_option("--minutes", o.minutes, "It ought to have cost exactly so many");
  adjust->add_flag("--no-charge", o.no_charge, "It ought to have cost nothing")->excludes(minutes);
  adjust->add_option("--reason", o.reason, kReason)->required();
  adjust->add_flag("--preview", o.preview, kPreview);
  return adjust;
}

CLI::App* add_enter(Cli& cli, CLI::App* sub, SessionAddOptions& o) {
  auto* add = child(cli, sub, "add", "Enter work on the phone or on site", o,
                    "add --customer bakery --technician 1 --start '2026-11-16 10:05' --duration 25m "
                    "--work-type phone --comment 'Printer explained'");
  add->add_option("--customer", o.customer, "The customer's code")->required();
  add->add_option("--terminal", o.terminal, "The address of one of the customer's terminals");
  add->add_option("--technician", o.technician, "The technician's number")->required();
  add->add_option("--start", o.start, "When it began (UTC)")->required();
  add->add_option("--duration", o.duration, "How long: 25m, 2h")->required();
  add->add_option("--work-type", o.work_type, "phone or on_site")
      ->required()
      ->check(CLI::IsMember({"phone", "on_site"}));
  add->add_option("--comment", o.comment, "What was done, with tags")->required();
  add->add_option("--reason", o.reason, kReason);
  add->add_flag("--preview", o.preview, kPreview);
  return add;
}

}  // namespace

void add_sessions(Cli& cli) {
  static SessionsOptions o;
  static SessionShowOptions s;
  static SessionAddOptions a;
  static SessionChangeOptions c;
  static SessionAdjustOptions j;
  static SessionWithdrawOptions w;
  auto* sub = cli.command("sessions", "List, show, enter and change sessions",
                          "sessions list --state review\n  deskledger-collector sessions show 12");
  cli.config(sub, o.config);
  add_filter(sub, o);
  sub->add_flag("--json", o.json, "For programs; always includes attempts unless --state is given");
  auto* list =
      child(cli, sub, "list", "Technician, customer, minutes, contract, state, mail", o,
            "list --customer bakery --unbilled --from 2026-11-01\n"
            "  deskledger-collector sessions list --from 2026-11-01 --to 2026-12-01 --csv > november.csv");
  add_filter(list, o);
  auto* show = child(cli, sub, "show", "Everything about one session on one page", s, "show 12");
  show->add_option("session", s.session, "Its number in the list")->required();
  auto* add = add_enter(cli, sub, a);
  auto* change = add_change(cli, sub, c);
  auto* adjust = add_adjust(cli, sub, j);
  auto* withdraw = child(cli, sub, "withdraw", "Take back a session that a person entered", w,
                         "withdraw 12 --reason 'entered twice'");
  withdraw->add_option("session", w.session, "Its number in the list")->required();
  withdraw->add_option("--reason", w.reason, kReason)->required();
  withdraw->add_flag("--preview", w.preview, kPreview);
  sub->require_subcommand(0, 1);
  cli.runs(sub, [=, &cli] {
    if (show->parsed()) return run_session_show(s, cli.out, cli.err);
    if (add->parsed()) return run_session_add(a, cli.out, cli.err);
    if (change->parsed()) return run_session_change(c, cli.out, cli.err);
    if (adjust->parsed()) return run_session_adjust(j, cli.out, cli.err);
    if (withdraw->parsed()) return run_session_withdraw(w, cli.out, cli.err);
    o.all = o.all || o.json;
    return run_sessions(o, cli.out, cli.err);
  });
}

void add_review(Cli& cli) {
  static ReviewListOptions o;
  static ReviewDecideOptions r;
  static ReviewDecideOptions h;
  static ReviewDecideOptions d;
  auto* sub = cli.command("review", "What waits for a person: list, release, hold, dismiss",
                          "review list\n  deskledger-collector review release 12 13 --reason 'as agreed'");
  auto* list = child(cli, sub, "list", "What waits, why, and what to do; the oldest first", o, "list");
  list->add_option("--customer", o.customer, "Only this customer's code");
  list->add_option("--reason", o.reason, "Only those that wait for this reason, by its code");
  list->add_option("--limit", o.limit, "The oldest so many (default: 50, all for programs)")
      ->check(CLI::Range(1, 1'000'000'000));
  auto* release = child(cli, sub, "release", "Accept the reasons and have the sessions charged", r,
                        "release 12 13 --reason 'times are right'");
  release->add_option("sessions", r.sessions, "Their numbers")->required();
  release->add_option("--only", r.only, "Accept this reason alone, by its code (repeatable)");
  release->add_option("--reason", r.reason, kReason);
  release->add_flag("--preview", r.preview, kPreview);
  auto* dismiss = child(cli, sub, "dismiss", "Leave billed sessions as they were billed, whatever came since",
                        d, "dismiss 12 --reason 'the comment is about another visit'");
  dismiss->add_option("sessions", d.sessions, "Their numbers")->required();
  dismiss->add_option("--reason", d.reason, kReason)->required();
  dismiss->add_flag("--preview", d.preview, kPreview);
  auto* hold = child(cli, sub, "hold", "Take sessions back until they are released", h,
                     "hold 12 --reason 'the customer disputes it'");
  hold->add_option("sessions", h.sessions, "Their numbers")->required();
  hold->add_option("--reason", h.reason, kReason)->required();
  hold->add_flag("--preview", h.preview, kPreview);
  sub->require_subcommand(1);
  cli.runs(sub, [=, &cli] {
    if (release->parsed()) return run_review_release(r, cli.out, cli.err);
    if (dismiss->parsed()) return run_review_dismiss(d, cli.out, cli.err);
    if (hold->parsed()) return run_review_hold(h, cli.out, cli.err);
    return list->parsed() ? run_review_list(o, cli.out, cli.err) : 2;
  });
}

void add_series(Cli& cli) {
  static SeriesListOptions o;
  static SeriesSuggestOptions g;
  static SeriesDecideOptions d;
  auto* sub = cli.command("series", "Sessions that are charged as one",
                          "series suggest --gap 15m\n  deskledger-collector series join 12 13");
  auto* list = child(cli, sub, "list", "All series with their sessions, newest first", o, "list");
  list->add_option("--limit", o.limit, "The newest so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  auto* show = child(cli, sub, "show", "One series with its sessions", o, "show 3");
  show->add_option("series", o.series, "Its number in the list")->required()->check(CLI::PositiveNumber);
  auto* suggest =
      child(cli, sub, "suggest", "Which sessions may have been one piece of work", g, "suggest --gap 15m");
  suggest->add_option("--gap", g.gap, "The longest pause between them")->capture_default_str();
  const auto decide = [&](const char* name, const char* about, const std::string& example, bool why) {
    auto* one = child(cli, sub, name, about, d, example);
    one->add_option("sessions", d.sessions, "Their numbers")->required();
    one->add_option("--reason", d.reason, kReason)->required(why);
    one->add_flag("--preview", d.preview, kPreview);
    return one;
  };
  auto* join = decide("join", "Charge sessions of one customer as one", "join 12 13", false);
  auto* leave =
      decide("leave", "Charge a session for itself again", "leave 13 --reason 'another matter'", true);
  auto* dismiss = decide("dismiss", "Suggest these as one no more", "dismiss 12 13", false);
  sub->require_subcommand(1);
  cli.runs(sub, [=, &cli] {
    if (suggest->parsed()) return run_series_suggest(g, cli.out, cli.err);
    if (join->parsed()) return run_series_join(d, cli.out, cli.err);
    if (leave->parsed()) return run_series_leave(d, cli.out, cli.err);
    if (dismiss->parsed()) return run_series_dismiss(d, cli.out, cli.err);
    return list->parsed() || show->parsed() ? run_series_list(o, cli.out, cli.err) : 2;
  });
}

void add_report(Cli& cli) {
  static ReportTimeOptions o;
  auto* sub = cli.command("report", "What the sessions of a time add up to",
                          "report time --from 2026-11-01 --to 2026-12-01");
  auto* time = child(cli, sub, "time", "Each technician's time, and the customers'", o,
                     "time --from 2026-11-01 --to 2026-12-01");
  time->add_option("--from", o.from, "From this day or time on, by the session's start (UTC)")->required();
  time->add_option("--to", o.to, "Before this day or time")->required();
  time->add_option("--technician", o.technician, "Only this technician's number");
  sub->require_subcommand(1);
  cli.runs(sub, [&cli] { return run_report_time(o, cli.out, cli.err); });
}

}  // namespace collector
