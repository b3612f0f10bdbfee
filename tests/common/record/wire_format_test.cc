// The worked example of docs/formats/wire.md: each string below stands there word for word, which is tested
// too.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "common/base/hex.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "common/record/signed_text.h"
#include "common/record/terminal_digest.h"
#include "tests/source_root.h"

namespace {

using base::to_hex;

std::string without_blanks(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (c != ' ' && c != '\n') packed.push_back(c);
  }
  return packed;
}

std::string document() {
  std::ostringstream text;
  text << std::ifstream{SOURCE_ROOT "/docs/formats/wire.md"}.rdbuf();
  return without_blanks(text.str());
}

TEST(WireFormat, TheWorkedExampleHolds) {
  const auto agent = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();
  // The private key of RFC 8032 section 7.1, test 1.
  const auto key =
      crypto::SigningKey::from_seed(
          base::from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").value())
          .value();
  const std::vector<std::string> bodies{"one", "two"};

  const auto record_1 = record::record_text_head(agent, 1, 1, record::kChainStart, 3) + bodies[0];
  record::Chain chain{agent, 1, 1, record::kChainStart};
  const auto head_1 = chain.append(bodies[0]);
  const auto record_2 = record::record_text_head(agent, 1, 2, head_1, 3) + bodies[1];
  const auto head_2 = chain.append(bodies[1]);
  EXPECT_EQ(crypto::sha256(record_1), head_1);
  EXPECT_EQ(crypto::sha256(record_2), head_2);

  const auto batch_text = record::batch_text({.agent = agent,
                                              .epoch = 1,
                                              .first_seq = 1,
                                              .count = 2,
                                              .prev_head = record::kChainStart,
                                              .head = head_2});
  const auto made = record::make_batch(
      {.agent = agent, .epoch = 1, .first_seq = 1, .prev_head = record::kChainStart}, bodies, key);
  EXPECT_EQ(made->sig(), key.sign(batch_text));
  EXPECT_EQ(made->head(), head_2.bytes());

  const auto ack_text = record::ack_text(agent, 1, 2, head_2);
  const auto enroll_text = record::enroll_text("csr", key.public_key(), "0123456789abcdef");
  const auto renew_text = record::renew_text(agent, "csr");
  const auto renewed_text = record::renewed_text(agent, "crt", {"old", "new"});
  const std::vector digests{record::terminal_digest("123 456 789")};
  const auto terminals_text = record::terminals_text({.agent = agent,
                                                      .version = record::terminals_version(digests),
                                                      .unchanged = false,
                                                      .too_many = false,
                                                      .digests = digests});

  const auto text = document();
  const struct {
    const char* what;
    std::string hex;
  } rows[] = {
      {"agent", agent.hex()},
      {"public key", to_hex(key.public_key().bytes())},
      {"key id", key.public_key().id().hex()},
      {"record 1", to_hex(record_1)},
      {"head 1", head_1.hex()},
      {"record 2", to_hex(record_2)},
      {"head 2", head_2.hex()},
      {"batch string", to_hex(batch_text)},
      {"batch signature", to_hex(made->sig())},
      {"batch message", to_hex(made->SerializeAsString())},
      {"ack string", to_hex(ack_text)},
      {"ack signature", to_hex(key.sign(ack_text))},
      {"enrol string", to_hex(enroll_text)},
      {"enrol proof", to_hex(key.sign(enroll_text))},
      {"renew string", to_hex(renew_text)},
      {"renew proof", to_hex(key.sign(renew_text))},
      {"renewed string", to_hex(renewed_text)},
      {"renewed signature", to_hex(key.sign(renewed_text))},
      {"terminals string", to_hex(terminals_text)},
      {"terminals signature", to_hex(key.sign(terminals_text))},
  };
  for (const auto& row : rows) {
    EXPECT_NE(text.find(row.hex), std::string::npos) << row.what << " should be " << row.hex;
  }
}

}  // namespace
