// `customers`: whom we serve.

#pragma once

#include <iosfwd>
#include <string>

#include "collector/commands/master_data.h"

namespace collector::commands {

struct CustomersOptions {
  PersonOptions person;
  std::string code = {};  // Of whom it is; for `add` the wanted one, or empty.
  std::string mail = {};  // For `list`: only the customer to whom this mail address belongs.
  Cells cells = {};       // By the columns of import files.
};

int run_customers_list(const CustomersOptions& options, std::ostream& out, std::ostream& err);

// One, with contacts, terminals and contracts.
int run_customers_show(const CustomersOptions& options, std::ostream& out, std::ostream& err);

int run_customers_add(const CustomersOptions& options, std::ostream& out, std::ostream& err);
int run_customers_change(const CustomersOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
