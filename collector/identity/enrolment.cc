#include "collector/identity/enrolment.h"

#include <algorithm>

#include "collector/store/agents.h"
#include "collector/store/text.h"
#include "common/record/signed_text.h"

namespace collector::identity {

namespace wire = deskledger::v1;

namespace {

using Enroll = wire::EnrollResponse;

constexpr const char* kUsedUp = "this token was used already; ask for a new one";

struct Refused {
  Enroll::Outcome outcome;
  std::string detail;
};

Enroll answer_of(const Refused& refused) {
  Enroll response;
  response.set_outcome(refused.outcome);
  response.set_detail(refused.detail);
  return response;
}

// Why this token may not be used now; nothing if it may.
std::optional<Refused> refuse_token(const std::optional<store::TokenRow>& token, timing::UtcMs now) {
  if (!token)
    return Refused{Enroll::UNKNOWN_TOKEN,
                   "this token was not made by this collector: check the address, or ask for a new token"};
  if (token->revoked) {
    return Refused{Enroll::USED_TOKEN, "this token was revoked; ask for a new one"};
  }
  if (token->uses >= token->uses_max) {
    return Refused{Enroll::USED_TOKEN, kUsedUp};
  }
  if (now > token->expires) {
    return Refused{Enroll::EXPIRED_TOKEN,
                   "this token expired at " + timing::to_rfc3339(token->expires) + "; ask for a new one"};
  }
  return std::nullopt;
}

// What is wrong with the collector's own clock, as far as one can know; nothing if it may be right.
base::Result<std::optional<std::string>> find_clock_fault(store::Transaction& tx, const Issuer& issuer,
                                                          timing::UtcMs now) {
  if (issuer.clock_is_right) return std::nullopt;
  const auto newest = store::newest_time(tx);
  if (!newest) return std::unexpected{newest.error()};
  const auto begins = issuer.authority.certificate().not_before();
  const bool is_behind = *newest && now < **newest - kClockBehindMax;
  if (now >= begins && !is_behind) return std::nullopt;
  return std::string{kClockIsWrong} + ": it says " + timing::to_rfc3339(now) + ", but " +
         (is_behind ? "something was noted at " + timing::to_rfc3339(**newest)
                    : "its CA began at " + timing::to_rfc3339(begins)) +
         "; set it and try again, or if it is right: serve --clock-is-right";
}

// What a workstation tells about itself is kept and shown, so it must be text of some length.
bool is_fit(const std::string& told) {
  constexpr std::size_t kBytesMax = 255;
  return told.size() <= kBytesMax && store::is_storable(told);
}

// What is wrong with the request itself; nothing if it is a good one.
std::optional<std::string> find_fault(const wire::EnrollRequest& request, const store::TokenRow& token) {
  const auto key = crypto::PublicKey::from_bytes(request.record_public_key());
  if (!key) return key.error().message;
  if (!crypto::verify(*key, record::enroll_text(request.csr(), *key, request.token_secret()),
                      request.record_key_proof())) {
    return "the record key did not sign this request";
  }
  if (!is_fit(request.hostname()) || !is_fit(request.os()) || !is_fit(request.agent_version())) {
    return "host name, system and version must be text of at most 255 bytes";
  }
  if (token.workstation.empty() && request.hostname().find_first_not_of(' ') == std::string::npos) {
    return "this machine has no host name to be known by: give it one, or ask for a token that names the "
           "workstation";
  }
  return std::nullopt;
}

// What people will know the agent by. A token of many uses names nobody: then it is the host name, made
// unique, because a cloned image or two domains may give the same to several machines.
base::Result<std::string> choose_name(store::Transaction& tx, const store::TokenRow& token,
                                      const std::string& hostname) {
  if (!token.workstation.empty()) return token.workstation;
  for (int n = 1;; ++n) {
    std::string name = n == 1 ? hostname : hostname + "-" + std::to_string(n);
    const auto taken = store::is_workstation_taken(tx, name);
    if (!taken) return std::unexpected{taken.error()};
    if (!*taken) return name;
  }
}

// The place of an agent on its workstation is given to the new one.
base::Status replace(store::Transaction& tx, const std::optional<std::string>& former, timing::UtcMs now) {
  if (!former) return {};
  const auto revoked = store::revoke(tx, *former, now);
  return revoked ? base::Status{} : std::unexpected{revoked.error()};
}

// What a workstation is told that is enrolled.
Enroll accept(const Issuer& issuer, const store::AgentRow& agent, const crypto::Certificate& certificate) {
  Enroll response;
  response.set_outcome(Enroll::ACCEPTED);
  response.set_agent_id(agent.agent_id);
  response.set_certificate(certificate.der());
  response.set_ca_certificate(issuer.authority.certificate().der());
  for (const auto& ca : issuer.trusted) response.add_trusted_ca(ca.der());
  response.set_collector_public_key(std::string{issuer.acknowledgement_key.bytes()});
  response.set_workstation(agent.workstation);
  return response;
}

// Inside the transaction that found the token good: takes one use of it and keeps the agent, or refuses.
base::Result<Enroll> issue(store::Transaction& tx, const Issuer& issuer, const wire::EnrollRequest& request,
                           const store::TokenRow& token, timing::UtcMs now) {
  const auto agent_id = record::AgentId::random();
  if (!agent_id) return std::unexpected{agent_id.error()};
  const auto certificate = issuer.authority.issue_client(request.csr(), agent_id->hex(), now);
  if (!certificate) return answer_of({Enroll::BAD_REQUEST, certificate.error().message});
  const auto used = store::use_token(tx, token.id);
  if (!used) return std::unexpected{used.error()};
  if (!*used) return answer_of({Enroll::USED_TOKEN, kUsedUp});
  if (auto done = replace(tx, token.replaces, now); !done) return std::unexpected{done.error()};
  const auto name = choose_name(tx, token, request.hostname());
  if (!name) return std::unexpected{name.error()};
  const store::AgentRow agent{.agent_id = std::string{agent_id->bytes()},
                              .workstation = *name,
                              .token_id = token.id,
                              .record_key = request.record_public_key(),
                              .hostname = request.hostname(),
                              .os = request.os(),
                              .version = request.agent_version(),
                              .enrolled = now,
                              .revoked = std::nullopt,
                              .last_seen = std::nullopt,
                              .certificate_until = certificate->not_after(),
                              .replaces = token.replaces};
  if (auto done = store::enrol(tx, agent); !done) return std::unexpected{done.error()};
  return accept(issuer, agent, *certificate);
}

// The answer of the first time was lost: the agent that exists gets another certificate.
base::Result<Enroll> issue_again(store::Transaction& tx, const Issuer& issuer,
                                 const wire::EnrollRequest& request, const store::AgentRow& agent,
                                 timing::UtcMs now) {
  const auto agent_id = record::AgentId::from_bytes(agent.agent_id);
  if (!agent_id) return std::unexpected{agent_id.error()};
  const auto certificate = issuer.authority.issue_client(request.csr(), agent_id->hex(), now);
  if (!certificate) return answer_of({Enroll::BAD_REQUEST, certificate.error().message});
  if (auto done = store::note_certificate(tx, agent.agent_id, certificate->not_after()); !done) {
    return std::unexpected{done.error()};
  }
  const std::string detail = "the same token and record key, from " + request.hostname();
  if (auto done = store::count_outcome(tx, agent.agent_id, "enrolled_again", detail, now); !done) {
    return std::unexpected{done.error()};
  }
  return accept(issuer, agent, *certificate);
}

// What the database knows of a request.
struct Known {
  std::optional<store::TokenRow> token;
  std::optional<store::AgentRow> agent;  // That this very token and record key made.
};

base::Result<Known> look_up(store::Transaction& tx, const wire::EnrollRequest& request) {
  auto token = store::find_token(tx, std::string{crypto::sha256(request.token_secret()).bytes()});
  if (!token) return std::unexpected{token.error()};
  Known known{.token = *std::move(token), .agent = std::nullopt};
  if (!known.token) return known;
  auto agent = store::find_agent_of_token(tx, known.token->id, request.record_public_key());
  if (!agent) return std::unexpected{agent.error()};
  known.agent = *std::move(agent);
  return known;
}

// True for the request of an agent that exists, which may be answered again.
bool is_repeated(const Known& known, timing::UtcMs now) {
  return known.agent && !known.agent->revoked && !known.token->revoked &&
         now <= known.token->expires + kRepeatedFor;
}

// Why this request gets nothing; all of that can be told without writing.
base::Result<std::optional<Refused>> refuse(store::Transaction& tx, const Issuer& issuer,
                                            const wire::EnrollRequest& request, const Known& known,
                                            timing::UtcMs now) {
  if (!is_repeated(known, now)) {
    if (auto refused = refuse_token(known.token, now)) return refused;
  }
  if (auto fault = find_fault(request, *known.token)) {
    return Refused{Enroll::BAD_REQUEST, *std::move(fault)};
  }
  auto fault = find_clock_fault(tx, issuer, now);
  if (!fault) return std::unexpected{fault.error()};
  if (*fault) return Refused{Enroll::TOO_MANY, **std::move(fault)};
  return std::nullopt;
}

// The newest of what is known of an agent's good days: each alone may come from a clock that was wrong.
timing::UtcMs last_sign(const store::AgentRow& agent, timing::UtcMs old_not_after) {
  return std::max({old_not_after, agent.enrolled, agent.last_seen.value_or(agent.enrolled),
                   agent.certificate_until.value_or(agent.enrolled)});
}

std::string renewal_counter(const wire::RenewResponse& response) {
  if (response.accepted()) return "renewed";
  return response.detail().starts_with(kClockIsWrong) ? "renewal_clock_wrong" : "renewal_refused";
}

// The certificate, or why there is none.
base::Result<wire::RenewResponse> try_renew(store::Transaction& tx, const Issuer& issuer,
                                            const record::AgentId& agent, timing::UtcMs old_not_after,
                                            const wire::RenewRequest& request, timing::UtcMs now) {
  wire::RenewResponse response;
  const auto refuse = [&](std::string detail) {
    response.set_accepted(false);
    response.set_detail(std::move(detail));
    return response;
  };
  const auto row = store::find_agent(tx, std::string{agent.bytes()});
  if (!row) return std::unexpected{row.error()};
  if (!*row || (*row)->revoked) return refuse("this agent is not enrolled here, or was revoked");
  const auto fault = find_clock_fault(tx, issuer, now);
  if (!fault) return std::unexpected{fault.error()};
  if (*fault) return refuse(**fault);
  if (now > last_sign(**row, old_not_after) + kRenewalGrace) {
    return refuse("the certificate expired more than 400 days ago; enrol this workstation again");
  }
  const auto key = crypto::PublicKey::from_bytes((*row)->record_key);
  if (!key) return std::unexpected{key.error()};
  if (!crypto::verify(*key, record::renew_text(agent, request.csr()), request.record_key_proof())) {
    return refuse("the record key did not sign this request");
  }
  const auto certificate = issuer.authority.issue_client(request.csr(), agent.hex(), now);
  if (!certificate) return refuse(certificate.error().message);
  if (auto done = store::note_certificate(tx, (*row)->agent_id, certificate->not_after()); !done) {
    return std::unexpected{done.error()};
  }
  response.set_accepted(true);
  response.set_certificate(certificate->der());
  response.set_ca_certificate(issuer.authority.certificate().der());
  for (const auto& ca : issuer.trusted) response.add_trusted_ca(ca.der());
  return response;
}

}  // namespace

base::Result<Enroll> enroll(store::Connection& connection, const Issuer& issuer,
                            const wire::EnrollRequest& request, timing::UtcMs now) {
  Enroll response;
  const auto decide = [&](store::Transaction& tx, bool writes) -> base::Status {
    const auto known = look_up(tx, request);
    if (!known) return std::unexpected{known.error()};
    const auto refused = refuse(tx, issuer, request, *known, now);
    if (!refused) return std::unexpected{refused.error()};
    response = *refused ? answer_of(**refused) : Enroll{};
    if (*refused || !writes) return {};
    auto issued = is_repeated(*known, now) ? issue_again(tx, issuer, request, *known->agent, now)
                                           : issue(tx, issuer, request, *known->token, now);
    if (!issued) return std::unexpected{issued.error()};
    response = *std::move(issued);
    return {};
  };
  // Whoever has no good token costs no turn of the writers.
  const auto looked = connection.read([&](store::Transaction& tx) { return decide(tx, false); });
  if (!looked) return std::unexpected{looked.error()};
  if (response.outcome() != Enroll::OUTCOME_UNSPECIFIED) return response;
  const auto done = connection.transaction([&](store::Transaction& tx) { return decide(tx, true); });
  // The database alone knows whether a record key is taken.
  if (!done && done.error().code == base::ErrorCode::conflict) {
    return answer_of({Enroll::BAD_REQUEST, "this record key is enrolled already; make a new one"});
  }
  if (!done) return std::unexpected{done.error()};
  return response;
}

std::string counter_of(const Enroll& response) {
  if (response.detail().starts_with(kClockIsWrong)) return "enroll_clock_wrong";
  return "enroll_" + Enroll::Outcome_Name(response.outcome());
}

base::Result<wire::RenewResponse> renew(store::Connection& connection, const Issuer& issuer,
                                        const record::AgentId& agent, timing::UtcMs old_not_after,
                                        const wire::RenewRequest& request, timing::UtcMs now) {
  wire::RenewResponse response;
  const auto done = connection.transaction([&](store::Transaction& tx) -> base::Status {
    auto answer = try_renew(tx, issuer, agent, old_not_after, request, now);
    if (!answer) return std::unexpected{answer.error()};
    response = std::move(*answer);
    const auto known = store::find_agent(tx, std::string{agent.bytes()});
    if (!known) return std::unexpected{known.error()};
    return store::count_outcome(tx, *known ? std::string{agent.bytes()} : "", renewal_counter(response),
                                response.detail(), now);
  });
  if (!done) return std::unexpected{done.error()};
  return response;
}

}  // namespace collector::identity
