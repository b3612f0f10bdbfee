// Who gives the commands: the name that stands beside every change.

#pragma once

#include <string>

namespace collector::commands {

// The account that gave the command: who called sudo, else the account's name, else its number as "uid 1000".
std::string this_person();

}  // namespace collector::commands
