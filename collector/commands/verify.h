// `verify`: recomputes every chain, signature and checkpoint, and names what is wrong.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace collector::commands {

struct VerifyCommandOptions {
  std::filesystem::path config = {};
  std::string agent = {};                               // Id or workstation; empty: all.
  std::vector<std::filesystem::path> checkpoints = {};  // Kept elsewhere.
  std::filesystem::path bundle = {};                    // Empty: the database.
  std::filesystem::path keys = {};                      // Needed for a bundle.
  bool json = false;
};

inline constexpr int kSomethingIsWrong = 3;

// 0: everything fits. 3: something does not; what it is was printed. 1: it could not be checked.
int run_verify(const VerifyCommandOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
