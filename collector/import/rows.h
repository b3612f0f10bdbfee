// One row of each kind into the store, and the change noted. Used by import.cc alone.

#pragma once

#include "collector/actions/actor.h"
#include "collector/directory/nouns.h"
#include "collector/import/fields.h"
#include "collector/import/kinds.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"
#include "common/base/result.h"

namespace collector::import {

// What a row may refer to, who brings it, and when.
struct Context {
  store::Transaction& tx;
  const directory::Directory& directory;  // As of before this kind.
  const store::StartOfDay& start_of_day;
  const actions::Actor& actor;
};

// Reads the row's fields and, if none is bad, puts it. Problems are in
// `fields`; an error is about the row, too, if it is conflict, not_found or
// invalid_argument; else the database failed.
[[nodiscard]] base::Result<store::Put> take_row(Kind kind, Fields& fields, const Context& context);

}  // namespace collector::import
