#include <tuple>

#include "collector/pipeline/fact.h"
#include "collector/pipeline/steps.h"
#include "collector/store/agents.h"
#include "collector/store/records.h"
#include "collector/store/sessions.h"

namespace collector::pipeline {

namespace {

// How much of a session's course a snapshot knows. Snapshots of one session only
// ever know more: one that knows less is an old one, told again by an agent that
// lost its outbox and began a new epoch.
auto knowledge(const store::SessionRow& row) {
  const int rank = row.outcome == "active"                                 ? 0
                   : row.outcome == "completed" || row.outcome == "failed" ? 2
                                                                           : 1;
  return std::tuple{rank, row.ended.has_value(), row.started.has_value()};
}

// A trace that is read again tells the same times again, but nobody stood by with a clock: what was measured
// and seen while they were written still holds.
void keep_measured(const store::SessionRow& known, store::SessionRow& row) {
  if (row.duration_boot_ms || row.started != known.started || row.ended != known.ended) return;
  row.duration_boot_ms = known.duration_boot_ms;
  row.duration_boot_uncertainty_ms = known.duration_boot_uncertainty_ms;
  row.clock_jumped = row.clock_jumped || known.clock_jumped;
  row.over_length = row.over_length || known.over_length;
  row.overnight = row.overnight || known.overnight;
}

// What is known of the session that `row` tells about, and whether `row` may change it.
struct Known {
  std::optional<store::SessionRow> session;
  bool may_change = true;
};

template <class T>
bool agree(const std::optional<T>& a, const std::optional<T>& b) {
  return !a || !b || *a == *b;
}

bool agree(const store::SessionRow& a, const store::SessionRow& b) {
  return a.remote_id == b.remote_id && agree(a.requested, b.requested) && agree(a.started, b.started) &&
         agree(a.ended, b.ended);
}

// True if `agent` took the place of `older`, directly or by others between them.
base::Result<bool> is_successor(store::Transaction& tx, store::AgentRow agent, const std::string& older) {
  while (agent.replaces) {
    if (*agent.replaces == older) return true;
    auto before = store::find_agent(tx, *agent.replaces);
    if (!before) return std::unexpected{before.error()};
    if (!*before) return false;
    agent = std::move(**before);
  }
  return false;
}

// A key and an AnyDesk ID are only claimed: another agent of the same machine, enrolled anew without a word
// about the one before, may confirm a session that it also has, and go on with it if the other has been
// silent since. What differs is a session of its own.
base::Result<Known> told_by_another(store::Transaction& tx, const store::AgentRow& agent,
                                    const store::SessionRow& row) {
  auto session = store::find_session_told_before(tx, agent.agent_id, row.session_key, row.anydesk_id);
  if (!session) return std::unexpected{session.error()};
  if (!*session) return Known{};
  const auto successor = is_successor(tx, agent, (*session)->agent_id);
  if (!successor) return std::unexpected{successor.error()};
  if (*successor) return Known{.session = std::move(*session)};
  if (!agree(**session, row)) return Known{};
  const auto other = store::find_agent(tx, (*session)->agent_id);
  if (!other) return std::unexpected{other.error()};
  const bool silent =
      *other && ((*other)->revoked || !(*other)->last_seen || *(*other)->last_seen < agent.enrolled);
  return Known{.session = std::move(*session), .may_change = silent};
}

base::Result<Known> what_is_known(store::Transaction& tx, const store::AgentRow& agent,
                                  const store::SessionRow& row) {
  auto own = store::find_session_by_key(tx, agent.agent_id, row.session_key);
  if (!own) return std::unexpected{own.error()};
  if (*own) return Known{.session = std::move(*own)};
  return told_by_another(tx, agent, row);
}

// What decides which comments a session competes for: it is no attempt, its moment, and both addresses.
auto claim(const store::SessionRow& row) {
  auto moment = row.started;
  for (const auto& other : {row.requested, row.ended, row.last_seen}) {
    if (!moment) moment = other;
  }
  return std::tuple{row.outcome == "failed", moment, row.remote_id, row.anydesk_id};
}

// Sessions beside it may lose their comment to it, or get the one it leaves.
base::Status tell_neighbours(store::Transaction& tx, std::int64_t session_id,
                             const std::optional<store::SessionRow>& before, const store::SessionRow& row) {
  if (before && claim(*before) == claim(row)) return {};
  for (const auto* one : {before ? &*before : nullptr, &row}) {
    if (one == nullptr) continue;
    const auto& [failed, moment, remote_id, anydesk_id] = claim(*one);
    if (failed || !moment || remote_id.empty()) continue;
    if (auto done = store::watch_neighbours(tx, session_id, remote_id, *moment); !done) return done;
  }
  return {};
}

base::Status take(store::Transaction& tx, const store::RecordRow& record, store::SessionRow row) {
  const auto found = store::find_agent(tx, record.agent_id);
  if (!found) return std::unexpected{found.error()};
  auto agent = found->value_or(store::AgentRow{});
  agent.agent_id = record.agent_id;
  const auto known = what_is_known(tx, agent, row);
  if (!known) return std::unexpected{known.error()};
  if (known->session && (!known->may_change || knowledge(row) < knowledge(*known->session))) {
    return store::link_session_record(tx, known->session->id, record.id);
  }
  if (known->session) keep_measured(*known->session, row);
  // A session stays that of the agent and workstation that told it first; its records name who told them.
  row.agent_id = known->session ? known->session->agent_id : agent.agent_id;
  row.workstation = known->session ? known->session->workstation : agent.workstation;
  row.last_record_id = record.id;
  const auto session = store::upsert_session(tx, row);
  if (!session) return std::unexpected{session.error()};
  if (auto done = tell_neighbours(tx, session->id, known->session, row); !done) return done;
  return store::link_session_record(tx, session->id, record.id);
}

base::Status take(store::Transaction& tx, const store::RecordRow& record, store::GapRow row) {
  row.agent_id = record.agent_id;
  row.record_id = record.id;
  return store::add_gap(tx, row);
}

}  // namespace

base::Result<std::int64_t> assemble(store::Transaction& tx) {
  const auto cursor = store::get_cursor(tx, "assemble");
  if (!cursor) return std::unexpected{cursor.error()};
  const auto records = store::records_after(tx, *cursor, kAssembleRowsMax);
  if (!records) return std::unexpected{records.error()};
  if (records->empty()) return 0;
  for (const auto& record : *records) {
    auto fact = read_fact(record.body);
    const auto done =
        fact ? std::visit([&](auto& row) { return take(tx, record, std::move(row)); }, *fact)
             : store::add_undecoded(tx, {.record_id = record.id, .reason = fact.error().message});
    if (!done) return std::unexpected{done.error()};
  }
  if (auto done = store::set_cursor(tx, "assemble", records->back().id); !done)
    return std::unexpected{done.error()};
  return static_cast<std::int64_t>(records->size());
}

}  // namespace collector::pipeline
