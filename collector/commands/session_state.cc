#include "collector/commands/session_state.h"

namespace collector::commands {

const std::vector<std::string>& session_states() {
  static const std::vector<std::string> states{"active", "attempt", "new",    "pending_comment", "review",
                                               "rated",  "held",    "posted", "no_charge",       "withdrawn"};
  return states;
}

std::string state_of(const store::OverviewRow& row) {
  if (row.session.outcome == "active") return "active";
  if (row.session.outcome == "failed") return "attempt";
  if (row.withdrawn) return "withdrawn";
  if (!row.disposition) return "new";
  if (*row.disposition != "ready") return *row.disposition;
  if (!row.entry_id) return "rated";
  if (row.entry_kind == "hold") return "held";
  return row.no_charge.value_or(0) == 1 ? "no_charge" : "posted";
}

bool waits_for_a_person(const std::string& state) {
  return state == "review" || state == "held";
}

std::string capture_state_of(const store::OverviewRow& row) {
  if (row.session.agent_id.empty()) return "entered";
  if (row.session.outcome == "completed") return "ended";
  return row.session.outcome == "failed" ? "attempt" : row.session.outcome;
}

std::string edit_state_of(const store::OverviewRow& row) {
  return row.changed ? "changed" : "clean";
}

std::string money_state_of(const store::OverviewRow& row) {
  return row.document ? "billed" : "unbilled";
}

std::string mail_state_of(const store::OverviewRow& row) {
  return row.mail_state.value_or("none");
}

}  // namespace collector::commands
