#include "collector/commands/log_key.h"

#include <algorithm>

#include "collector/store/audit.h"

namespace collector::commands {

using base::ErrorCode;
using base::fail;

namespace {

base::Result<std::vector<store::AuditAgent>> agents_of(store::Connection& database) {
  std::vector<store::AuditAgent> agents;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto all = store::audit_agents(tx);
    if (!all) return std::unexpected{all.error()};
    agents = std::move(*all);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return agents;
}

}  // namespace

std::filesystem::path log_key_file(const Config& config) {
  return config.pki_directory / "log.key";
}

base::Result<crypto::SigningKey> load_or_make_log_key(const Config& config) {
  auto key = crypto::SigningKey::load(log_key_file(config));
  if (key || key.error().code != ErrorCode::not_found) return key;
  key = crypto::SigningKey::generate();
  if (!key) return key;
  if (auto saved = key->save(log_key_file(config)); !saved) return std::unexpected{saved.error()};
  return key;
}

std::string origin_of(const std::vector<std::string>& hosts) {
  const auto simple = [](const std::string& host) {
    return !host.empty() && std::ranges::all_of(host, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
             c == '-';
    });
  };
  const auto host = std::ranges::find_if(hosts, simple);
  return host == hosts.end() ? Config{}.proof_origin : *host + "/log";
}

std::filesystem::path checkpoint_file(const Config& config) {
  return config.directory / "checkpoint.txt";
}

base::Result<proof::Keys> public_keys(const Config& config, store::Connection& database) {
  const auto log = crypto::SigningKey::load(log_key_file(config));
  if (!log && log.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "the log has no key yet: the first `serve` makes it");
  }
  if (!log) return std::unexpected{log.error()};
  const auto acknowledgement = crypto::SigningKey::load(config.pki_directory / "acknowledgement.key");
  if (!acknowledgement) return std::unexpected{acknowledgement.error()};
  proof::Keys keys{.log = {.name = config.proof_origin, .key = log->public_key()},
                   .acknowledgements = acknowledgement->public_key(),
                   .agents = {}};
  const auto agents = agents_of(database);
  if (!agents) return std::unexpected{agents.error()};
  for (const auto& agent : *agents) {
    const auto key = crypto::PublicKey::from_bytes(agent.record_key);
    if (!key) return fail("the record key of " + agent.workstation, key.error());
    keys.agents[agent.agent] = {.key = *key, .workstation = agent.workstation};
  }
  return keys;
}

base::Result<std::string> agent_named(store::Connection& database, const std::string& name) {
  const auto agents = agents_of(database);
  if (!agents) return std::unexpected{agents.error()};
  std::string found;
  for (const auto& agent : *agents) {
    if (agent.agent == name) return name;
    if (agent.workstation != name) continue;
    if (!found.empty()) {
      return fail(ErrorCode::conflict,
                  "several agents have the workstation '" + name + "'; give the agent's id");
    }
    found = agent.agent;
  }
  if (!found.empty()) return found;
  return fail(ErrorCode::not_found,
              "no agent has the id or workstation '" + name + "'; see: deskledger-collector agents");
}

}  // namespace collector::commands
