#include "collector/attribution/find_terminal.h"

#include <algorithm>

namespace collector::attribution {

namespace {

std::string customer_name(const directory::Directory& directory, std::int64_t id) {
  const auto at = std::ranges::find(directory.customers, id, &directory::Customer::id);
  return at == directory.customers.end() ? "customer " + std::to_string(id) : at->name;
}

bool valid_at(const directory::Terminal& terminal, timing::UtcMs moment) {
  return (!terminal.valid_from || *terminal.valid_from <= moment) &&
         (!terminal.valid_to || moment < *terminal.valid_to);
}

}  // namespace

FoundTerminal find_terminal(const std::string& remote_id, timing::UtcMs moment,
                            const directory::Directory& directory, Steps& steps) {
  const auto refuse = [&steps](ReviewReason reason, std::string detail) {
    steps.push_back({.what = "terminal", .detail = std::move(detail), .mark = Mark::fail});
    return FoundTerminal{.terminal_id = {}, .customer_id = {}, .reason = reason};
  };
  if (remote_id.empty()) return refuse(ReviewReason::unknown_terminal, "the remote address is not known");

  const directory::Terminal* found = nullptr;
  bool two_customers = false;
  for (const auto& terminal : directory.terminals) {
    if (!same_address(terminal.address, remote_id)) continue;
    const bool valid = valid_at(terminal, moment);
    std::string detail =
        remote_id + " is '" + terminal.description + "' of " + customer_name(directory, terminal.customer_id);
    detail += valid ? " at that time" : ", but not at that time";
    steps.push_back(
        {.what = "terminal", .detail = std::move(detail), .mark = valid ? Mark::pass : Mark::fail});
    if (!valid) continue;
    two_customers = two_customers || (found != nullptr && found->customer_id != terminal.customer_id);
    if (found == nullptr || terminal.id < found->id) found = &terminal;
  }
  if (two_customers) {
    return refuse(ReviewReason::ambiguous_terminal, remote_id + " belongs to more than one customer");
  }
  if (found == nullptr) {
    return refuse(ReviewReason::unknown_terminal, remote_id + " was no customer's terminal at that time");
  }
  return {.terminal_id = found->id, .customer_id = found->customer_id, .reason = {}};
}

}  // namespace collector::attribution
