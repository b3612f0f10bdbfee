// Rows of people and things: who serves, who is served, and which address is whose. Used by rows.cc alone.

#pragma once

#include "collector/import/rows.h"

namespace collector::import {

[[nodiscard]] base::Result<store::Put> technician(Fields& fields, const Context& context);
[[nodiscard]] base::Result<store::Put> customer(Fields& fields, const Context& context);
[[nodiscard]] base::Result<store::Put> contact(Fields& fields, const Context& context);
[[nodiscard]] base::Result<store::Put> partner(Fields& fields, const Context& context);
[[nodiscard]] base::Result<store::Put> terminal(Fields& fields, const Context& context);
[[nodiscard]] base::Result<store::Put> support_point(Fields& fields, const Context& context);

// Whose code is in the column "customer"; null, and a problem with the nearest code, if nobody's is.
const directory::Customer* customer_of(Fields& fields, const Context& context);

}  // namespace collector::import
