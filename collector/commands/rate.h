// `deskledger-collector rate`: what would so many seconds cost, and why? Needs no database for built-in
// templates.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "collector/commands/rate_at.h"

namespace collector::commands {

struct RateOptions {
  std::int64_t seconds = 0;
  // One of rating::built_in_templates(), or, with `config`, one in the database, which comes first; "NAME@2"
  // for an earlier version.
  std::string template_name = "standard";
  std::optional<std::filesystem::path> config;
  bool json = false;
  // Each replaces the template's own value.
  std::optional<std::int64_t> free_s;
  std::optional<std::int64_t> first_block_s;
  std::optional<std::int64_t> grace_s;
  std::optional<std::int64_t> increment_s;
  std::optional<std::int64_t> max_charge_min;
  std::optional<std::string> boundary;     // "start" or "after".
  std::optional<std::string> grace_scope;  // "first" or "every".
  std::vector<std::string> set;            // Any field, as rule_text/set_field.h reads it.
  Circumstances circumstances;
};

// Writes to `out`, with --json
//   {"seconds":2052,"template":"standard","rule":{"free_s":30,...},"rating_version":1,"minutes":40,"amount":0,
//    "steps":[{"what":"...","detail":"...","minutes_so_far":10},...]}
// and one line a step otherwise. Returns the exit code: 0, or 2 with one line
// on `err` when an option cannot be used.
int run_rate(const RateOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
