// The commands of rules: what something costs, templates, calendars of holidays.

#pragma once

#include "collector/cli.h"

namespace collector {

void add_rate(Cli& cli);
void add_rerate(Cli& cli);
void add_templates(Cli& cli);
void add_calendars(Cli& cli);

}  // namespace collector
