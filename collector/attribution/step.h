// One step of the reasoning that attributed a session, kept beside the result
// so that a manager can see why, condition by condition.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace collector::attribution {

enum class Mark {
  info,  // What was read or decided.
  pass,  // A condition that holds.
  fail,  // A condition that does not.
};

std::string_view to_string(Mark mark);

// `what` is a short stable key: "session", "clock", "length", "comment",
// "technician", "terminal", "coverage", "contract" or "result"; `detail` is a sentence.
struct Step {
  std::string what;
  std::string detail;
  Mark mark = Mark::info;
  // Of "coverage" only: which condition (choose_contract.h) of which contract.
  std::string condition = {};
  std::int64_t contract_id = 0;

  bool operator==(const Step&) const = default;
};

using Steps = std::vector<Step>;

}  // namespace collector::attribution
