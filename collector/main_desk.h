// The commands of people at the desk: what became of sessions, and what they decide about them.

#pragma once

#include "collector/cli.h"

namespace collector {

void add_sessions(Cli& cli);
void add_review(Cli& cli);
void add_series(Cli& cli);
void add_report(Cli& cli);

}  // namespace collector
