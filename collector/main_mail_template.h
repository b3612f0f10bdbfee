// `mail template ...`: options in, one run_* call out.

#pragma once

#include "collector/cli.h"

namespace collector {

struct MailTemplateCommands {
  CLI::App* app = nullptr;  // parsed() says whether it is one of these.
  Action run;
};

// Hangs them below `mail`, whose own action runs them.
MailTemplateCommands add_mail_template(Cli& cli, CLI::App* mail);

}  // namespace collector
