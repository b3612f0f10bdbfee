#include "agent/commands/config.h"

#include "agent/platform/places.h"
#include "common/base/path.h"
#include "common/config/reader.h"

namespace agent::commands {

namespace {

base::Result<Config> read(config::Reader reader) {
  Config config;
  std::string directory;
  reader.text("agent.data_directory", directory);
  reader.flag("capture.default_places", config.default_places);
  reader.texts("capture.traces", config.traces);
  reader.choice("log.level", config.log_level, {"debug", "info", "warning", "error"});
  if (auto done = reader.finish(); !done) return std::unexpected{done.error()};
  config.data_directory = directory.empty() ? platform::data_directory() : base::path_of(directory);
  return config;
}

}  // namespace

base::Result<Config> load_config(const std::optional<std::filesystem::path>& file) {
  const auto path = file.value_or(platform::config_file());
  std::error_code error;
  if (!file && !std::filesystem::exists(path, error)) return parse_config("", path.string());
  auto reader = config::Reader::from_file(path);
  if (!reader) return std::unexpected{reader.error()};
  return read(std::move(*reader));
}

base::Result<Config> parse_config(std::string_view text, std::string_view name) {
  auto reader = config::Reader::from_text(text, name);
  if (!reader) return std::unexpected{reader.error()};
  return read(std::move(*reader));
}

}  // namespace agent::commands
