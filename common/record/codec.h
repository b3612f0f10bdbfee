// Compression of a batch's body. Independent zstd frames, so that nothing of one batch can be learned from
// the size of another.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace record {

// One zstd frame, level 3, that declares its size.
[[nodiscard]] base::Result<std::string> compress(std::string_view bytes);

// The bytes of one zstd frame. `declared_bytes` is what the sender says they are; the caller has checked it
// against its limits. Never allocates more than that. corrupt if `frame` is not exactly one frame of exactly
// that many bytes.
[[nodiscard]] base::Result<std::string> decompress(std::string_view frame, std::size_t declared_bytes);

}  // namespace record
