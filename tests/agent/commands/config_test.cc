// The configuration that ships says what is true.

#include "agent/commands/config.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "common/base/path.h"
#include "tests/source_root.h"

namespace {

using agent::commands::Config;
using agent::commands::load_config;
using agent::commands::parse_config;
using testing::HasSubstr;

std::string full_file() {
  std::ifstream in{std::string{SOURCE_ROOT} + "/agent/agent.full.toml"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// "#name = value" is an option at its default; "# " explains.
bool is_option(const std::string& line) {
  return line.size() > 1 && line[0] == '#' && line[1] != ' ';
}

void expect_defaults(const base::Result<Config>& config, const std::string& what) {
  ASSERT_TRUE(config) << what << ": " << config.error().message;
  const auto defaults = parse_config("", "nothing").value();
  EXPECT_EQ(config->data_directory, defaults.data_directory) << what;
  EXPECT_EQ(config->default_places, defaults.default_places) << what;
  EXPECT_EQ(config->traces, defaults.traces) << what;
  EXPECT_EQ(config->log_level, defaults.log_level) << what;
  EXPECT_EQ(config->transport, defaults.transport) << what;
  EXPECT_EQ(config->proxy_url, defaults.proxy_url) << what;
  EXPECT_EQ(config->proxy_password_file, defaults.proxy_password_file) << what;
}

TEST(FullConfig, LoadsWithEveryOptionAtItsDefault) {
  expect_defaults(parse_config(full_file(), "full"), "as it ships");
  std::istringstream lines{full_file()};
  std::string all, section;
  int options = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) section = line;
    if (is_option(line)) {
      ++options;
      line.erase(0, 1);
      expect_defaults(parse_config(section + "\n" + line, "one"), line);
    }
    all += line + "\n";
  }
  EXPECT_EQ(options, 10) << "every option that can be read stands in the file";
  expect_defaults(parse_config(all, "all"), "all of them");
}

TEST(Config, TakesWhatItIsTold) {
  const auto config = parse_config(
      "[agent]\ndata_directory = \"/srv/x\"\n[capture]\ndefault_places = false\ntraces = [\"/a\", \"/b*\"]\n"
      "[log]\nlevel = \"debug\"\n",
      "c");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->data_directory, "/srv/x");
  EXPECT_FALSE(config->default_places);
  EXPECT_THAT(config->traces, testing::ElementsAre("/a", "/b*"));
  EXPECT_EQ(config->log_level, "debug");
}

TEST(Config, TakesAFolderThatIsTooLongForWindows) {
  const std::string folder = "C:/" + std::string(150, 'd') + "/" + std::string(150, 'd');
  const auto config = parse_config("[agent]\ndata_directory = \"" + folder + "\"\n", "c");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->data_directory, base::extended(base::path_of(folder)));
}

TEST(Config, NamesTheLineAndTheNearestName) {
  const struct {
    std::string text, says;
  } rows[] = {
      {"[capture]\ntrace = []\n", "c:2: 'capture.trace' is no option; did you mean 'capture.traces'?"},
      {"[log]\n\nlevel = \"inof\"\n", "c:3: 'log.level' must be one of"},
      {"[log]\nlevel = \"inof\"\n", "did you mean \"info\"?"},
      {"[capture]\ndefault_places = 1\n", "c:2: 'capture.default_places' must be true or false"},
      {"[capture]\ntraces = \"/a\"\n", "c:2: 'capture.traces' must be a list"},
      {"[agent\n", "c:1:"},
  };
  for (const auto& row : rows) {
    const auto config = parse_config(row.text, "c");
    ASSERT_FALSE(config) << row.text;
    EXPECT_EQ(config.error().code, base::ErrorCode::invalid_argument);
    EXPECT_THAT(config.error().message, HasSubstr(row.says));
  }
}

TEST(Config, AFileThatIsNamedMustBeThere) {
  const auto config = load_config(testing::TempDir() + "/no/such/agent.toml");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("no/such/agent.toml"));
}

}  // namespace
