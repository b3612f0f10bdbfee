#include "collector/commands/review.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/adjustments.h"
#include "collector/actions/review.h"
#include "collector/commands/desk_work.h"
#include "collector/commands/session_export.h"
#include "collector/commands/session_overlaps.h"
#include "collector/commands/stored_json.h"
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
  if (!reason) return {.reason = code, .todo = "Upgrade the collector: it does not know this reason."};
  if (reason == ReviewReason::nothing_left) {
    return {.reason = "Held: nothing left on contract " + row.contract_name.value_or("?") + " for its " +
                      std::to_string(row.minutes.value_or(0)) + " min.",
            .todo = std::string{attribution::what_to_do(*reason)}};
  }
  if (reason == ReviewReason::cannot_be_rated) {
    std::string why{attribution::explain(*reason)};
    why.back() = ':';
    for (const auto& step : stored_objects(row.steps_not_rated.value_or("")))
      why += " " + base::cell_text(string_in(step, "detail"), 200);
    return {.reason = why + ".", .todo = std::string{attribution::what_to_do(*reason)}};
  }
  return {.reason = std::string{attribution::explain(*reason)},
          .todo = std::string{attribution::what_to_do(*reason)}};
}

void print(std::ostream& out, const store::OverviewRow& row) {
  const auto when = moment_of(row);
  out << "session " << row.session.id << ", " << (when ? timing::to_rfc3339(*when).substr(0, 19) : "no time")
      << " UTC, " << (seconds_of(row) ? clock_text(seconds_of(row)) : "no length") << ", "
      << base::cell_text(row.technician_name.value_or("nobody"), 40) << " for "
      << base::cell_text(row.customer_code.value_or("nobody"), 40) << ", "
      << base::cell_text(place_of(row), 40) << '\n';
  if (row.text && !row.text->empty()) out << "  \"" << base::cell_text(*row.text, 120) << "\"\n";
  for (const auto& code : waits_for(row)) {
    const auto advice = advice_for(code, row);
    out << "  " << base::cell_text(code, 40) << ": " << advice.reason << "\n    -> " << advice.todo << '\n';
  }
  if (row.changed) out << "  changed: it is looked at again in the collector's next run\n";
}

base::Result<json::object> to_json(store::Transaction& tx, SessionOverlaps& overlaps,
                                   const store::OverviewRow& row) {
  const auto overlapping = overlaps.overlaps(row);
  if (!overlapping) return std::unexpected{overlapping.error()};
  const auto details = load_details(tx, row);
  if (!details) return std::unexpected{details.error()};
  auto one = row_json({.row = row, .overlaps = *overlapping}, *details);
  json::array reasons;
  for (const auto& code : waits_for(row)) {
    auto advice = advice_for(code, row);
    reasons.push_back(json::object{{"code", code}, {"reason", advice.reason}, {"todo", advice.todo}});
  }
  one["advice"] = std::move(reasons);
  return one;
}

// The numbers of those that wait, the oldest first.
base::Result<std::vector<std::int64_t>> waiting(store::Transaction& tx, const ReviewListOptions& options) {
  std::vector<std::int64_t> ids;
  const auto done = each_row(tx, {.customer = options.customer, .waits = true},
                             [&](store::OverviewRow&& row) -> base::Result<bool> {
                               if (!options.reason || std::ranges::count(waits_for(row), *options.reason) > 0)
                                 ids.push_back(row.session.id);
                               return true;
                             });
  if (!done) return std::unexpected{done.error()};
  std::ranges::reverse(ids);
  return ids;
}

base::Status list(store::Transaction& tx, const ReviewListOptions& options, std::ostream& out) {
  const auto ids = waiting(tx, options);
  if (!ids) return std::unexpected{ids.error()};
  const auto all = std::ssize(*ids);
  const auto limit = std::min(all, options.limit.value_or(options.json ? all : kReviewsOnATerminal));
  SessionOverlaps overlaps{tx};
  if (options.json) out << '[';
  for (std::int64_t i = 0; i < limit; ++i) {
    auto row = row_of(tx, (*ids)[static_cast<std::size_t>(i)]);
    if (!row) return std::unexpected{row.error()};
    if (options.json) {
      const auto one = to_json(tx, overlaps, *row);
      if (!one) return std::unexpected{one.error()};
      out << (i == 0 ? "" : ",\n") << json::serialize(*one);
    } else {
      print(out, *row);
    }
  }
  if (options.json) {
    out << "]\n";
  } else if (all == 0) {
    out << "Nothing waits for a person.\n";
  } else {
    out << more_text(all - limit, limit);
  }
  return {};
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
  const auto read = workspace->database.read([&](store::Transaction& tx) { return list(tx, options, out); });
  return read ? 0 : report(err, read.error());
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

int run_review_dismiss(const ReviewDecideOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto work = [&](store::Transaction& tx, std::int64_t id) {
    return actions::dismiss_adjustment(tx, this_actor(options.reason), id);
  };
  return for_each_session(workspace->database, options.sessions, options.preview, options.json,
                          "left as it was billed", work, out, err);
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
