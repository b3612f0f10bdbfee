// `terminals`: which AnyDesk address is whose, and which are nobody's yet.

#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "collector/commands/master_data.h"

namespace collector::commands {

struct TerminalsOptions {
  PersonOptions person;
  std::string address = {};
  std::string customer = {};  // A code.
  Cells cells = {};           // description; from: when it begins; at: when it ends.
  bool all = false;           // For `list`: also what is over, and what was a mistake.
  bool mistake = false;       // For `release`: it never was that customer's.
  std::int64_t limit = 100;
};

int run_terminals_list(const TerminalsOptions& options, std::ostream& out, std::ostream& err);
int run_terminals_assign(const TerminalsOptions& options, std::ostream& out, std::ostream& err);
int run_terminals_release(const TerminalsOptions& options, std::ostream& out, std::ostream& err);

// The addresses of sessions in review that are nobody's, the newest first.
int run_terminals_unknown(const TerminalsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
