// All AnyDesk instances of a machine: installed, portable and custom clients,
// of the machine itself and of every user profile.
//
// Reads what default_places() and the configuration folders hold, opens each
// trace for a moment to see whether it may be read, and reads nothing of it.
// Several users at once are several instances.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/discovery/conf.h"
#include "agent/tail/sources.h"

namespace agent::discovery {

enum class Access : std::uint8_t {
  readable,
  not_permitted,  // Also a symbolic link, which is never followed.
  missing,
  unusable,  // No regular file, or the system fails to open it.
};
std::string_view to_string(Access access);

struct FoundFile {
  std::string path;
  Access access = Access::missing;
  std::string why;  // Unless readable or missing: the system's reason.
};

// Which client files belong to, from the name of a folder or of a trace.
struct Client {
  std::string
      prefix;        // Of a custom client: "acme" for ad_acme, ad_acme_msi and AnyDesk-acme; empty: AnyDesk.
  bool msi = false;  // Custom clients only: installed from an MSI package.
  friend bool operator==(const Client&, const Client&) = default;
};

// "AnyDesk", "acme", "acme (MSI)".
std::string name_of(const Client& client);

// `name`: ".anydesk_ad_acme", "anydesk_ad_acme.trace", "ad_acme_msi", "AnyDesk-acme" and the like.
Client client_of(std::string_view name);

struct Instance {
  Client client;
  std::string owner;   // The profile's user; empty: the machine.
  std::string folder;  // Where its configuration is.
  std::vector<FoundFile> traces;
  // Machine only: the trace of its service, present or not. A portable AnyDesk writes those lines to its own
  // trace.
  std::string service_trace;
  FoundFile connection_trace;  // connection_trace.txt
  FoundFile system_conf;
  FoundFile user_conf;
  Conf conf;  // Of both files.
};

struct Survey {
  std::vector<Instance> instances;  // In order of folder.
  // Folders that may hold an AnyDesk and that we may not look into, sorted.
  std::vector<std::string> closed;
};

// Never fails: what cannot be looked at is said in the result.
Survey survey(tail::FileSystem& files, tail::System system, const tail::Environment& environment);

}  // namespace agent::discovery
