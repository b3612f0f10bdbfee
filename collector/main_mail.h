// The commands about mails: what was and will be told, to whom, and what became of it.

#pragma once

#include "collector/cli.h"

namespace collector {

void add_mail(Cli& cli);

}  // namespace collector
