#include "collector/proof/keys.h"

#include <algorithm>

#include "common/base/hex.h"
#include "common/record/agent_id.h"

namespace collector::proof {

namespace {

// The word in front of the first blank; `line` goes on behind it.
std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

base::Result<crypto::PublicKey> key_of(std::string_view hex) {
  const auto bytes = base::from_hex(hex);
  if (!bytes) return std::unexpected{bytes.error()};
  return crypto::PublicKey::from_bytes(*bytes);
}

struct Parser {
  Keys keys;
  int logs = 0;
  int acknowledgements = 0;

  base::Status line(std::string_view line) {
    const auto kind = take_word(line);
    if (kind == "log") {
      auto key = NoteKey::parse(line);
      if (!key) return std::unexpected{key.error()};
      keys.log = std::move(*key);
      ++logs;
    } else if (kind == "acknowledgements") {
      const auto key = key_of(line);
      if (!key) return std::unexpected{key.error()};
      keys.acknowledgements = *key;
      ++acknowledgements;
    } else if (kind == "agent") {
      return agent(line);
    } else {
      return base::fail(base::ErrorCode::invalid_argument,
                        "it begins with none of log, acknowledgements, agent");
    }
    return {};
  }

  base::Status agent(std::string_view line) {
    const auto id = record::AgentId::from_hex(take_word(line));
    if (!id) return std::unexpected{id.error()};
    const auto key = key_of(take_word(line));
    if (!key) return std::unexpected{key.error()};
    if (!keys.agents.try_emplace(id->hex(), AgentKey{.key = *key, .workstation = std::string{line}}).second) {
      return base::fail(base::ErrorCode::invalid_argument, "the agent stands there twice");
    }
    return {};
  }
};

std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

}  // namespace

std::string keys_text(const Keys& keys) {
  std::string text =
      "log " + keys.log.text() + "\nacknowledgements " + base::to_hex(keys.acknowledgements.bytes()) + '\n';
  for (const auto& [id, agent] : keys.agents) {
    text += "agent " + id + ' ' + base::to_hex(agent.key.bytes()) + ' ' + one_line(agent.workstation) + '\n';
  }
  return text;
}

base::Result<Keys> parse_keys(std::string_view text) {
  Parser parser;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto done = parser.line(line); !done) {
      return base::fail("line " + std::to_string(number), done.error());
    }
  }
  if (parser.logs != 1 || parser.acknowledgements != 1) {
    return base::fail(base::ErrorCode::invalid_argument,
                      "a keys file has exactly one line 'log' and one line 'acknowledgements'");
  }
  return parser.keys;
}

}  // namespace collector::proof
