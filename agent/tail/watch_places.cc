#include "agent/tail/watch_places.h"

#include <string_view>
#include <utility>

namespace agent::tail {

namespace {

class Walk {
 public:
  Walk(Watcher& watcher, FileSystem& files, LetterCase letters, char separator)
      : watcher_{watcher}, files_{files}, letters_{letters}, separator_{separator} {}

  // `folder` ends with the separator and can be listed; `rest` is what of the pattern lies below it.
  void visit(const std::string& folder, std::string_view rest) {
    const std::size_t end = rest.find(separator_);
    if (end == std::string_view::npos) {
      watch(folder);
      return;
    }
    const std::string_view component = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (component.find_first_of("*?") != std::string_view::npos) {
      watch(folder);
      const auto names = files_.list(bare(folder));
      if (!names) return;
      for (const std::string& name : *names) {
        // What is no folder, or closed to us, cannot be entered; `folder` tells when it opens.
        if (glob_matches(component, name, letters_)) enter(folder + name, rest);
      }
      return;
    }
    const std::string child = folder + std::string{component};
    if (enter(child, rest)) return;
    watch(folder);
    enter(child, rest);  // It may have come in between.
  }

  [[nodiscard]] base::Status take() { return std::move(status_); }

 private:
  bool enter(const std::string& folder, std::string_view rest) {
    if (!files_.list(bare(folder + separator_))) return false;
    visit(folder + separator_, rest);
    return true;
  }

  void watch(const std::string& folder) {
    auto watched = watcher_.watch_folder(bare(folder));
    if (!watched && status_) status_ = std::move(watched);
  }

  // Without the separator at its end, except for a root: "/", "C:\".
  static std::string bare(const std::string& folder) {
    const bool root = folder.size() == 1 || folder[folder.size() - 2] == ':';
    return root ? folder : folder.substr(0, folder.size() - 1);
  }

  Watcher& watcher_;
  FileSystem& files_;
  LetterCase letters_;
  char separator_;
  base::Status status_;
};

}  // namespace

base::Status watch_places(Watcher& watcher, FileSystem& files, const std::vector<std::string>& patterns,
                          LetterCase letters) {
  base::Status status;
  for (const std::string& pattern : patterns) {
    const char separator = pattern.find('/') == std::string::npos ? '\\' : '/';
    const std::size_t root = pattern.find(separator);
    if (root == std::string::npos) continue;  // A bare name is in no folder that could be told.
    Walk walk{watcher, files, letters, separator};
    walk.visit(pattern.substr(0, root + 1), std::string_view{pattern}.substr(root + 1));
    auto walked = walk.take();
    if (!walked && status) status = std::move(walked);
  }
  return status;
}

}  // namespace agent::tail
