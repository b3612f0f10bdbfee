// Files of master data and comments, taken in whole or not at all.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "collector/actions/actor.h"
#include "collector/import/fields.h"
#include "collector/import/kinds.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"
#include "common/base/result.h"

namespace collector::import {

struct File {
  std::string name;  // For messages.
  std::string text;
};

struct Counts {
  int created = 0;
  int changed = 0;
  int unchanged = 0;
};

struct Report {
  std::vector<Problem> problems;  // If there is any, nothing was changed.
  std::map<Kind, Counts> counts;
};

// Takes all rows of all files in one transaction, in the order of kinds, and
// commits only if none of them is bad. With `preview` nothing is committed in
// any case. An error is the database's own.
//
// Existing rows are found by their natural keys and changed; nothing is ever
// deleted. Each row that is added or changed is noted as a change of `actor`. A contract's `purchased_min`
// becomes its first grant; a later file that states another figure is a problem, because a ledger is not
// edited.
[[nodiscard]] base::Result<Report> import_files(store::Connection& connection, const std::vector<File>& files,
                                                const store::StartOfDay& start_of_day,
                                                const actions::Actor& actor, bool preview);

}  // namespace collector::import
