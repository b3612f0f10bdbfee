// Messages that no AnyDesk version we know of writes, counted by what they have
// in common, so that a person sees when a new version speaks differently.
//
// They are shown on the workstation and may be quoted to others, so a stem
// holds nothing of a third party: see stem_of.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace agent::trace {

inline constexpr std::size_t kStemBytesMax = 60;
inline constexpr std::size_t kStemsMax = 64;

// The fixed words of a message, ASCII, at most kStemBytesMax bytes. Digits are
// '#'. What can be personal is '*' or cut off: anything in quotes or brackets,
// everything behind a colon but the state figure's ("6: "), words with other
// characters than letters (addresses, hosts, files, paths, hex), capitalised
// words after the first, long words, and the word behind one such as "from" or
// "user". "*" if nothing is left.
std::string stem_of(std::string_view message);

// A value; not thread-safe.
class UnknownStems {
 public:
  void add(std::string_view message);

  // How often each stem was met. At most kStemsMax stems; what does not find
  // room any more is counted as kOther.
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  static constexpr std::string_view kOther = "other";

  bool operator==(const UnknownStems&) const = default;

 private:
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace agent::trace
