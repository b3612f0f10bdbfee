#include "collector/commands/session_show.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/open_session.h"
#include "collector/attribution/review_reason.h"
#include "collector/commands/session_rows.h"
#include "collector/commands/session_state.h"
#include "collector/commands/stored_json.h"
#include "collector/commands/workspace.h"
#include "collector/store/comments.h"
#include "collector/store/series.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

// A session of the page's series, or the one of the page.
struct Line {
  store::OverviewRow row;
  bool overlaps = false;
};

struct Page {
  Line session;
  std::optional<store::CommentRow> comment;  // AnyDesk's, that attribution used.
  std::vector<store::DecisionRow> decisions;
  std::vector<Line> members;  // Of its series, itself among them, in order of start.
};

std::string safe(std::string_view text) {
  return base::cell_text(text, 400);
}

base::Status load_comment(store::Transaction& tx, Page& page) {
  const auto attribution = store::latest_attribution(tx, page.session.row.session.id);
  if (!attribution) return std::unexpected{attribution.error()};
  if (!*attribution || !(*attribution)->comment_id) return {};
  auto comment = store::find_comment(tx, *(*attribution)->comment_id);
  if (!comment) return std::unexpected{comment.error()};
  page.comment = std::move(*comment);
  return {};
}

base::Status load(store::Transaction& tx, std::int64_t session_id, Page& page) {
  const auto found = load_rows(tx, {.all = true});
  if (!found) return std::unexpected{found.error()};
  const auto line = [&](std::int64_t id) -> std::optional<Line> {
    const auto at = std::ranges::find_if(found->rows,
                                         [&](const store::OverviewRow& row) { return row.session.id == id; });
    if (at == found->rows.end()) return std::nullopt;
    return Line{.row = *at, .overlaps = found->overlapping.contains(id)};
  };
  auto session = line(session_id);
  if (!session) {
    return base::fail(base::ErrorCode::not_found, "there is no session " + std::to_string(session_id) +
                                                      "; see: deskledger-collector sessions list");
  }
  page.session = std::move(*session);
  if (auto done = load_comment(tx, page); !done) return done;
  auto decisions = store::decisions_of(tx, session_id);
  if (!decisions) return std::unexpected{decisions.error()};
  page.decisions = std::move(*decisions);
  if (!page.session.row.series_id) return {};
  const auto members = store::members_of(tx, *page.session.row.series_id);
  if (!members) return std::unexpected{members.error()};
  for (const auto& member : *members) {
    if (auto one = line(member.id)) page.members.push_back(std::move(*one));
  }
  return {};
}

std::string time_text(const std::optional<timing::UtcMs>& time) {
  return time ? timing::to_rfc3339(*time) : "unknown";
}

std::string charge_text(const store::OverviewRow& row) {
  return row.minutes ? std::to_string(*row.minutes) + " min" : "not charged yet";
}

void print_comments(std::ostream& out, const Page& page) {
  if (page.comment) out << "  comment     \"" << safe(page.comment->text) << "\"\n";
  if (!page.decisions.empty() && page.decisions.back().comment) {
    out << "  instead     \"" << safe(*page.decisions.back().comment) << "\"\n";
  }
  const auto& text = page.session.row.text;
  out << "  told as     " << (text && !text->empty() ? "\"" + safe(*text) + "\"" : "nothing") << '\n';
}

void print_series(std::ostream& out, const Page& page) {
  if (page.members.empty()) {
    out << "  series      none\n";
    return;
  }
  std::int64_t seconds = 0, minutes = 0;
  out << "  series      " << *page.session.row.series_id << ":\n";
  for (const auto& [row, overlaps] : page.members) {
    out << "    session " << row.session.id << ", " << time_text(started_of(row)) << ", "
        << clock_text(seconds_of(row)) << ", " << charge_text(row) << '\n';
    seconds += seconds_of(row).value_or(0);
    minutes += row.minutes.value_or(0);
  }
  out << "    together " << clock_text(seconds) << ", " << minutes << " min\n";
}

void print_review(std::ostream& out, const store::OverviewRow& row) {
  if (!waits_for_a_person(state_of(row))) return;
  out << "\nWaits for a person:\n";
  for (const auto& code : review_codes_of(row)) {
    const auto reason = attribution::review_reason_from(code);
    out << "  " << safe(code);
    if (reason)
      out << ": " << attribution::explain(*reason) << "\n    -> " << attribution::what_to_do(*reason);
    out << '\n';
  }
}

void print_decisions(std::ostream& out, const Page& page) {
  if (page.decisions.empty()) return;
  out << "\nDecided by people, the last is in force:\n";
  for (const auto& one : page.decisions) {
    out << "  " << time_text(one.decided) << ' ' << safe(one.who) << ": "
        << safe(actions::decision_json(one));
    if (!one.why.empty()) out << " (" << safe(one.why) << ')';
    out << '\n';
  }
}

void print(std::ostream& out, const Page& page) {
  const auto& row = page.session.row;
  const auto technician = row.technician_name ? safe(*row.technician_name) + " (" +
                                                    std::to_string(row.technician_number.value_or(0)) +
                                                    ") by " + row.technician_rule.value_or("none")
                                              : std::string{"nobody"};
  out << "Session " << row.session.id << '\n'
      << "  technician  " << technician << '\n'
      << "  customer    " << safe(row.customer_name.value_or("nobody")) << ", " << safe(place_of(row)) << '\n'
      << "  start       " << time_text(started_of(row)) << '\n'
      << "  end         " << time_text(ended_of(row)) << '\n'
      << "  duration    " << (seconds_of(row) ? clock_text(seconds_of(row)) : "unknown") << '\n'
      << "  contract    " << safe(row.contract_name.value_or("none")) << '\n'
      << "  charged     " << charge_text(row) << '\n'
      << "  document    " << safe(row.document.value_or("none")) << '\n';
  print_comments(out, page);
  print_series(out, page);
  out << "  state       " << capture_state_of(row) << ", " << state_of(row) << ", " << edit_state_of(row)
      << ", " << money_state_of(row) << ", mail " << mail_state_of(row) << '\n';
  for (const auto& note : notes_of(row, page.session.overlaps)) out << "  note        " << safe(note) << '\n';
  print_review(out, row);
  print_decisions(out, page);
}

json::object to_json(const Page& page) {
  auto out = row_json(page.session.row, page.session.overlaps);
  out["comment_raw"] = page.comment ? json::value(page.comment->text) : json::value(nullptr);
  json::array decisions, members;
  for (const auto& one : page.decisions) {
    decisions.push_back(json::object{{"number", one.number},
                                     {"who", one.who},
                                     {"decided_utc", timing::to_rfc3339(one.decided)},
                                     {"why", one.why},
                                     {"says", stored_value(actions::decision_json(one))}});
  }
  for (const auto& [row, overlaps] : page.members) members.push_back(row_json(row, overlaps));
  out["decisions"] = std::move(decisions);
  out["series_members"] = std::move(members);
  return out;
}

}  // namespace

int run_session_show(const SessionShowOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  Page page;
  const auto read =
      workspace->database.read([&](store::Transaction& tx) { return load(tx, options.session, page); });
  if (!read) return report(err, read.error());
  if (options.json) {
    out << json::serialize(to_json(page)) << '\n';
  } else {
    print(out, page);
  }
  return 0;
}

}  // namespace collector::commands
