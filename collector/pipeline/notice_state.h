// What is known of a contract's notices before a moment (ledger/notice.h), as text for the store. Inside
// this room.

#pragma once

#include <string>

#include "collector/ledger/notice.h"
#include "common/base/result.h"

namespace collector::pipeline {

// JSON; the same state gives the same text.
std::string to_json(const ledger::NoticeState& state);

// corrupt for anything that to_json() did not write.
[[nodiscard]] base::Result<ledger::NoticeState> notice_state_from(const std::string& text);

}  // namespace collector::pipeline
