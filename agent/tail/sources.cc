#include "agent/tail/sources.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace agent::tail {

namespace {

// Windows does not tell upper from lower case in its paths.
bool is_below(std::string_view path, std::string_view folder) {
  if (folder.empty() || path.size() <= folder.size() || path[folder.size()] != '\\') return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(folder.begin(), folder.end(), path.begin(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::string without_slash(std::string path) {
  while (path.ends_with('/') || path.ends_with('\\')) path.pop_back();
  return path;
}

std::string last_component(const std::string& path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

class Places {
 public:
  void add(Place place) {
    const bool known = std::ranges::any_of(all_, [&](const Place& p) { return p.folder == place.folder; });
    if (!known) all_.push_back(std::move(place));
  }

  // A home folder holds ~/.anydesk and, for custom clients, ~/.anydesk_ad_<prefix>.
  void add_home(const std::string& home, const std::string& owner) {
    if (!home.empty()) add({.folder = home + "/.anydesk*", .traces = "*.trace", .owner = owner});
  }
  void add_homes(const std::string& homes, const std::string& of_root, const std::string& own_home) {
    add_home(of_root, "root");
    add_home(homes + "/*", "*");
    // A home elsewhere; those below `homes` are covered.
    if (!own_home.starts_with(homes + "/")) add_home(own_home, last_component(own_home));
  }

  // Custom clients keep their files in ad_<prefix> below the folder of the usual one (EXE and MSI), or in a
  // folder of their own beside it.
  void add_windows(const std::string& folder, const std::string& below, const std::string& owner) {
    if (folder.empty()) return;
    for (const char* name : {"\\AnyDesk", "\\AnyDesk\\ad_*", "\\AnyDesk-*"}) {
      add({.folder = folder + below + name, .traces = "*.trace", .owner = owner});
    }
  }

  std::vector<Place> take() { return std::move(all_); }

 private:
  std::vector<Place> all_;
};

// Up to XP and 2003 profiles had another layout. Newer systems keep its names as links to the new places, so
// that looking into both would find each file twice.
bool is_old_layout(const std::string& users) {
  return glob_matches("Documents and Settings", last_component(users), LetterCase::insensitive);
}

void add_windows_places(const Environment& environment, Places& places) {
  const std::string users = without_slash(environment.users);
  const std::string app_data = without_slash(environment.app_data);
  places.add_windows(without_slash(environment.program_data), "", "");
  if (is_old_layout(users)) {
    places.add_windows(users, "\\All Users", "");
    places.add_windows(users, "\\All Users\\Application Data", "");
    places.add_windows(users, "\\Public", "Public");
    places.add_windows(users, "\\*\\Application Data", "*");
  } else {
    places.add_windows(users, "\\*\\AppData\\Roaming", "*");
  }
  // A roaming profile may be redirected. Below the profiles it is covered.
  if (!is_below(app_data, users)) places.add_windows(app_data, "", "this user");
  const std::string system_root = without_slash(environment.system_root);
  for (const char* folder : {"\\SysWOW64", "\\System32"}) {
    places.add_windows(system_root, folder + std::string{"\\config\\systemprofile\\AppData\\Roaming"},
                       "SYSTEM");
  }
}

}  // namespace

std::vector<Place> default_places(System system, const Environment& environment) {
  Places places;
  const std::string home = without_slash(environment.home);
  switch (system) {
    case System::gnu_linux:
      places.add({.folder = "/var/log", .traces = "anydesk*.trace", .owner = ""});
      places.add_homes("/home", "/root", home);
      break;
    case System::macos:
      places.add({.folder = "/var/log", .traces = "anydesk*.trace", .owner = ""});
      places.add_homes("/Users", "/var/root", home);
      break;
    case System::windows: add_windows_places(environment, places); break;
  }
  return places.take();
}

std::vector<std::string> default_patterns(System system, const Environment& environment) {
  std::vector<std::string> patterns;
  for (const Place& place : default_places(system, environment)) {
    patterns.push_back(place.folder + (system == System::windows ? '\\' : '/') + place.traces);
  }
  return patterns;
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
