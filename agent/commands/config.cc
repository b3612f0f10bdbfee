#include "agent/commands/config.h"

#include "agent/platform/places.h"
#include "common/base/path.h"
#include "common/config/reader.h"

namespace agent::commands {

namespace {

constexpr const char* kOvernight = "capture.overnight_at";

// "03:00" as minutes after midnight.
base::Result<std::optional<int>> time_of_day(const std::string& text) {
  if (text == "off") return std::nullopt;
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 99; };
  if (text.size() == 5 && text[2] == ':') {
    const int hours = digit(0) * 10 + digit(1);
    const int minutes = digit(3) * 10 + digit(4);
    if (hours < 24 && minutes < 60) return hours * 60 + minutes;
  }
  return base::fail(base::ErrorCode::invalid_argument,
                    std::string{kOvernight} + " is '" + text +
                        "', which is no time of day such as \"03:00\", nor "
                        "\"off\"");
}

capture::Unregistered unregistered_of(const std::string& name) {
  if (name == "anonymous") return capture::Unregistered::anonymous;
  return name == "ignore" ? capture::Unregistered::ignore : capture::Unregistered::report;
}

uplink::Transport transport_of(const std::string& name) {
  if (name == "websocket") return uplink::Transport::websocket;
  return name == "http" ? uplink::Transport::http : uplink::Transport::automatic;
}

// A proxy that could not be used is refused at the start, not at the first connection.
base::Status check_proxy(const Config& config) {
  const bool named = config.proxy_url != "none" && config.proxy_url != "environment";
  const auto proxy = named ? tls::parse_proxy(config.proxy_url) : tls::Proxy{};
  if (!proxy) return base::fail("proxy.url", proxy.error());
  if (!config.proxy_password_file.empty() && proxy->user.empty()) {
    return base::fail(base::ErrorCode::invalid_argument,
                      "proxy.password_file is of no use without a user in proxy.url, such as "
                      "\"http://user@proxy.example.com:3128\"");
  }
  return {};
}

base::Result<Config> read(config::Reader reader) {
  Config config;
  std::string transport = "auto";
  std::string password_file;
  std::string unregistered = "report";
  std::string overnight_at = "03:00";
  std::int64_t session_hours_max = 12;
  std::string directory;
  reader.text("agent.data_directory", directory);
  reader.flag("capture.default_places", config.default_places);
  reader.texts("capture.traces", config.traces);
  reader.choice("capture.unregistered", unregistered, {"report", "anonymous", "ignore"});
  reader.integer("capture.session_hours_max", session_hours_max, 0, 24 * 365);
  reader.text(kOvernight, overnight_at);
  reader.choice("collector.transport", transport, {"auto", "websocket", "http"});
  reader.text("proxy.url", config.proxy_url);
  reader.text("proxy.password_file", password_file);
  reader.choice("log.level", config.log_level, {"debug", "info", "warning", "error"});
  if (auto done = reader.finish(); !done) return std::unexpected{done.error()};
  config.transport = transport_of(transport);
  if (!password_file.empty()) config.proxy_password_file = base::path_of(password_file);
  if (auto done = check_proxy(config); !done) return std::unexpected{done.error()};
  const auto overnight = time_of_day(overnight_at);
  if (!overnight) return std::unexpected{overnight.error()};
  config.capture = {.rails = {.length_max_ms = session_hours_max * 3'600'000, .overnight_at_min = *overnight},
                    .unregistered = unregistered_of(unregistered)};
  config.data_directory =
      directory.empty() ? platform::data_directory() : base::extended(base::path_of(directory));
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
