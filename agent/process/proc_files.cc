#include "agent/process/proc_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <climits>
#include <string>

#include "agent/process/program.h"

namespace agent::process {

namespace {

// Fields are counted from 1 as in proc(5); the first behind the name is 3.
constexpr int kStartTicks = 22;
constexpr int kExitStatus = 52;

std::string path_of(std::uint32_t pid, std::string_view file) {
  return "/proc/" + std::to_string(pid) + "/" + std::string{file};
}

// At most 4 KiB: the beginning is all we look at.
std::optional<std::string> read_start(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::array<char, 4096> buffer{};
  const auto got = ::read(descriptor, buffer.data(), buffer.size());
  ::close(descriptor);
  if (got < 0) return std::nullopt;  // It has ended between the two.
  return std::string{buffer.data(), static_cast<std::size_t>(got)};
}

template <class Number>
bool parse(std::string_view text, Number& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::optional<Stat> parse_stat(std::string_view text) {
  // The name stands in parentheses and may itself contain them, and spaces.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(name_end + 1);
  Stat stat;
  int field = 3;
  while (!text.empty()) {
    const std::size_t start = text.find_first_not_of(" \n");
    if (start == std::string_view::npos) break;
    const std::size_t end = text.find_first_of(" \n", start);
    const std::string_view value = text.substr(start, end == std::string_view::npos ? end : end - start);
    if (field == 3) {
      if (value.size() != 1) return std::nullopt;
      stat.state = value[0];
    }
    if (field == kStartTicks && !parse(value, stat.start_ticks)) return std::nullopt;
    if (field == kExitStatus && !parse(value, stat.exit_status)) return std::nullopt;
    ++field;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end);
  }
  // Kernels before 3.5 end earlier; none of them has pidfd either.
  if (field <= kExitStatus) return std::nullopt;
  return stat;
}

std::optional<Stat> stat_of(std::uint32_t pid) {
  const auto text = read_start(path_of(pid, "stat"));
  return text ? parse_stat(*text) : std::nullopt;
}

std::optional<bool> runs_program(std::uint32_t pid, std::string_view stem) {
  std::array<char, PATH_MAX> link{};
  const auto length = ::readlink(path_of(pid, "exe").c_str(), link.data(), link.size());
  if (length > 0) return is_program({link.data(), static_cast<std::size_t>(length)}, stem);
  const auto name = read_start(path_of(pid, "comm"));
  if (name && is_program(*name, stem)) return true;
  const auto command = read_start(path_of(pid, "cmdline"));
  if (command && !command->empty()) return is_program(command->c_str(), stem);  // Up to the first NUL.
  return name ? std::optional{false} : std::nullopt;
}

}  // namespace agent::process
