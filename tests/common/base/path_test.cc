#include "common/base/path.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace {

namespace fs = std::filesystem;

TEST(Path, IsTheSameTextOnTheWayBack) {
  for (const std::string text : {"", "anydesk.trace",
                                 "pr\xc3\xb3"
                                 "ba \xc5\x9b.trace",
                                 "\xf0\x9f\x96\xa5.trace"}) {
    EXPECT_EQ(base::path_of(text).string(), text);
  }
}

TEST(Path, NamesOneFileHoweverItIsWritten) {
  const auto folder = fs::path{testing::TempDir()} / "deskledger_path";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const auto path = folder / base::path_of(
                                 "pr\xc3\xb3"
                                 "ba.trace");
  std::ofstream{path} << "x";
  ASSERT_EQ(std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}), 1);
  EXPECT_EQ(fs::directory_iterator { folder } -> path(), folder / u8"pr\u00f3ba.trace");
  // What libraries do with the text: the manifest of our programs makes narrow names UTF-8 on Windows.
  std::ifstream narrow{path.string()};
  EXPECT_EQ(narrow.get(), 'x');
  narrow.close();
  fs::remove_all(folder);
}

TEST(Path, BytesThatAreNoTextDoNotThrow) {
  const auto path = base::path_of("a\xff");
#ifdef _WIN32
  EXPECT_EQ(path.string(), "a\xef\xbf\xbd");
#else
  EXPECT_EQ(path.string(), "a\xff");
#endif
}

TEST(Path, ALongOneIsForTheSystemAsItIsOrWithThePrefixThatLiftsTheLimit) {
  const fs::path brief = "traces/anydesk.trace";
  EXPECT_EQ(base::extended(brief), brief);
  const auto lengthy = fs::path{testing::TempDir()} / std::string(150, 'a') / ".." / std::string(150, 'b');
#ifdef _WIN32
  EXPECT_TRUE(base::extended(lengthy).string().starts_with(R"(\\?\)")) << base::extended(lengthy);
  EXPECT_EQ(base::extended(lengthy).string().find('/'), std::string::npos);
  EXPECT_EQ(base::extended(lengthy).string().find(".."), std::string::npos);
  EXPECT_EQ(base::extended(base::extended(lengthy)), base::extended(lengthy));
  const auto shared = R"(\\server\share\)" + std::string(200, 'c');
  EXPECT_EQ(base::extended(shared).string(), R"(\\?\UNC\server\share\)" + std::string(200, 'c'));
#else
  EXPECT_EQ(base::extended(lengthy), lengthy);
#endif
}

}  // namespace
