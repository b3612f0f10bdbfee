// `partners`: who passes customers on to us.

#pragma once

#include <iosfwd>
#include <string>

#include "collector/commands/master_data.h"

namespace collector::commands {

struct PartnersOptions {
  PersonOptions person;
  std::string code = {};  // For `add` the wanted one, or empty.
  Cells cells = {};       // name, email, language.
};

int run_partners_list(const PartnersOptions& options, std::ostream& out, std::ostream& err);
int run_partners_add(const PartnersOptions& options, std::ostream& out, std::ostream& err);
int run_partners_change(const PartnersOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
