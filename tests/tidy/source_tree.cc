#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

namespace tidy {

namespace fs = std::filesystem;

std::vector<SourceFile> read_tree(const std::string& root, const std::vector<std::string>& tops,
                                  const std::vector<std::string>& endings) {
  std::vector<SourceFile> files;
  for (const auto& top : tops) {
    for (const auto& entry : fs::recursive_directory_iterator{fs::path{root} / top}) {
      if (!entry.is_regular_file()) continue;
      if (std::ranges::find(endings, entry.path().extension().string()) == endings.end()) continue;
      SourceFile file{.path = fs::relative(entry.path(), root).generic_string(), .lines = {}};
      std::ifstream in{entry.path()};
      for (std::string line; std::getline(in, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

Include include_of(const std::string& line) {
  static const std::regex pattern{R"re(^\s*#\s*include\s+(["<])([^">]+)[">])re"};
  std::smatch match;
  if (!std::regex_search(line, match, pattern)) return {};
  return {.target = match[2], .quoted = match[1] == "\""};
}

std::string room_of(const std::string& path) {
  const auto first = path.find('/');
  const auto second = path.find('/', first + 1);
  return second == std::string::npos ? path.substr(0, first) : path.substr(0, second);
}

}  // namespace tidy
