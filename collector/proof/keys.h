// The public keys that evidence is checked with, and the file in which they are kept away from the collector:
//
//   # comment
//   log NAME+KEYID+KEY                            a verifier key, note.h
//   acknowledgements HEX                          the collector's Ed25519 key that signs Acks
//   agent HEX-ID HEX-KEY WORKSTATION              one line for each agent

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "collector/proof/note.h"
#include "common/base/result.h"
#include "common/crypto/ed25519.h"

namespace collector::proof {

struct AgentKey {
  crypto::PublicKey key;
  std::string workstation;

  bool operator==(const AgentKey&) const = default;
};

struct Keys {
  NoteKey log;
  crypto::PublicKey acknowledgements;
  std::map<std::string, AgentKey> agents;  // By hexadecimal id.

  bool operator==(const Keys&) const = default;
};

std::string keys_text(const Keys& keys);

// invalid_argument, naming the line, unless every line is one of the above, with exactly one of the first two
// and each agent once.
[[nodiscard]] base::Result<Keys> parse_keys(std::string_view text);

}  // namespace collector::proof
