// Inside this room: who is meant by a row without a code, or which code he gets.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/actions/master_data.h"
#include "collector/directory/code.h"

namespace collector::actions {

// The code for `name`, of whom a person gave none. An import means the one who has exactly this name, so that
// the same file taken in twice changes nothing; for anybody else the code is made from the name, or from
// `noun` where nothing of it can be written in ASCII, with the next number that is free. conflict if an
// import could mean two. `named` gives those with the name, `find` the one with a code.
template <class Named, class Find>
base::Result<std::string> code_for(const std::string& noun, const std::string& name, Way way, Named named,
                                   Find find) {
  if (way == Way::import) {
    const auto same = named(name);
    if (!same) return std::unexpected{same.error()};
    if (same->size() > 1) {
      return base::fail(base::ErrorCode::conflict, "name '" + name + "' is that of " +
                                                       std::to_string(same->size()) + " " + noun +
                                                       "s: give the code of the one that is meant");
    }
    if (same->size() == 1) return same->front().code;
  }
  constexpr int kTriesMax = 10'000;
  auto code = directory::code_from(name);
  if (code.empty()) code = noun;
  for (int number = 1; number <= kTriesMax; ++number) {
    auto candidate = directory::numbered_code(code, number);
    const auto taken = find(candidate);
    if (!taken) return std::unexpected{taken.error()};
    if (!*taken) return candidate;
  }
  return base::fail(base::ErrorCode::conflict, "code: all of " + code + "-2, -3 ... are taken: give one");
}

}  // namespace collector::actions
