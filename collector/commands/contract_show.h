// `contracts show`: all that is agreed in one contract, what is left or owed, and what somebody should know.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace collector::commands {

struct ContractShowOptions {
  std::filesystem::path config;
  std::int64_t contract = 0;
  bool json = false;
};
int run_contract_show(const ContractShowOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
