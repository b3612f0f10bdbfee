// One row of each kind into the store. Used by import.cc alone.

#pragma once

#include "collector/directory/nouns.h"
#include "collector/import/fields.h"
#include "collector/import/kinds.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::import {

// What a row may refer to, and when it happens.
struct Context {
  store::Transaction& tx;
  const directory::Directory& directory;  // As of before this kind.
  const store::StartOfDay& start_of_day;
  timing::UtcMs now;
};

// Reads the row's fields and, if none is bad, puts it. Problems are in
// `fields`; an error is the store's (conflict: this row contradicts what is
// there; else the database failed).
[[nodiscard]] base::Result<store::Put> take_row(Kind kind, Fields& fields, const Context& context);

}  // namespace collector::import
