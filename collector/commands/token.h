// `token`: the one-time permission to enrol one workstation.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct TokenOptions {
  std::filesystem::path config;
  std::string workstation;  // The name the agent will have; unique among enrolled ones by convention.
  std::optional<std::int64_t> minutes;  // Default: the configuration's.
  bool json = false;
};

// Prints the token, which carries the digest of the CA, and until when it can be used. Only its hash is kept.
int run_token(const TokenOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
