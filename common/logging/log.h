// What the programs tell the person who reads the journal.
//
// A message is a fixed sentence; what varies stands beside it as name=value.
// Values are foreign text: control characters are escaped, so that no value
// can forge a line. Secrets, raw trace lines and comments are never logged
// (docs/security.md). Safe from every thread. Output goes to standard error,
// or to a file where nobody would see that.

#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace logging {

enum class Level { debug, info, warning, error };

struct Field {
  std::string_view name;
  std::string value;
};

// Messages below `level` are dropped. The default is info.
void set_level(Level level);

// From now on to `file`; when it would grow beyond `bytes_max` it becomes file.1.ext, which
// becomes file.2.ext, up to `kept`. Makes its folder. False, and everything as it was, if it
// cannot be opened. Before any other thread logs.
[[nodiscard]] bool to_file(const std::filesystem::path& file, std::size_t bytes_max, std::size_t kept);

void debug(std::string_view message, std::initializer_list<Field> fields = {});
void info(std::string_view message, std::initializer_list<Field> fields = {});
void warning(std::string_view message, std::initializer_list<Field> fields = {});
void error(std::string_view message, std::initializer_list<Field> fields = {});

// `message name=value name="two words"`, as it is written. Exposed for tests.
std::string compose(std::string_view message, std::initializer_list<Field> fields);

}  // namespace logging
