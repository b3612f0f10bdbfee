#include "agent/tail/sources.h"

#include <algorithm>
#include <utility>

namespace agent::tail {

namespace {

class Patterns {
 public:
  void add(const std::string& folder, const std::string& below) {
    if (folder.empty()) return;
    const std::string pattern = folder + below;
    if (std::find(all_.begin(), all_.end(), pattern) == all_.end()) all_.push_back(pattern);
  }

  // A home folder holds ~/.anydesk and, for custom clients, ~/.anydesk_ad_<prefix>.
  void add_home(const std::string& home) { add(home, "/.anydesk*/*.trace"); }

  // Custom clients keep their files in ad_<prefix> below the folder of the usual one.
  void add_windows(const std::string& folder, const std::string& below) {
    add(folder, below + "\\AnyDesk\\*.trace");
    add(folder, below + "\\AnyDesk\\ad_*\\*.trace");
  }

  std::vector<std::string> take() { return std::move(all_); }

 private:
  std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> default_patterns(System system, const Environment& environment) {
  Patterns patterns;
  switch (system) {
    case System::gnu_linux:
      patterns.add("/var/log", "/anydesk*.trace");
      patterns.add_home("/root");
      patterns.add_home("/home/*");
      // Homes elsewhere; those below /home are covered.
      if (!environment.home.starts_with("/home/")) patterns.add_home(environment.home);
      break;
    case System::macos:
      patterns.add("/var/log", "/anydesk*.trace");
      patterns.add_home("/var/root");
      patterns.add_home("/Users/*");
      if (!environment.home.starts_with("/Users/")) patterns.add_home(environment.home);
      break;
    case System::windows:
      patterns.add_windows(environment.program_data, "");
      patterns.add_windows(environment.users, "\\*\\AppData\\Roaming");
      // A roaming profile may be redirected. Below the profiles it is covered.
      if (environment.users.empty() || !environment.app_data.starts_with(environment.users + "\\")) {
        patterns.add_windows(environment.app_data, "");
      }
      patterns.add_windows(environment.system_root, "\\SysWOW64\\config\\systemprofile\\AppData\\Roaming");
      patterns.add_windows(environment.system_root, "\\System32\\config\\systemprofile\\AppData\\Roaming");
      break;
  }
  return patterns.take();
}

LetterCase letter_case(System system) {
  return system == System::windows ? LetterCase::insensitive : LetterCase::sensitive;
}

std::vector<std::string> expand_all(FileSystem& files, const std::vector<std::string>& patterns,
                                    LetterCase letters) {
  std::vector<std::string> paths;
  for (const std::string& pattern : patterns) {
    auto found = expand(files, pattern, letters);
    paths.insert(paths.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

}  // namespace agent::tail
