#include "collector/actions/series.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "collector/actions/open_session.h"
#include "collector/attribution/suggest_series.h"
#include "collector/store/overview.h"
#include "collector/store/series.h"

namespace collector::actions {

using base::ErrorCode;
using base::fail;

namespace {

std::string series_text(std::int64_t series_id) {
  return "series " + std::to_string(series_id);
}

base::Result<std::set<std::int64_t>> several(const std::vector<std::int64_t>& session_ids) {
  const std::set<std::int64_t> ids{session_ids.begin(), session_ids.end()};
  if (ids.size() < 2)
    return fail(ErrorCode::invalid_argument, "name at least two sessions: one alone is no series");
  return ids;
}

// A series that holds a billed session stays as it was billed.
base::Status not_billed(store::Transaction& tx, std::int64_t series_id) {
  const auto members = store::members_of(tx, series_id);
  if (!members) return std::unexpected{members.error()};
  for (const auto& member : *members) {
    const auto document = store::billed_with(tx, member.id);
    if (!document) return std::unexpected{document.error()};
    if (*document) {
      return fail(ErrorCode::conflict, series_text(series_id) + " holds " + session_text(member.id) +
                                           ", which is billed with " + **document + ": it is frozen");
    }
  }
  return {};
}

// What the sessions that are to be joined have in common.
struct Together {
  std::int64_t customer_id = 0;
  std::optional<std::int64_t> series_id;
  std::vector<std::int64_t> outside;  // Those that are in no series yet.
};

base::Result<Together> together(store::Transaction& tx, const std::set<std::int64_t>& ids) {
  Together all;
  for (const auto id : ids) {
    const auto open = open_session(tx, id);
    if (!open) return std::unexpected{open.error()};
    const auto customer = open->customer_id();
    if (!customer) {
      return fail(ErrorCode::conflict, session_text(id) + " has no customer yet: sessions change " +
                                           std::to_string(id) + " --customer CODE");
    }
    if (id != *ids.begin() && *customer != all.customer_id) {
      return fail(ErrorCode::conflict,
                  session_text(id) + " is another customer's than " + session_text(*ids.begin()));
    }
    all.customer_id = *customer;
    const auto series = store::series_of(tx, id);
    if (!series) return std::unexpected{series.error()};
    if (!*series) {
      all.outside.push_back(id);
    } else if (all.series_id && *all.series_id != (*series)->id) {
      return fail(ErrorCode::conflict, session_text(id) + " is in " + series_text((*series)->id) +
                                           ", another is in " + series_text(*all.series_id) +
                                           ": one of them has to leave first (series leave)");
    } else {
      all.series_id = (*series)->id;
    }
  }
  if (all.outside.empty())
    return fail(ErrorCode::conflict, "all of them are in " + series_text(*all.series_id) + " already");
  return all;
}

base::Status move(store::Transaction& tx, const Actor& actor, std::int64_t session_id,
                  std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
  const auto done = store::change_membership(
      tx,
      {.session_id = session_id, .series_id = to, .changed = actor.now, .who = actor.who, .why = actor.why});
  if (!done) return done;
  const auto text = [](std::optional<std::int64_t> id) {
    return id ? "{\"series\":" + std::to_string(*id) + "}" : std::string{};
  };
  return note(tx, actor, to ? "join" : "leave", "session", std::to_string(session_id), text(from), text(to));
}

// A group that a person can join: not all in one series already, and not in two.
bool can_be_joined(const std::vector<std::int64_t>& group,
                   const std::map<std::int64_t, std::optional<std::int64_t>>& series_of) {
  std::set<std::int64_t> series;
  bool outside = false;
  for (const auto id : group) {
    const auto& one = series_of.at(id);
    if (one) {
      series.insert(*one);
    } else {
      outside = true;
    }
  }
  return outside && series.size() <= 1;
}

}  // namespace

base::Result<std::int64_t> join_series(store::Transaction& tx, const Actor& actor,
                                       const std::vector<std::int64_t>& session_ids) {
  const auto ids = several(session_ids);
  if (!ids) return std::unexpected{ids.error()};
  auto all = together(tx, *ids);
  if (!all) return std::unexpected{all.error()};
  if (all->series_id) {
    if (auto open = not_billed(tx, *all->series_id); !open) return std::unexpected{open.error()};
  } else {
    const auto made = store::add_series(
        tx, {.id = 0, .customer_id = all->customer_id, .made = actor.now, .who = actor.who});
    if (!made) return std::unexpected{made.error()};
    all->series_id = *made;
  }
  for (const auto id : all->outside) {
    if (auto done = move(tx, actor, id, {}, all->series_id); !done) return std::unexpected{done.error()};
  }
  return *all->series_id;
}

base::Status leave_series(store::Transaction& tx, const Actor& actor, std::int64_t session_id) {
  if (auto said = need_reason(actor); !said) return said;
  const auto open = open_session(tx, session_id);
  if (!open) return std::unexpected{open.error()};
  const auto series = store::series_of(tx, session_id);
  if (!series) return std::unexpected{series.error()};
  if (!*series) return fail(ErrorCode::conflict, session_text(session_id) + " is in no series");
  const auto id = (*series)->id;
  if (auto unbilled = not_billed(tx, id); !unbilled) return unbilled;
  if (auto done = move(tx, actor, session_id, id, {}); !done) return done;
  const auto left = store::members_of(tx, id);
  if (!left) return std::unexpected{left.error()};
  if (left->size() != 1) return {};
  return move(tx, actor, left->front().id, id, {});
}

base::Result<std::vector<std::vector<std::int64_t>>> suggest_series(store::Transaction& tx,
                                                                    std::chrono::minutes gap) {
  store::SessionFilter filter;
  filter.limit = std::numeric_limits<std::int64_t>::max();
  const auto rows = store::session_overview(tx, filter);
  if (!rows) return std::unexpected{rows.error()};
  const auto dismissals = store::list_dismissals(tx);
  if (!dismissals) return std::unexpected{dismissals.error()};
  std::set<std::pair<std::int64_t, std::int64_t>> dismissed;
  for (const auto& one : *dismissals) dismissed.insert({one.first_session_id, one.second_session_id});

  std::vector<attribution::SeriesCandidate> candidates;
  std::map<std::int64_t, std::optional<std::int64_t>> series_of;
  for (const auto& row : *rows) {
    const auto started = row.stated_start ? row.stated_start : row.session.started;
    const auto ended = row.stated_end ? row.stated_end : row.session.ended;
    if (!row.technician_id || !row.customer_id || !row.terminal_id || !started || !ended) continue;
    if (row.document || row.withdrawn) continue;
    series_of[row.session.id] = row.series_id;
    candidates.push_back({.session_id = row.session.id,
                          .technician_id = *row.technician_id,
                          .customer_id = *row.customer_id,
                          .terminal_id = *row.terminal_id,
                          .started = *started,
                          .ended = *ended});
  }
  auto groups = attribution::suggest_series(std::move(candidates), gap, dismissed);
  std::erase_if(groups, [&](const auto& group) { return !can_be_joined(group, series_of); });
  return groups;
}

base::Status dismiss_series(store::Transaction& tx, const Actor& actor,
                            const std::vector<std::int64_t>& session_ids) {
  const auto ids = several(session_ids);
  if (!ids) return std::unexpected{ids.error()};
  std::vector<std::pair<std::optional<timing::UtcMs>, std::int64_t>> in_order;
  for (const auto id : *ids) {
    const auto open = open_session(tx, id);
    if (!open) return std::unexpected{open.error()};
    in_order.emplace_back(open->started(), id);
  }
  std::ranges::sort(in_order);
  for (std::size_t i = 0; i + 1 < in_order.size(); ++i) {
    const auto first = in_order[i].second, second = in_order[i + 1].second;
    const auto done = store::add_dismissal(
        tx,
        {.first_session_id = first, .second_session_id = second, .dismissed = actor.now, .who = actor.who});
    if (!done) return done;
    const auto noted = note(tx, actor, "dismiss", "session", std::to_string(second), {},
                            "{\"not_in_one_series_with\":" + std::to_string(first) + "}");
    if (!noted) return noted;
  }
  return {};
}

}  // namespace collector::actions
