// The commands about contracts: what was agreed, what is left or owed.

#pragma once

#include "collector/cli.h"

namespace collector {

void add_contracts(Cli& cli);

}  // namespace collector
