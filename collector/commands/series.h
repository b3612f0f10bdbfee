// `series`: sessions that are charged as one.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace collector::commands {

struct SeriesListOptions {
  std::filesystem::path config;
  std::int64_t series = 0;   // Only this one; 0: all.
  std::int64_t limit = 100;  // The newest so many.
  bool json = false;
};
int run_series_list(const SeriesListOptions& options, std::ostream& out, std::ostream& err);

struct SeriesSuggestOptions {
  std::filesystem::path config;
  std::string gap = "15m";
  bool json = false;
};
// Writes nothing.
int run_series_suggest(const SeriesSuggestOptions& options, std::ostream& out, std::ostream& err);

struct SeriesDecideOptions {
  std::filesystem::path config;
  std::vector<std::int64_t> sessions = {};
  std::string reason = {};
  bool preview = false;
  bool json = false;
};
int run_series_join(const SeriesDecideOptions& options, std::ostream& out, std::ostream& err);
int run_series_leave(const SeriesDecideOptions& options, std::ostream& out, std::ostream& err);
int run_series_dismiss(const SeriesDecideOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
