#include "collector/ingest/alarm.h"

namespace collector::ingest {

base::Status raise_alarm(store::Transaction& tx, const store::AlarmRow& alarm) {
  if (auto kept = store::add_alarm(tx, alarm); !kept) return kept;
  const auto silenced = store::quarantine(tx, alarm.agent_id, alarm.kind + ": " + alarm.detail, alarm.raised);
  if (!silenced) return std::unexpected{silenced.error()};
  return {};
}

}  // namespace collector::ingest
