// The source tree as the tidy tests see it: files with their lines.

#pragma once

#include <string>
#include <vector>

namespace tidy {

struct SourceFile {
  std::string path;  // From the root, with forward slashes.
  std::vector<std::string> lines;
};

// Every file below the named top folders whose ending is one of `endings`
// (".h"), in order of path. Build folders are never entered.
std::vector<SourceFile> read_tree(const std::string& root, const std::vector<std::string>& tops,
                                  const std::vector<std::string>& endings);

struct Include {
  std::string target;  // As written between the quotes or brackets.
  bool quoted = false;
};

// The include on this line, or an empty target.
Include include_of(const std::string& line);

// "agent/trace/event.h" -> "agent/trace"; a file right in a top folder is that folder's ("agent").
std::string room_of(const std::string& path);

}  // namespace tidy
