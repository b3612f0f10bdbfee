#include "common/logging/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace logging {

namespace {

// UTC, as every time in the product.
constexpr auto kPattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v";

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made =
        std::make_shared<spdlog::logger>("deskledger", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(kPattern, spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

std::string escaped(std::string_view value) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  bool quote = value.empty();
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 0xf];
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
      quote = true;
    } else {
      quote = quote || c == ' ' || c == '=';
      out += c;
    }
  }
  return quote ? '"' + out + '"' : out;
}

void write(spdlog::level::level_enum level, std::string_view message, std::initializer_list<Field> fields) {
  if (logger().should_log(level)) logger().log(level, "{}", compose(message, fields));
}

}  // namespace

void set_level(Level level) {
  switch (level) {
    case Level::debug: logger().set_level(spdlog::level::debug); break;
    case Level::info: logger().set_level(spdlog::level::info); break;
    case Level::warning: logger().set_level(spdlog::level::warn); break;
    case Level::error: logger().set_level(spdlog::level::err); break;
  }
}

bool to_file(const std::filesystem::path& file, std::size_t bytes_max, std::size_t kept) {
  try {
    // On Windows native() is wide, and spdlog is told so (cmake/WindowsDependencies.cmake).
    logger().sinks() = {
        std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.native(), bytes_max, kept)};
    logger().set_pattern(kPattern, spdlog::pattern_time_type::utc);
    return true;
  } catch (const spdlog::spdlog_ex&) {
    return false;
  }
}

std::string compose(std::string_view message, std::initializer_list<Field> fields) {
  std::string line{message};
  for (const auto& [name, value] : fields) {
    line += ' ';
    line += name;
    line += '=';
    line += escaped(value);
  }
  return line;
}

void debug(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::debug, message, fields);
}
void info(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::info, message, fields);
}
void warning(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::warn, message, fields);
}
void error(std::string_view message, std::initializer_list<Field> fields) {
  write(spdlog::level::err, message, fields);
}

}  // namespace logging
