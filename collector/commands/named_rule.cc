#include "collector/commands/named_rule.h"

#include <charconv>

#include "collector/commands/workspace.h"
#include "collector/rating/templates.h"
#include "collector/store/templates.h"
#include "common/base/nearest.h"

namespace collector::commands {

namespace {

using base::ErrorCode;
using base::fail;
using Found = base::Result<directory::Template>;

std::optional<std::int64_t> version_in(std::string_view text) {
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return version;
}

// As the name stands, else with a version behind its last @.
Found stored(store::Transaction& tx, const std::string& name) {
  auto found = store::find_template(tx, name);
  const auto at = name.rfind('@');
  if (found || found.error().code != ErrorCode::not_found || at == std::string::npos) return found;
  const auto version = version_in(std::string_view{name}.substr(at + 1));
  return version ? store::find_template(tx, name.substr(0, at), *version) : found;
}

base::Error unknown(const std::string& name, std::vector<std::string> known) {
  for (const auto& one : rating::built_in_templates()) known.push_back(one.name);
  std::string message = "no template is named '" + name + "'";
  if (const auto near = base::nearest(name, known)) message += "; did you mean '" + *near + "'?";
  return {ErrorCode::not_found, std::move(message)};
}

Found built_in(const std::string& name, std::vector<std::string> known) {
  const auto found = rating::built_in_template(name);
  if (!found) return std::unexpected{unknown(name, std::move(known))};
  return directory::Template{.id = 0, .name = found->name, .version = 0, .rule = found->rule};
}

}  // namespace

Found named_template(store::Transaction& tx, const std::string& name) {
  auto found = stored(tx, name);
  if (found || found.error().code != ErrorCode::not_found) return found;
  const auto all = store::list_templates(tx);
  if (!all) return std::unexpected{all.error()};
  std::vector<std::string> known;
  for (const auto& one : *all) known.push_back(one.name);
  return built_in(name, std::move(known));
}

Found named_template(const std::optional<std::filesystem::path>& config, const std::string& name) {
  if (!config) return built_in(name, {});
  auto workspace = open_workspace(*config);
  if (!workspace) return std::unexpected{workspace.error()};
  Found found = fail(ErrorCode::not_found, "");
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    found = named_template(tx, name);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return found;
}

}  // namespace collector::commands
