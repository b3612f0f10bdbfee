// The lines of .case files (tests/cases/README.md), whatever a kind of story makes of them.

#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace support::story {

// Those of a folder, without the folders in it; in the order of their names.
std::vector<std::filesystem::path> case_files(const std::filesystem::path& folder);

// Tells each line that says something, no remark and not empty, with its number. What `read` throws goes on
// as a std::runtime_error that names the file and the line.
void each_line(const std::filesystem::path& file,
               const std::function<void(int number, const std::string& line)>& read);

}  // namespace support::story
