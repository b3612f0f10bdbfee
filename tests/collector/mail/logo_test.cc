#include "collector/mail/logo.h"

#include <gtest/gtest.h>

#include "tests/collector/mail/sample.h"

namespace collector::mail {
namespace {

using namespace std::string_literals;

std::string png(const std::string& size) {
  return "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"s + size;
}
// A comment segment, then the frame's header: 8 bits, 30 high, 120 wide.
const std::string kJpeg =
    "\xFF\xD8\xFF\xFE\0\x04hi\xFF\xFF\xC0\0\x11\x08\0\x1E\0\x78\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"s;

TEST(Logo, IsKnownByItsFirstBytes) {
  const auto picture = sample_logo();
  EXPECT_EQ(picture->subtype, "png");
  EXPECT_EQ(picture->width, 176u);
  EXPECT_EQ(picture->height, 44u);
  const auto jpeg = read_logo(kJpeg);
  ASSERT_TRUE(jpeg) << jpeg.error().message;
  EXPECT_EQ(jpeg->subtype, "jpeg");
  EXPECT_EQ(jpeg->width, 120u);
  EXPECT_EQ(jpeg->height, 30u);
  EXPECT_EQ(jpeg->bytes, kJpeg);
}

TEST(Logo, AnythingElseIsRefused) {
  struct Row {
    std::string bytes;
    const char* message;
  };
  const std::string silent = "is a picture that does not say how large it is";
  const Row rows[] = {
      {"", "is neither a PNG nor a JPEG picture"},
      {"GIF89a", "is neither a PNG nor a JPEG picture"},
      {"<svg xmlns='x'/>", "is neither a PNG nor a JPEG picture"},
      {"\x89PNG\r\n\x1A\n", silent.c_str()},
      {png("\0\0\0\0\0\0\0\x05"s), silent.c_str()},
      {png("\0\0\0\x05\0\0\x08\0"s), "is 5 x 2048 pixels; a logo may have 2000 on a side"},
      {png("\0\0\0\x05\0\0"s), silent.c_str()},
      {"\xFF\xD8\xFF", silent.c_str()},
      {"\xFF\xD8\xFF\xDA\0\x04hi\xFF\xC0\0\x11\x08\0\x1E\0\x78"s, silent.c_str()},
      {"\xFF\xD8\xFF\xFE\xFF\xFFhi"s, silent.c_str()},
      {kJpeg.substr(0, 15), silent.c_str()},
      {std::string(kLogoBytesMax + 1, 'x'), "has 131073 bytes; a logo may have 131072"},
  };
  for (const auto& row : rows) {
    const auto read = read_logo(row.bytes);
    ASSERT_FALSE(read) << row.message;
    EXPECT_EQ(read.error().code, base::ErrorCode::invalid_argument);
    EXPECT_EQ(read.error().message, row.message);
  }
}

TEST(Logo, EveryCutOfAPictureIsReadOrRefused) {
  for (std::size_t cut = 0; cut < kJpeg.size(); ++cut) {
    const auto read = read_logo(kJpeg.substr(0, cut));
    EXPECT_EQ(read.has_value(), cut >= 18) << cut;
  }
}

}  // namespace
}  // namespace collector::mail
