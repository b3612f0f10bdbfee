// `contracts`: what is left or owed, and every entry behind it.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct ContractsOptions {
  std::filesystem::path config;
  std::optional<std::string> customer;  // A code.
  bool json = false;                    // With entries; their sum is the balance.
};
int run_contracts(const ContractsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
