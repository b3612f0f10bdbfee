#include "collector/identity/enrolment.h"

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

// Inside the transaction that found the token good: takes one use of it and keeps the agent, or refuses.
base::Result<Enroll> issue(store::Transaction& tx, const Issuer& issuer, const wire::EnrollRequest& request,
                           const store::TokenRow& token, timing::UtcMs now) {
  if (const auto fault = find_fault(request, token)) return answer_of({Enroll::BAD_REQUEST, *fault});
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
  Enroll response;
  response.set_outcome(Enroll::ACCEPTED);
  response.set_agent_id(agent.agent_id);
  response.set_certificate(certificate->der());
  response.set_ca_certificate(issuer.authority.certificate().der());
  for (const auto& ca : issuer.trusted) response.add_trusted_ca(ca.der());
  response.set_collector_public_key(std::string{issuer.acknowledgement_key.bytes()});
  response.set_workstation(agent.workstation);
  return response;
}

base::Status count_refusal(store::Transaction& tx, const Enroll& response, timing::UtcMs now) {
  return store::count_outcome(tx, "", "enroll_" + Enroll::Outcome_Name(response.outcome()), response.detail(),
                              now);
}

// The database alone knows whether a record key is taken: by then the transaction has to end.
base::Result<Enroll> refuse_taken_key(store::Connection& connection, timing::UtcMs now) {
  auto response = answer_of({Enroll::BAD_REQUEST, "this record key is enrolled already; make a new one"});
  const auto done =
      connection.transaction([&](store::Transaction& tx) { return count_refusal(tx, response, now); });
  if (!done) return std::unexpected{done.error()};
  return response;
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
  if (now > old_not_after + kRenewalGrace) {
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
  const std::string secret_hash{crypto::sha256(request.token_secret()).bytes()};
  Enroll response;
  const auto done = connection.transaction([&](store::Transaction& tx) -> base::Status {
    const auto token = store::find_token(tx, secret_hash);
    if (!token) return std::unexpected{token.error()};
    if (const auto refused = refuse_token(*token, now)) {
      response = answer_of(*refused);
    } else {
      auto issued = issue(tx, issuer, request, **token, now);
      if (!issued) return std::unexpected{issued.error()};
      response = std::move(*issued);
    }
    if (response.outcome() == Enroll::ACCEPTED) return {};
    return count_refusal(tx, response, now);
  });
  if (!done && done.error().code == base::ErrorCode::conflict) return refuse_taken_key(connection, now);
  if (!done) return std::unexpected{done.error()};
  return response;
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
    return store::count_outcome(tx, *known ? std::string{agent.bytes()} : "",
                                response.accepted() ? "renewed" : "renewal_refused", response.detail(), now);
  });
  if (!done) return std::unexpected{done.error()};
  return response;
}

}  // namespace collector::identity
