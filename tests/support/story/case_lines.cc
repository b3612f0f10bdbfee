#include "tests/support/story/case_lines.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace support::story {

std::vector<std::filesystem::path> case_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == ".case") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void each_line(const std::filesystem::path& file,
               const std::function<void(int number, const std::string& line)>& read) {
  std::ifstream in{file};
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(' ') == std::string::npos || line[0] == '#') continue;
    try {
      read(number, line);
    } catch (const std::exception& error) {
      throw std::runtime_error{file.filename().string() + ":" + std::to_string(number) + ": " + error.what() +
                               ": " + line};
    }
  }
}

}  // namespace support::story
