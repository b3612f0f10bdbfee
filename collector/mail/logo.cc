#include "collector/mail/logo.h"

#include <optional>
#include <utility>

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;
using Size = std::pair<unsigned, unsigned>;

constexpr std::string_view kPng{"\x89PNG\r\n\x1A\n", 8};

// Big-endian; the caller has seen that the bytes are there.
unsigned number(std::string_view bytes, std::size_t at, std::size_t length) {
  unsigned value = 0;
  for (std::size_t i = 0; i < length; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// The first chunk of a PNG is its header (ISO/IEC 15948, 11.2.2).
std::optional<Size> png_size(std::string_view bytes) {
  if (bytes.size() < 24 || bytes.substr(12, 4) != "IHDR") return std::nullopt;
  return Size{number(bytes, 16, 4), number(bytes, 20, 4)};
}

// Goes from segment to segment up to the frame's header (ITU T.81, B.1.1.4 and B.2.2).
std::optional<Size> jpeg_size(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && bytes[at] == '\xFF') {
    const unsigned marker = number(bytes, at + 1, 1);
    if (marker == 0xFF) {  // A fill byte.
      ++at;
      continue;
    }
    const bool is_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame && at + 9 <= bytes.size()) return Size{number(bytes, at + 7, 2), number(bytes, at + 5, 2)};
    if (is_frame || marker == 0xDA || marker == 0xD9) return std::nullopt;
    at += 2 + number(bytes, at + 2, 2);
  }
  return std::nullopt;
}

}  // namespace

base::Result<Logo> read_logo(std::string_view bytes) {
  if (bytes.size() > kLogoBytesMax)
    return fail(ErrorCode::invalid_argument, "has " + std::to_string(bytes.size()) +
                                                 " bytes; a logo may have " + std::to_string(kLogoBytesMax));
  const bool is_png = bytes.starts_with(kPng);
  const bool is_jpeg = bytes.starts_with("\xFF\xD8\xFF");
  if (!is_png && !is_jpeg) return fail(ErrorCode::invalid_argument, "is neither a PNG nor a JPEG picture");
  const auto size = is_png ? png_size(bytes) : jpeg_size(bytes);
  if (!size || size->first == 0 || size->second == 0)
    return fail(ErrorCode::invalid_argument, "is a picture that does not say how large it is");
  if (size->first > kLogoPixelsMax || size->second > kLogoPixelsMax)
    return fail(ErrorCode::invalid_argument, "is " + std::to_string(size->first) + " x " +
                                                 std::to_string(size->second) + " pixels; a logo may have " +
                                                 std::to_string(kLogoPixelsMax) + " on a side");
  return Logo{.subtype = is_png ? "png" : "jpeg",
              .bytes = std::string{bytes},
              .width = size->first,
              .height = size->second};
}

}  // namespace collector::mail
