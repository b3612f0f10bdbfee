#include "common/record/signed_text.h"

namespace record {

namespace {

std::string domain(std::string_view name) {
  std::string text{"deskledger/"};
  text += name;
  text += '\0';
  return text;
}

template <class Integer>
void append_big_endian(std::string& text, Integer value) {
  for (int shift = static_cast<int>(sizeof(Integer)) * 8 - 8; shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>(value >> shift & 0xff));
  }
}

}  // namespace

std::string record_text_head(const AgentId& agent, std::uint32_t epoch, std::uint64_t seq,
                             const crypto::Digest& previous, std::uint32_t body_bytes) {
  auto text = domain("rec/1");
  text += agent.bytes();
  append_big_endian(text, epoch);
  append_big_endian(text, seq);
  text += previous.bytes();
  append_big_endian(text, body_bytes);
  return text;
}

std::string batch_text(const BatchText& batch) {
  auto text = domain("batch/1");
  text += batch.agent.bytes();
  append_big_endian(text, batch.epoch);
  append_big_endian(text, batch.first_seq);
  append_big_endian(text, batch.count);
  text += batch.prev_head.bytes();
  text += batch.head.bytes();
  return text;
}

std::string ack_text(const AgentId& agent, std::uint32_t epoch, std::uint64_t committed_seq,
                     const crypto::Digest& head) {
  auto text = domain("ack/1");
  text += agent.bytes();
  append_big_endian(text, epoch);
  append_big_endian(text, committed_seq);
  text += head.bytes();
  return text;
}

std::string enroll_text(std::string_view csr_der, const crypto::PublicKey& record_key,
                        std::string_view token_secret) {
  auto text = domain("enrol/1");
  text += crypto::sha256(csr_der).bytes();
  text += record_key.bytes();
  text += crypto::sha256(token_secret).bytes();
  return text;
}

std::string fork_text(const ForkText& fork) {
  auto text = domain("fork/1");
  text += fork.agent.bytes();
  append_big_endian(text, fork.epoch);
  append_big_endian(text, fork.committed_seq);
  text += fork.collector_head.bytes();
  append_big_endian(text, fork.own_next_seq);
  append_big_endian(text, static_cast<std::uint32_t>(fork.own_head.size()));
  text += fork.own_head;
  return text;
}

std::string log_leaf_text(const LogLeaf& leaf) {
  auto text = domain("log/1");
  text += leaf.agent.bytes();
  append_big_endian(text, leaf.epoch);
  append_big_endian(text, leaf.committed_seq);
  text += leaf.head.bytes();
  append_big_endian(text, leaf.logged_utc_ms);
  return text;
}

std::string change_text(const ChangeText& change) {
  auto text = domain("change/1");
  append_big_endian(text, change.number);
  text += change.previous.bytes();
  append_big_endian(text, change.changed_utc_ms);
  for (const auto part :
       {change.who, change.action, change.object, change.key, change.before, change.after, change.why}) {
    append_big_endian(text, static_cast<std::uint32_t>(part.size()));
    text += part;
  }
  return text;
}

std::string renew_text(const AgentId& agent, std::string_view csr_der) {
  auto text = domain("renew/1");
  text += agent.bytes();
  text += crypto::sha256(csr_der).bytes();
  return text;
}

std::string renewed_text(const AgentId& agent, std::string_view certificate_der,
                         const std::vector<std::string>& trusted_ca_der) {
  auto text = domain("renewed/1");
  text += agent.bytes();
  text += crypto::sha256(certificate_der).bytes();
  append_big_endian(text, static_cast<std::uint32_t>(trusted_ca_der.size()));
  for (const auto& ca : trusted_ca_der) text += crypto::sha256(ca).bytes();
  return text;
}

std::string terminals_text(const TerminalsText& terminals) {
  auto text = domain("terminals/1");
  text += terminals.agent.bytes();
  append_big_endian(text, terminals.version);
  text += terminals.unchanged ? '\1' : '\0';
  text += terminals.too_many ? '\1' : '\0';
  append_big_endian(text, static_cast<std::uint32_t>(terminals.digests.size()));
  for (const auto digest : terminals.digests) append_big_endian(text, digest);
  return text;
}

}  // namespace record
