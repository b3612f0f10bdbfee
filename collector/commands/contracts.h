// `contracts`: what is left or owed, and every entry behind it. `contracts grant`: more time for a prepaid
// one.

#pragma once

#include <cstdint>
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

struct GrantOptions {
  std::filesystem::path config;
  std::int64_t contract = 0;  // Its number in the list.
  std::int64_t minutes = 0;
  std::string reason;
};
int run_grant(const GrantOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
