#include "collector/commands/review.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/review.h"
#include "collector/commands/desk_work.h"
#include "collector/commands/session_rows.h"
#include "collector/commands/session_state.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

using attribution::ReviewReason;

struct Advice {
  std::string reason;
  std::string todo;
};

Advice advice_for(const std::string& code, const store::OverviewRow& row) {
  const auto reason = attribution::review_reason_from(code);
  if (reason == ReviewReason::nothing_left) {
    return {.reason = "Held: nothing left on contract " + row.contract_name.value_or("?") + " for its " +
                      std::to_string(row.minutes.value_or(0)) + " min.",
            .todo = std::string{attribution::what_to_do(*reason)}};
  }
  if (!reason) return {.reason = code, .todo = "Upgrade the collector: it does not know this reason."};
  return {.reason = std::string{attribution::explain(*reason)},
          .todo = std::string{attribution::what_to_do(*reason)}};
}

void print(std::ostream& out, const SessionRows& found) {
  for (const auto& row : found.rows) {
    const auto when = started_of(row) ? started_of(row) : row.session.requested;
    out << "session " << row.session.id << ", "
        << (when ? timing::to_rfc3339(*when).substr(0, 19) : "no time") << " UTC, "
        << (seconds_of(row) ? clock_text(seconds_of(row)) : "no length") << ", "
        << base::cell_text(row.technician_name.value_or("nobody"), 40) << " for "
        << base::cell_text(row.customer_code.value_or("nobody"), 40) << ", "
        << base::cell_text(place_of(row), 40) << '\n';
    if (row.text && !row.text->empty()) out << "  \"" << base::cell_text(*row.text, 120) << "\"\n";
    for (const auto& code : review_codes_of(row)) {
      const auto advice = advice_for(code, row);
      out << "  " << base::cell_text(code, 40) << ": " << advice.reason << "\n    -> " << advice.todo << '\n';
    }
    if (row.changed) out << "  changed: it is looked at again in the collector's next run\n";
  }
  if (found.rows.empty()) out << "Nothing waits for a person.\n";
}

json::array to_json(const SessionRows& found) {
  json::array list;
  for (const auto& row : found.rows) {
    auto one = row_json(row, found.overlapping.contains(row.session.id));
    json::array reasons;
    for (const auto& code : review_codes_of(row)) {
      auto advice = advice_for(code, row);
      reasons.push_back(json::object{{"code", code}, {"reason", advice.reason}, {"todo", advice.todo}});
    }
    one["advice"] = std::move(reasons);
    list.push_back(std::move(one));
  }
  return list;
}

base::Result<std::vector<ReviewReason>> named(const std::vector<std::string>& codes) {
  std::vector<ReviewReason> reasons;
  for (const auto& code : codes) {
    const auto reason = attribution::review_reason_from(code);
    if (!reason) {
      return base::fail(base::ErrorCode::invalid_argument,
                        "reason '" + code + "' does not exist; see: deskledger-collector review list");
    }
    reasons.push_back(*reason);
  }
  return reasons;
}

}  // namespace

int run_review_list(const ReviewListOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  SessionRows found;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto rows = load_rows(tx, {.state = {}, .customer = options.customer});
    if (!rows) return std::unexpected{rows.error()};
    found = std::move(*rows);
    return {};
  });
  if (!read) return report(err, read.error());
  std::erase_if(found.rows, [&](const store::OverviewRow& row) {
    if (!waits_for_a_person(state_of(row))) return true;
    return options.reason && std::ranges::count(review_codes_of(row), *options.reason) == 0;
  });
  std::ranges::reverse(found.rows);
  if (options.json) {
    out << json::serialize(to_json(found)) << '\n';
  } else {
    print(out, found);
  }
  return 0;
}

int run_review_release(const ReviewDecideOptions& options, std::ostream& out, std::ostream& err) {
  const auto only = named(options.only);
  if (!only) return report(err, only.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto work = [&](store::Transaction& tx, std::int64_t id) {
    return actions::release_session(tx, this_actor(options.reason), id, *only);
  };
  return for_each_session(workspace->database, options.sessions, options.preview, options.json, "released",
                          work, out, err);
}

int run_review_hold(const ReviewDecideOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto work = [&](store::Transaction& tx, std::int64_t id) {
    return actions::hold_session(tx, this_actor(options.reason), id);
  };
  return for_each_session(workspace->database, options.sessions, options.preview, options.json, "held", work,
                          out, err);
}

}  // namespace collector::commands
