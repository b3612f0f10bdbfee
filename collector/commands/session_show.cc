#include "collector/commands/session_show.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/open_session.h"
#include "collector/attribution/review_reason.h"
#include "collector/commands/adjustment_text.h"
#include "collector/commands/session_export.h"
#include "collector/commands/session_overlaps.h"
#include "collector/commands/session_state.h"
#include "collector/commands/stored_json.h"
#include "collector/commands/workspace.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Page {
  Listed session;
  SessionDetails details;
  std::vector<store::DecisionRow> decisions;
  std::vector<store::AdjustmentStory> adjustments;  // Since it was billed.
};

std::string safe(std::string_view text) {
  return base::cell_text(text, 400);
}

base::Status load(store::Transaction& tx, std::int64_t session_id, Page& page) {
  auto row = row_of(tx, session_id);
  if (!row) return std::unexpected{row.error()};
  const auto overlaps = SessionOverlaps{tx}.overlaps(*row);
  if (!overlaps) return std::unexpected{overlaps.error()};
  page.session = {.row = std::move(*row), .overlaps = *overlaps};
  auto details = load_details(tx, page.session.row);
  if (!details) return std::unexpected{details.error()};
  page.details = std::move(*details);
  auto decisions = store::decisions_of(tx, session_id);
  if (!decisions) return std::unexpected{decisions.error()};
  page.decisions = std::move(*decisions);
  auto adjustments = store::adjustments_of(tx, session_id);
  if (!adjustments) return std::unexpected{adjustments.error()};
  page.adjustments = std::move(*adjustments);
  return {};
}

std::string time_text(const std::optional<timing::UtcMs>& time) {
  return time ? timing::to_rfc3339(*time) : "unknown";
}

void print_comments(std::ostream& out, const Page& page) {
  const auto& said = page.session.row.comment;
  out << "  comment     " << (said ? "\"" + safe(*said) + "\"" : "none has arrived") << '\n';
  if (!page.decisions.empty() && page.decisions.back().comment) {
    out << "  instead     \"" << safe(*page.decisions.back().comment) << "\"\n";
  }
  const auto& text = page.session.row.text;
  out << "  told as     " << (text && !text->empty() ? "\"" + safe(*text) + "\"" : "nothing") << '\n';
}

void print_series(std::ostream& out, const Page& page) {
  const auto& details = page.details;
  if (details.series.empty()) {
    out << "  series      none\n";
    return;
  }
  out << "  series      " << *page.session.row.series_id << ", charged as one:\n";
  for (const auto& row : details.series) {
    out << "    session " << row.session.id << ", " << time_text(started_of(row)) << ", "
        << clock_text(seconds_of(row)) << ", " << charge_text(row) << '\n';
  }
  out << "    together " << clock_text(details.series_seconds()) << ", " << details.series_minutes()
      << " min\n";
}

void print_review(std::ostream& out, const store::OverviewRow& row) {
  const auto codes = waits_for(row);
  if (codes.empty()) return;
  out << "\nWaits for a person:\n";
  for (const auto& code : codes) {
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

void print_adjustments(std::ostream& out, const Page& page) {
  if (page.adjustments.empty()) return;
  out << "\nSince it was billed:\n";
  for (const auto& one : page.adjustments) out << "  " << adjustment_text(one) << '\n';
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
      << "  document    " << safe(row.document.value_or("not billed")) << '\n';
  print_comments(out, page);
  print_series(out, page);
  out << "  state       " << capture_state_of(row) << ", " << state_of(row) << ", " << edit_state_of(row)
      << ", " << money_state_of(row) << ", mail " << mail_state_of(row) << '\n';
  if (page.details.no_charge)
    out << "              " << safe(no_charge_text(*page.details.no_charge)) << '\n';
  for (const auto& note : notes_of(row, page.session.overlaps)) out << "  note        " << safe(note) << '\n';
  print_review(out, row);
  print_decisions(out, page);
  print_adjustments(out, page);
}

json::object to_json(const Page& page) {
  auto out = row_json(page.session, page.details);
  json::array decisions;
  for (const auto& one : page.decisions) {
    decisions.push_back(json::object{{"number", one.number},
                                     {"who", one.who},
                                     {"decided_utc", timing::to_rfc3339(one.decided)},
                                     {"why", one.why},
                                     {"says", stored_value(actions::decision_json(one))}});
  }
  out["decisions"] = std::move(decisions);
  out["adjustments"] = adjustments_json(page.adjustments);
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
