// How the collector tells an agent which remote IDs are registered without sending the IDs
// (docs/formats/wire.md).

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace record {

// The first 8 bytes, big-endian, of the SHA-256 of base::normalised_address(id). It keeps the customers' list
// from lying about in clear on a workstation and no more: an ID has 9 or 10 digits, so whoever wants to can
// try them all. Of 100,000 registered IDs, an ID that is not among them is taken for one of them once in
// 10^14.
std::uint64_t terminal_digest(std::string_view id);

// The name of a list of digests, which must be ascending, each once: the first 8 bytes, big-endian, of the
// SHA-256 of the digests (8 bytes each, big-endian). Never 0, which means "no list".
std::uint64_t terminals_version(std::span<const std::uint64_t> digests);

}  // namespace record
