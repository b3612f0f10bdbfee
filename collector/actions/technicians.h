// Technicians: added, changed, imported.

#pragma once

#include "collector/actions/master_data.h"
#include "collector/directory/nouns.h"

namespace collector::actions {

// By number, 1 to 999,999; a name is needed.
[[nodiscard]] base::Result<Done> put_technician(store::Transaction& tx, const Actor& actor, Way way,
                                                const directory::Technician& technician);

// not_found if there is none.
[[nodiscard]] base::Result<directory::Technician> the_technician(store::Transaction& tx, std::int64_t number);

}  // namespace collector::actions
