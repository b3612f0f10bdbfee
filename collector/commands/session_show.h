// `sessions show`: one session on one page, with everything a manager asks about it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace collector::commands {

struct SessionShowOptions {
  std::filesystem::path config;
  std::int64_t session = 0;
  bool json = false;
};

// Technician; customer and terminal; start; end; duration; contract; charge; document; comments; series;
// states; and below them what waits for a person, what people decided, and what overlaps.
int run_session_show(const SessionShowOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
