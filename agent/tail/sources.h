// Which files to watch: AnyDesk's own places on each system, and configured ones.

#pragma once

#include <string>
#include <vector>

#include "agent/tail/file.h"
#include "agent/tail/glob.h"

namespace agent::tail {

// gnu_linux: `linux` itself is a macro of the compiler.
enum class System { gnu_linux, macos, windows };

// What the patterns depend on. Empty values leave their patterns out.
struct Environment {
  std::string home;          // HOME of the agent itself; matters where it does not run as a service.
  std::string users;         // Windows: the folder of all profiles, for example C:\Users.
  std::string program_data;  // Windows: %ProgramData%.
  std::string app_data;      // Windows: %APPDATA% of the agent's own user.
  std::string system_root;   // Windows: %SystemRoot%.
};

// A set of folders in which an AnyDesk keeps its traces.
struct Place {
  std::string folder;  // Pattern of the folders.
  std::string traces;  // Pattern of the traces' names in them. ".trace" is their end: "ad.trace.1" is none.
  // Whose they are: a name; "*" for what the first '*' of `folder` stands for;
  // empty for the machine, that is the installed service.
  std::string owner;
};

// The places of traces.md sections 1.1 to 1.3 and rest-api.md section 4.1:
// service and user files, custom clients included. Pure; no folder twice. A
// flatpak uses the same ~/.anydesk as a portable AnyDesk.
std::vector<Place> default_places(System system, const Environment& environment);

// The same as patterns of files, for expand_all().
std::vector<std::string> default_patterns(System system, const Environment& environment);

LetterCase letter_case(System system);

// The paths that match now: sorted, each once. A path is the stable name of its
// source. Repeat it to find new files; a follower of a path outlives its file.
std::vector<std::string> expand_all(FileSystem& files, const std::vector<std::string>& patterns,
                                    LetterCase letters);

}  // namespace agent::tail
