#include "collector/commands/sessions.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/commands/moment.h"
#include "collector/commands/session_state.h"
#include "collector/commands/workspace.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

// "0:34:10 +-500ms"; empty if nobody measured.
std::string boot_clock_text(const store::SessionRow& session) {
  if (!session.duration_boot_ms) return "";
  const auto clock = clock_text(*session.duration_boot_ms / 1000);
  const auto uncertainty = session.duration_boot_uncertainty_ms;
  return uncertainty == 0 ? clock : clock + " +-" + std::to_string(uncertainty) + "ms";
}

std::string notes_text(const store::OverviewRow& row, bool overlaps) {
  std::string text;
  for (const auto& note : notes_of(row, overlaps)) text += (text.empty() ? "" : "; ") + note;
  return text;
}

std::string reasons_text(const store::OverviewRow& row) {
  std::string text;
  for (const auto& reason : review_codes_of(row)) text += (text.empty() ? "" : ", ") + reason;
  return text.empty() ? row.text.value_or("") : text;
}

std::string to_table(const SessionRows& found) {
  using base::TextTable;
  TextTable table{{{.heading = "SESSION", .align = TextTable::Align::right},
                   {.heading = "STARTED (UTC)"},
                   {.heading = "LENGTH", .align = TextTable::Align::right},
                   {.heading = "BOOT CLOCK", .align = TextTable::Align::right},
                   {.heading = "TECHNICIAN", .width_max = 24},
                   {.heading = "BY"},
                   {.heading = "CUSTOMER", .width_max = 16},
                   {.heading = "TERMINAL", .width_max = 34},
                   {.heading = "MIN", .align = TextTable::Align::right},
                   {.heading = "STATE"},
                   {.heading = "MAIL"},
                   {.heading = "REASON OR COMMENT", .width_max = 44},
                   {.heading = "NOTES", .width_max = 160}}};
  for (const auto& row : found.rows) {
    const auto when = started_of(row) ? started_of(row) : row.session.requested;
    table.add({std::to_string(row.session.id), when ? timing::to_rfc3339(*when).substr(0, 19) : "",
               clock_text(seconds_of(row)), boot_clock_text(row.session), row.technician_name.value_or(""),
               row.technician_name ? row.technician_rule.value_or("") : "", row.customer_code.value_or(""),
               place_of(row), row.minutes ? std::to_string(*row.minutes) : "", state_of(row),
               mail_state_of(row), reasons_text(row),
               notes_text(row, found.overlapping.contains(row.session.id))});
  }
  return table.empty() ? "No sessions.\n" : table.text();
}

base::Result<RowFilter> filter_of(const SessionsOptions& options) {
  RowFilter filter{.state = options.state,
                   .customer = options.customer,
                   .technician = options.technician,
                   .contract = options.contract,
                   .all = options.all};
  if (options.billed) filter.billed = true;
  if (options.unbilled) filter.billed = false;
  if (auto done = set_moment(filter.from, options.from, "from"); !done) return std::unexpected{done.error()};
  if (auto done = set_moment(filter.to, options.to, "to"); !done) return std::unexpected{done.error()};
  return filter;
}

}  // namespace

int run_sessions(const SessionsOptions& options, std::ostream& out, std::ostream& err) {
  const auto filter = filter_of(options);
  if (!filter) return report(err, filter.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  SessionRows found;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto rows = load_rows(tx, *filter);
    if (!rows) return std::unexpected{rows.error()};
    found = std::move(*rows);
    return {};
  });
  if (!read) return report(err, read.error());
  // The limit counts what is shown: the reviews among all sessions, not among the newest hundred.
  if (std::ssize(found.rows) > options.limit) found.rows.resize(static_cast<std::size_t>(options.limit));
  if (!options.json) {
    out << to_table(found);
    return 0;
  }
  json::array list;
  for (const auto& row : found.rows)
    list.push_back(row_json(row, found.overlapping.contains(row.session.id)));
  out << json::serialize(list) << '\n';
  return 0;
}

}  // namespace collector::commands
