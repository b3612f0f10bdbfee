// What a record's body says, in the store's nouns.

#pragma once

#include <string_view>
#include <variant>

#include "collector/store/sessions.h"
#include "common/base/result.h"

namespace collector::pipeline {

// Of both, only what the fact tells is filled in: ids, agent and workstation are the caller's.
using Fact = std::variant<store::SessionRow, store::GapRow>;

// corrupt if the bytes are no fact, one of a kind this version does not know, or
// one the store could not keep (text.h; times outside 1970 to 9999; counts
// beyond 2^63): the record stays, and a later version may read it. Addresses
// come in lower case, because AnyDesk does not tell cases apart.
[[nodiscard]] base::Result<Fact> read_fact(std::string_view body);

}  // namespace collector::pipeline
