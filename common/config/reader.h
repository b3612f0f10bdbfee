// Reads a TOML file into options, and says exactly what is wrong with it.
//
// Every option is asked for by its full name ("mail.window_min"); what is
// absent keeps the value the caller put there, its default. Problems are
// gathered, so that a person sees all of them at once: finish() returns one
// error whose message has a line for each, "agent.toml:12: ...". A key nobody
// asked for is a problem too, with the nearest known name beside it.
//
// Used from one thread, once, at start.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace config {

class Reader {
 public:
  // not_found or permission_denied if the file cannot be read, invalid_argument
  // with the line if it is not TOML.
  [[nodiscard]] static base::Result<Reader> from_file(const std::filesystem::path& path);
  // `name` stands for the file in messages.
  [[nodiscard]] static base::Result<Reader> from_text(std::string_view text, std::string_view name);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  void text(std::string_view key, std::string& value);
  void texts(std::string_view key, std::vector<std::string>& value);
  void flag(std::string_view key, bool& value);
  // Both ends belong to the range.
  void integer(std::string_view key, std::int64_t& value, std::int64_t min, std::int64_t max);
  void choice(std::string_view key, std::string& value, const std::vector<std::string>& allowed);

  // The names of the tables right below `key` ("mail.account" for [mail.account.office]), in order. One that
  // has anything but lower-case letters, digits, '-' and '_' is a problem, as is what is no table.
  std::vector<std::string> tables(std::string_view key);

  // invalid_argument with every problem found, one a line. Call it last.
  [[nodiscard]] base::Status finish();

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace config
