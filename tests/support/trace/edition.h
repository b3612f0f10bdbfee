// The styles and versions of AnyDesk that days are made for, and where their files stand.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/trace/writer.h"

namespace support::trace {

// One after the other: 26 of them.
const Edition& edition_of(std::uint64_t seed);

// Relative paths: the service's file, if it has one of its own, and the window's. `custom`: a custom client's
// name, or empty.
std::vector<std::string> files_of(const Edition& edition, const std::string& custom);

}  // namespace support::trace
