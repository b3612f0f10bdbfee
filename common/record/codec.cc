#include "common/record/codec.h"

#include <zstd.h>

namespace record {

namespace {

constexpr int kLevel = 3;

}  // namespace

base::Result<std::string> compress(std::string_view bytes) {
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const auto size = ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) {
    return base::fail(base::ErrorCode::internal, std::string{"compressing: "} + ZSTD_getErrorName(size));
  }
  frame.resize(size);
  return frame;
}

base::Result<std::string> decompress(std::string_view frame, std::size_t declared_bytes) {
  const auto corrupt = [](std::string message) {
    return base::fail(base::ErrorCode::corrupt, std::move(message));
  };
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != declared_bytes) {
    return corrupt("the compressed body is not of the declared size");
  }
  // ZSTD_decompress would go on to a second frame, or skip one that holds nothing.
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) {
    return corrupt("the compressed body is not one whole zstd frame");
  }
  std::string bytes(declared_bytes, '\0');
  const auto size = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0) return corrupt(std::string{"decompressing: "} + ZSTD_getErrorName(size));
  if (size != declared_bytes) return corrupt("the compressed body is shorter than declared");
  return bytes;
}

}  // namespace record
