#include "collector/net/greeting.h"

#include "collector/store/text.h"
#include "common/crypto/digest.h"

namespace collector::net {

using deskledger::v1::Hello;
using deskledger::v1::Welcome;

namespace {

constexpr std::size_t kWordBytesMax = 255;

// The told word if it is fit to be kept, else the known one.
std::string word(const std::string& told, const std::string& known, const char* name, std::string& odd) {
  if (told.empty()) return known;
  if (told.size() <= kWordBytesMax && store::is_storable(told)) return told;
  odd += (odd.empty() ? "" : ", ") + std::string{name};
  return known;
}

}  // namespace

bool goes_on(Welcome::Outcome outcome) {
  return outcome == Welcome::ACCEPTED || outcome == Welcome::RENEW_FIRST;
}

std::string_view counter_of(Welcome::Outcome outcome) {
  switch (outcome) {
    case Welcome::UNKNOWN_AGENT: return "hello_unknown_agent";
    case Welcome::REVOKED: return "hello_revoked";
    case Welcome::QUARANTINED: return "hello_quarantined";
    case Welcome::UNKNOWN_PROTOCOL: return "hello_unknown_protocol";
    default: return "";
  }
}

std::optional<Verdict> judge_protocol(const Hello& hello) {
  if (hello.protocol() <= kProtocol) return std::nullopt;
  return Verdict{.outcome = Welcome::UNKNOWN_PROTOCOL,
                 .detail = "this collector speaks protocol " + std::to_string(kProtocol) +
                           ", the agent protocol " + std::to_string(hello.protocol()) +
                           ": update the collector"};
}

Verdict judge(const std::optional<store::AgentRow>& known, const tls::Peer& peer) {
  if (!known) return {.outcome = Welcome::UNKNOWN_AGENT, .detail = "this agent is not enrolled here"};
  if (known->revoked) {
    return {.outcome = Welcome::REVOKED,
            .detail = "this agent was revoked at " + timing::to_rfc3339(*known->revoked)};
  }
  if (known->quarantined) {
    return {.outcome = Welcome::QUARANTINED,
            .detail = "in quarantine since " + timing::to_rfc3339(*known->quarantined) + ": " +
                      known->quarantine_reason};
  }
  if (peer.expired) {
    return {.outcome = Welcome::RENEW_FIRST,
            .detail = "the certificate expired at " + timing::to_rfc3339(peer.not_after)};
  }
  return {.outcome = Welcome::ACCEPTED};
}

Heard heard(const Hello& hello, const store::AgentRow& known, const tls::Peer& peer, timing::UtcMs now) {
  Heard heard;
  heard.row = {.agent_id = known.agent_id,
               .seen = now,
               .hostname = word(hello.hostname(), known.hostname, "hostname", heard.odd),
               .os = word(hello.os(), known.os, "os", heard.odd),
               .version = word(hello.agent_version(), known.version, "agent_version", heard.odd),
               .trust_digest = hello.trust_digest(),
               .held_until = peer.not_after,
               .held_authority = std::string{peer.authority.bytes()}};
  if (!hello.trust_digest().empty() && hello.trust_digest().size() != crypto::Digest::kSize) {
    heard.row.trust_digest.clear();
    heard.odd += (heard.odd.empty() ? "" : ", ") + std::string{"trust_digest"};
  }
  return heard;
}

}  // namespace collector::net
