// `report time`: each technician's time, by the clock on the wall and as the customers were served.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct ReportTimeOptions {
  std::filesystem::path config;
  std::string from;                             // A day or a time (moment.h); the session's start counts.
  std::string to;                               // The first that does not count any more.
  std::optional<std::int64_t> technician = {};  // A number.
  bool json = false;
};

// Its sums are those of `sessions list` with the same filter.
int run_report_time(const ReportTimeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
