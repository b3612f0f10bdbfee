// Of which moments in a long ledger what is known of its notices is kept: close together at its end, further
// and further apart towards its beginning, so that a session that comes late costs about as much as has been
// entered since its moment, and not as much as the whole ledger. Inside this room.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace collector::pipeline {

// So many entries are read again and again before what is known of the older ones is kept.
inline constexpr std::ptrdiff_t kEntriesMax = 16;
// So many of them stay behind the newest moment, for sessions that come late.
inline constexpr std::ptrdiff_t kEntriesBehind = 6;

// `entries`: how many lie before each moment that is kept, the latest moment first, the numbers falling or
// equal. The places of those that need not be kept any more; never the first. What is left is O(log entries).
// Where moments were kept as the ledger grew, whoever begins with the last n entries finds one that has at
// most 2 * n + 4 * kEntriesMax of them behind it.
std::vector<std::size_t> rungs_to_drop(std::span<const std::int64_t> entries);

}  // namespace collector::pipeline
