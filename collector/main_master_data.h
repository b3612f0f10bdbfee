// The commands on master data: customers, contacts, terminals, technicians, support points, partners,
// changes.

#pragma once

#include "collector/cli.h"

namespace collector {

void add_master_data(Cli& cli);

}  // namespace collector
