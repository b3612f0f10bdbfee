// An agent's history exists twice: kept for ever, and the agent is silenced until a person has decided.
//
// Original and copy speak under one agent id, so that quarantine silences both. Which of them may go on is no
// program's decision: `deskledger-collector agents release` or `agents re-enrol`.

#pragma once

#include "collector/store/agents.h"
#include "collector/store/connection.h"
#include "common/base/result.h"

namespace collector::ingest {

// Keeps the alarm and puts its agent into quarantine, with the detail as the reason. To be called in the
// transaction that found out.
[[nodiscard]] base::Status raise_alarm(store::Transaction& tx, const store::AlarmRow& alarm);

}  // namespace collector::ingest
