// Who gives the commands: the name that stands beside every change.

#pragma once

#include <string>

#include "collector/actions/actor.h"

namespace collector::commands {

// The account that gave the command: who called sudo, else the account's name, else its number as "uid 1000".
std::string this_person();

// The same person, now, for the reason that was typed.
actions::Actor this_actor(const std::string& reason);

}  // namespace collector::commands
