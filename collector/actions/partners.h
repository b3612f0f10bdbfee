// Partners: added, changed, imported.

#pragma once

#include "collector/actions/master_data.h"
#include "collector/directory/nouns.h"

namespace collector::actions {

// By code; without one it is made of the name, as a customer's is.
[[nodiscard]] base::Result<Done> put_partner(store::Transaction& tx, const Actor& actor, Way way,
                                             directory::Partner partner);

}  // namespace collector::actions
