// Entries of the ledger as the store keeps them, and back.

#pragma once

#include <string>

#include "collector/directory/nouns.h"
#include "collector/ledger/entry.h"
#include "collector/store/ledger.h"
#include "common/base/result.h"

namespace collector::store {

EntryRow row_of(const ledger::Entry& entry, const directory::Contract& contract, timing::UtcMs now);

// `row` has its lines. corrupt if it says something that no ledger says.
[[nodiscard]] base::Result<ledger::Entry> entry_of(const EntryRow& row);
[[nodiscard]] base::Result<ledger::Line> line_of(const LineRow& row);

// What the entry speaks for, as open_entry knows it: "charge", or a kind of its own; empty for a person's.
std::string about(ledger::Kind kind);

}  // namespace collector::store
