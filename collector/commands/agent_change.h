// `agents revoke`, `agents release`, `agents re-enrol`: who may speak, decided by a person.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct RevokeOptions {
  std::filesystem::path config = {};
  std::string agent = {};   // Its id, or the name of its workstation if only one has it.
  std::string reason = {};  // Stands beside the change, here and below.
  bool json = false;
};
// Nothing more is taken from the agent; its records stay.
int run_revoke(const RevokeOptions& options, std::ostream& out, std::ostream& err);

struct ReleaseOptions {
  std::filesystem::path config = {};
  std::string agent = {};
  std::string reason = {};
  bool yes = false;  // Do it; else only the alarms are shown, which a person must have understood.
  bool json = false;
};
// Out of quarantine: its batches are taken again. 1 if it is in none, or `yes` is missing.
int run_release(const ReleaseOptions& options, std::ostream& out, std::ostream& err);

struct ReEnrolOptions {
  std::filesystem::path config = {};
  std::string agent = {};
  std::string ttl = {};  // As of `token create`.
  std::string reason = {};
  bool json = false;
};
// Prints a token for the agent's workstation. Its use enrols a new agent of that name and revokes this one in
// the same transaction; until then this one goes on.
int run_re_enrol(const ReEnrolOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
