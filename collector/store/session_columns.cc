#include "collector/store/session_columns.h"

namespace collector::store {

void read_session(Query& query, SessionRow& row) {
  query.into(row.id).into_hex(row.agent_id).into(row.session_key).into(row.workstation).into(row.anydesk_id);
  query.into(row.remote_id).into(row.kind).into(row.outcome);
  query.into(row.requested).into(row.started).into(row.ended).into(row.last_seen);
  query.into(row.end_reason).into(row.clock_backwards).into(row.revision).into(row.last_record_id);
  query.into(row.witness).into(row.doubts).into(row.abandon_cause);
  query.into(row.duration_boot_ms).into(row.duration_boot_uncertainty_ms);
  query.into(row.clock_jumped).into(row.over_length).into(row.overnight).into(row.remote_id_withheld);
  query.into(row.window_pid).into(row.reconnects).into(row.boot_id);
}

}  // namespace collector::store
