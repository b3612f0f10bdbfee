// Why a session costs what it costs, as its mail tells it. Inside this room.

#pragma once

#include <string_view>
#include <vector>

#include "collector/mail/message.h"

namespace collector::pipeline {

// The steps that are stored beside a charge (explanation.h). Empty for what is no such text: a mail must not
// fail for it.
std::vector<mail::ChargeStep> charge_steps(std::string_view steps);

}  // namespace collector::pipeline
