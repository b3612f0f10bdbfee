// The worked example of docs/formats/record.md: each string below stands there word for word.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "collector/proof/checkpoint.h"
#include "collector/proof/merkle.h"
#include "common/base/hex.h"
#include "common/record/chain.h"
#include "common/record/signed_text.h"
#include "tests/source_root.h"

namespace collector::proof {
namespace {

std::string without_blanks(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (c != ' ' && c != '\n') packed.push_back(c);
  }
  return packed;
}

std::string document() {
  std::ostringstream text;
  text << std::ifstream{SOURCE_ROOT "/docs/formats/record.md"}.rdbuf();
  return without_blanks(text.str());
}

TEST(RecordFormat, TheWorkedExampleHolds) {
  const auto agent = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();
  // The private key of RFC 8032 section 7.1, test 2; test 1 is the agent's in wire.md.
  const auto key =
      crypto::SigningKey::from_seed(
          base::from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value())
          .value();
  record::Chain chain{agent, 1, 1, record::kChainStart};
  const auto head_1 = chain.append("one");
  const auto head_2 = chain.append("two");
  const auto first = timing::from_rfc3339("2026-11-22T01:02:03.004Z").value();
  const auto second = first + std::chrono::minutes{1};
  const auto leaf_text = [&](std::uint64_t seq, const crypto::Digest& head, timing::UtcMs at) {
    return record::log_leaf_text({.agent = agent,
                                  .epoch = 1,
                                  .committed_seq = seq,
                                  .head = head,
                                  .logged_utc_ms = static_cast<std::uint64_t>(timing::to_ms(at))});
  };
  const auto leaf_0 = leaf_text(1, head_1, first);
  const auto leaf_1 = leaf_text(2, head_2, second);
  Tree tree;
  tree.append(leaf_hash(leaf_0));
  tree.append(leaf_hash(leaf_1));
  EXPECT_EQ(tree.root(), node_hash(leaf_hash(leaf_0), leaf_hash(leaf_1)));
  const NoteKey verifier{.name = "collector.example.com/log", .key = key.public_key()};
  const auto note =
      sign_checkpoint({.origin = verifier.name, .size = 2, .root = tree.root(), .signed_at = second}, key);

  const auto text = document();
  const std::pair<const char*, std::string> rows[] = {{"head 1", head_1.hex()},
                                                      {"head 2", head_2.hex()},
                                                      {"leaf 0", base::to_hex(leaf_0)},
                                                      {"hash of leaf 0", leaf_hash(leaf_0).hex()},
                                                      {"leaf 1", base::to_hex(leaf_1)},
                                                      {"hash of leaf 1", leaf_hash(leaf_1).hex()},
                                                      {"root", tree.root().hex()},
                                                      {"public key", base::to_hex(key.public_key().bytes())},
                                                      {"key id", base::to_hex(verifier.id())},
                                                      {"verifier key", verifier.text()},
                                                      {"checkpoint", without_blanks(note)}};
  for (const auto& [what, expected] : rows) {
    EXPECT_NE(text.find(expected), std::string::npos) << what << " should be\n" << expected;
  }
  EXPECT_NE(text.find(without_blanks(note)), std::string::npos) << note;
}

}  // namespace
}  // namespace collector::proof
