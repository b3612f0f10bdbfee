// `token create`, `token list`, `token revoke`: the permission to enrol workstations.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "collector/commands/workspace.h"
#include "common/timing/utc.h"

namespace collector::commands {

struct TokenCreateOptions {
  std::filesystem::path config = {};
  std::string ttl = {};          // 15m, 2h, 7d; empty: the configuration's.
  std::int64_t uses = 1;         // How many workstations it enrols.
  std::string label = {};        // What it is for, in `token list`.
  std::string workstation = {};  // The name the agent will have; empty: its host name.
  std::string reason = {};       // Stands beside the change.
  bool json = false;
};
// Prints the token, which carries the digest of the CA, and until when it can be used. Only its hash is kept.
int run_token_create(const TokenCreateOptions& options, std::ostream& out, std::ostream& err);

struct TokenListOptions {
  std::filesystem::path config = {};
  std::int64_t limit = 100;
  bool json = false;
};
// What each may still do; never a secret.
int run_token_list(const TokenListOptions& options, std::ostream& out, std::ostream& err);

struct TokenRevokeOptions {
  std::filesystem::path config = {};
  std::int64_t token = 0;  // Its number in `token list`.
  std::string reason = {};
  bool json = false;
};
int run_token_revoke(const TokenRevokeOptions& options, std::ostream& out, std::ostream& err);

// A token that was made, with what a person needs to use it.
struct MadeToken {
  std::int64_t id = 0;
  std::string text;       // The secret itself.
  std::string collector;  // HOST:PORT, as the port's own certificate and the configuration say.
  timing::UtcMs expires;
};
struct TokenWish {
  std::string ttl = {};  // As above.
  std::int64_t uses = 1;
  std::string label = {};
  std::string workstation = {};
  std::optional<std::string> replaces = {};  // agent_id whose place a use of it takes.
  std::string reason = {};
};
[[nodiscard]] base::Result<MadeToken> make_token(Workspace& workspace, const TokenWish& wish);

}  // namespace collector::commands
