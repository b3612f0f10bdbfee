#include "collector/net/terminals.h"

#include <algorithm>

#include "common/record/limits.h"
#include "common/record/signed_text.h"
#include "common/record/terminal_digest.h"

namespace collector::net {

deskledger::v1::Terminals tell_terminals(const std::vector<std::string>& addresses,
                                         std::uint64_t known_version) {
  std::vector<std::uint64_t> digests;
  digests.reserve(addresses.size());
  for (const auto& address : addresses) digests.push_back(record::terminal_digest(address));
  std::ranges::sort(digests);
  digests.erase(std::ranges::unique(digests).begin(), digests.end());

  deskledger::v1::Terminals told;
  if (digests.size() > record::kTerminalsMax) {
    told.set_too_many(true);
    return told;
  }
  told.set_version(record::terminals_version(digests));
  told.set_unchanged(told.version() == known_version);
  if (!told.unchanged()) told.mutable_id_digests()->Add(digests.begin(), digests.end());
  return told;
}

void sign_terminals(deskledger::v1::Terminals& told, const record::AgentId& agent,
                    const crypto::SigningKey& key) {
  const auto& digests = told.id_digests();
  told.set_sig(key.sign(
      record::terminals_text({.agent = agent,
                              .version = told.version(),
                              .unchanged = told.unchanged(),
                              .too_many = told.too_many(),
                              .digests = {digests.data(), static_cast<std::size_t>(digests.size())}})));
}

}  // namespace collector::net
