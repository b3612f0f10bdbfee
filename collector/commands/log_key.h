// The key that signs the log's checkpoints: `log.key` in the folder of pki, an Ed25519 key of its own.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "collector/commands/config.h"
#include "collector/proof/keys.h"
#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/crypto/ed25519.h"

namespace collector::commands {

std::filesystem::path log_key_file(const Config& config);

// Made if there is none yet: installations before the log have none.
[[nodiscard]] base::Result<crypto::SigningKey> load_or_make_log_key(const Config& config);

// "HOST/log" of the first host that can be part of a log's name, else the default of proof.origin.
std::string origin_of(const std::vector<std::string>& hosts);

// Where `serve` keeps the newest checkpoint for whoever copies it away: checkpoint.txt beside the
// configuration.
std::filesystem::path checkpoint_file(const Config& config);

// Every public key that evidence is checked with. not_found if the log has no key yet.
[[nodiscard]] base::Result<proof::Keys> public_keys(const Config& config, store::Connection& database);

// The hexadecimal id of the agent with that id or workstation, revoked ones included. not_found, or conflict
// if several have the workstation.
[[nodiscard]] base::Result<std::string> agent_named(store::Connection& database, const std::string& name);

}  // namespace collector::commands
