// A charge worked out again from what was kept with it: whether it says the same.

#pragma once

#include <string>

#include "collector/store/charges.h"
#include "collector/store/connection.h"
#include "common/base/result.h"

namespace collector::commands {

enum class Again {
  same,      // Minutes, money and every step.
  differs,   // `detail` says what comes out now.
  not_kept,  // `detail` says why it cannot be worked out again.
};

// As JSON has it: "same", "differs", "not_kept".
std::string_view to_string(Again again);

struct WorkedAgain {
  Again again = Again::not_kept;
  std::string detail;  // One line for people.
};

// By the version of the template that was applied, which never changes, and by nothing else of today.
[[nodiscard]] base::Result<WorkedAgain> work_out_again(store::Transaction& tx,
                                                       const store::ChargeRow& charge);

}  // namespace collector::commands
