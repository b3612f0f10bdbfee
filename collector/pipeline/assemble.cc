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

base::Status take(store::Transaction& tx, const store::RecordRow& record, store::SessionRow row) {
  auto known = store::find_session_by_key(tx, record.agent_id, row.session_key);
  if (known && !*known) {
    known = store::find_session_told_before(tx, record.agent_id, row.session_key, row.anydesk_id);
  }
  if (!known) return std::unexpected{known.error()};
  if (*known && knowledge(row) < knowledge(**known)) {
    return store::link_session_record(tx, (*known)->id, record.id);
  }
  if (*known) keep_measured(**known, row);
  if (*known) {
    // A session stays that of the agent and workstation that told it first; its records name who told them.
    row.agent_id = (*known)->agent_id;
    row.workstation = (*known)->workstation;
  } else {
    const auto agent = store::find_agent(tx, record.agent_id);
    if (!agent) return std::unexpected{agent.error()};
    row.agent_id = record.agent_id;
    row.workstation = *agent ? (*agent)->workstation : "";
  }
  row.last_record_id = record.id;
  const auto session = store::upsert_session(tx, row);
  if (!session) return std::unexpected{session.error()};
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
