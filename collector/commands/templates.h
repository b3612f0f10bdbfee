// `templates`: the rules that contracts are made from. What a person changes is a new version; contracts keep
// the one they were made with.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "collector/commands/rate_at.h"

namespace collector::commands {

struct TemplatesOptions {
  std::filesystem::path config;
  bool json = false;
};
// The newest version of each. JSON: [{"name":"...","version":2,"rule":{...}},...]
int run_templates_list(const TemplatesOptions& options, std::ostream& out, std::ostream& err);

struct TemplateShowOptions {
  std::filesystem::path config;
  std::string name;  // As named_template() takes it.
  std::optional<std::int64_t> version;
  bool json = false;  // Prints what `templates set` reads.
};
int run_template_show(const TemplateShowOptions& options, std::ostream& out, std::ostream& err);

struct TemplateSetOptions {
  std::filesystem::path config;
  std::string file;  // As template_text() writes it.
  std::string reason;
  bool preview = false;
  bool json = false;
};
int run_template_set(const TemplateSetOptions& options, std::ostream& out, std::ostream& err);

struct TemplateNewOptions {
  std::filesystem::path config;
  std::string name;
  std::string from = "standard";
  std::vector<std::string> set;  // As set_field() reads it.
  std::string reason;
  bool preview = false;
  bool json = false;
};
int run_template_new(const TemplateNewOptions& options, std::ostream& out, std::ostream& err);

struct TemplateCompareOptions {
  std::optional<std::filesystem::path> config;
  std::string first, second;
  std::vector<std::int64_t> seconds;  // Empty: the durations of docs/rating.md.
  Circumstances circumstances;
  bool json = false;
};
int run_template_compare(const TemplateCompareOptions& options, std::ostream& out, std::ostream& err);

// Needs no collector. 0 if the file is a template whose rule can be applied; else 1 and one line that says
// why.
int run_template_check(const std::string& file, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
