// The picture that stands in every mail: a PNG or JPEG, embedded, never fetched.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace collector::mail {

inline constexpr std::size_t kLogoBytesMax = std::size_t{128} * 1024;
inline constexpr unsigned kLogoPixelsMax = 2000;

struct Logo {
  std::string subtype;  // "png" or "jpeg".
  std::string bytes;
  unsigned width = 0;  // In pixels, as the picture says.
  unsigned height = 0;
};

// Told by its first bytes, not by a name. invalid_argument for anything that is no PNG or JPEG with a size,
// for more than kLogoBytesMax bytes, and for a side of more than kLogoPixelsMax pixels.
[[nodiscard]] base::Result<Logo> read_logo(std::string_view bytes);

}  // namespace collector::mail
