// One row of contracts. Used by rows.cc alone.

#pragma once

#include "collector/import/rows.h"

namespace collector::import {

// As take_row: what was agreed, and what was bought with it from its first day on.
[[nodiscard]] base::Result<store::Put> contract_row(Fields& fields, const Context& context);

}  // namespace collector::import
