// `explain`: every step of one session, from the agent's records to the mail.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace collector::commands {

struct ExplainOptions {
  std::filesystem::path config;
  std::int64_t session = 0;
  bool json = false;
};

// 1 if there is no such session.
int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
