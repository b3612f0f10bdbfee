#include "collector/commands/series.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/series.h"
#include "collector/commands/desk_work.h"
#include "collector/commands/duration_text.h"
#include "collector/commands/session_rows.h"
#include "collector/store/series.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

using Group = std::vector<store::OverviewRow>;

base::Status add_to(Group& group, store::Transaction& tx, std::int64_t session_id) {
  auto row = row_of(tx, session_id);
  if (!row) return std::unexpected{row.error()};
  group.push_back(std::move(*row));
  return {};
}

void print_group(std::ostream& out, const Group& group) {
  std::int64_t seconds = 0;
  for (const auto& row : group) {
    out << "  session " << row.session.id << ", "
        << (started_of(row) ? timing::to_rfc3339(*started_of(row)).substr(0, 19) : "no time") << " UTC, "
        << clock_text(seconds_of(row)) << ", " << base::cell_text(row.technician_name.value_or("nobody"), 40)
        << " for " << base::cell_text(row.customer_code.value_or("nobody"), 40) << ", "
        << base::cell_text(place_of(row), 40);
    if (row.minutes) out << ", " << *row.minutes << " min";
    out << '\n';
    seconds += seconds_of(row).value_or(0);
  }
  out << "  together " << clock_text(seconds) << '\n';
}

json::array group_json(const Group& group) {
  json::array list;
  for (const auto& row : group) {
    list.push_back(
        json::object{{"session", row.session.id},
                     {"seconds", seconds_of(row) ? json::value(*seconds_of(row)) : json::value(nullptr)},
                     {"charged_min", row.minutes ? json::value(*row.minutes) : json::value(nullptr)}});
  }
  return list;
}

struct Series {
  store::SeriesRow series;
  Group members;
};

base::Status load(store::Transaction& tx, const SeriesListOptions& options, std::vector<Series>& all) {
  const auto list = store::list_series(tx, options.limit);
  if (!list) return std::unexpected{list.error()};
  for (const auto& one : *list) {
    if (options.series != 0 && one.id != options.series) continue;
    const auto members = store::members_of(tx, one.id);
    if (!members) return std::unexpected{members.error()};
    auto& series = all.emplace_back(Series{.series = one, .members = {}});
    for (const auto& member : *members) {
      if (auto done = add_to(series.members, tx, member.id); !done) return done;
    }
  }
  if (options.series == 0 || !all.empty()) return {};
  return base::fail(base::ErrorCode::not_found,
                    "there is no series " + std::to_string(options.series) +
                        " with sessions in it; see: deskledger-collector series list");
}

std::string sessions_text(const Group& group) {
  std::string text;
  for (const auto& row : group) text += " " + std::to_string(row.session.id);
  return text;
}

}  // namespace

int run_series_list(const SeriesListOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::vector<Series> all;
  const auto read = workspace->database.read([&](store::Transaction& tx) { return load(tx, options, all); });
  if (!read) return report(err, read.error());
  if (options.json) {
    json::array list;
    for (const auto& one : all) {
      list.push_back(json::object{{"series", one.series.id},
                                  {"made_utc", timing::to_rfc3339(one.series.made)},
                                  {"made_by", one.series.who},
                                  {"sessions", group_json(one.members)}});
    }
    out << json::serialize(list) << '\n';
    return 0;
  }
  for (const auto& one : all) {
    out << "series " << one.series.id << ", made by " << base::cell_text(one.series.who, 60) << '\n';
    print_group(out, one.members);
  }
  if (all.empty()) out << "No series.\n";
  return 0;
}

int run_series_suggest(const SeriesSuggestOptions& options, std::ostream& out, std::ostream& err) {
  const auto gap = parse_duration(options.gap);
  if (!gap) return report(err, gap.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::vector<Group> groups;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    const auto suggested = actions::suggest_series(tx, *gap);
    if (!suggested) return std::unexpected{suggested.error()};
    for (const auto& ids : *suggested) {
      auto& group = groups.emplace_back();
      for (const auto id : ids) {
        if (auto done = add_to(group, tx, id); !done) return done;
      }
    }
    return {};
  });
  if (!read) return report(err, read.error());
  if (options.json) {
    json::array list;
    for (const auto& group : groups) list.push_back(group_json(group));
    out << json::serialize(list) << '\n';
    return 0;
  }
  for (const auto& group : groups) {
    out << "Perhaps one piece of work:\n";
    print_group(out, group);
    out << "  -> series join" << sessions_text(group) << "\n     or series dismiss" << sessions_text(group)
        << '\n';
  }
  if (groups.empty()) out << "No sessions follow each other so closely.\n";
  return 0;
}

int run_series_join(const SeriesDecideOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::int64_t series = 0;
  const auto done =
      decide_in(workspace->database, options.preview, [&](store::Transaction& tx) -> base::Status {
        const auto joined = actions::join_series(tx, this_actor(options.reason), options.sessions);
        if (!joined) return std::unexpected{joined.error()};
        series = *joined;
        return {};
      });
  if (!done) return report(err, done.error());
  if (options.json) {
    out << json::serialize(json::object{{"series", series}, {"done", !options.preview}}) << '\n';
  } else if (options.preview) {
    out << "They would be one series.\n";
  } else {
    out << "series " << series << ": joined\n";
  }
  return 0;
}

int run_series_leave(const SeriesDecideOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto work = [&](store::Transaction& tx, std::int64_t id) {
    return actions::leave_series(tx, this_actor(options.reason), id);
  };
  return for_each_session(workspace->database, options.sessions, options.preview, options.json,
                          "out of its series", work, out, err);
}

int run_series_dismiss(const SeriesDecideOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto done = decide_in(workspace->database, options.preview, [&](store::Transaction& tx) {
    return actions::dismiss_series(tx, this_actor(options.reason), options.sessions);
  });
  if (!done) return report(err, done.error());
  if (options.json) {
    out << json::serialize(json::object{{"done", !options.preview}}) << '\n';
  } else {
    out << (options.preview ? "They would not be suggested again.\n" : "They are not suggested again.\n");
  }
  return 0;
}

}  // namespace collector::commands
