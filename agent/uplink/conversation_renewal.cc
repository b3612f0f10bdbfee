// Certificates: the agent's own, renewed in time, and the CAs it trusts.

#include <algorithm>

#include "agent/uplink/conversation.h"
#include "common/crypto/secret_file.h"
#include "common/logging/log.h"
#include "common/record/signed_text.h"
#include "common/tls/context.h"

namespace agent::uplink {

using base::ErrorCode;
using base::fail;
using boost::asio::awaitable;

namespace {

// Two while a CA is being replaced; some more do no harm.
constexpr int kTrustedMax = 8;

// Two thirds of its life, so that a workstation switched off for days still has a valid one, and up to a
// twentieth more, so that those enrolled together do not come together. The certificate itself says how much,
// so that it stays the same.
timing::UtcMs due(const crypto::Certificate& certificate) {
  const auto life = certificate.not_after() - certificate.not_before();
  const auto digest = certificate.digest();
  const auto share = static_cast<unsigned char>(digest.bytes().front());
  return certificate.not_before() + life * 2 / 3 + life * share / (256 * 20);
}

bool holds(const std::vector<crypto::Certificate>& all, const crypto::Digest& one) {
  return std::ranges::any_of(all, [&](const auto& certificate) { return certificate.digest() == one; });
}

}  // namespace

// By the collector's clock where it is known: ours may be years off, which must neither have us renew for
// ever nor never.
timing::UtcMs Conversation::now() const {
  if (!server_time_) return clock_.utc();
  return *server_time_ + std::chrono::milliseconds{clock_.boot_ms() - server_time_boot_ms_};
}

bool Conversation::wants_certificate() const {
  if (renewal_asked_) return false;
  if (renew_first_) return true;
  if (clock_.boot_ms() < memory_.renewal_pause_ends_boot_ms) return false;
  return trust_differs_ || (other_issuer_ && other_issuer_->rang()) || now() > due(credentials_.own);
}

// When the CA was changed, the server's certificate is of the new one and ours of the old one, which cannot
// be dropped before the last agent was renewed: that does not wait for two thirds of a life.
void Conversation::plan_renewal() {
  const auto& all = credentials_.trusted;
  const auto ca =
      std::ranges::find_if(all, [&](const auto& one) { return one.digest() == server_authority_; });
  if (ca == all.end() || credentials_.own.is_issued_by(*ca)) return;
  if (clock_.boot_ms() < memory_.issuer_pause_ends_boot_ms) return;
  const auto wait = options_.pace.new_issuer;
  other_issuer_.emplace(executor_, wait + memory_.jittered(2 * wait), [this] { wake_.set(); });
}

awaitable<base::Status> Conversation::ask_for_certificate() {
  renewal_asked_ = true;
  // A collector whose answer does not settle it is not asked on each connection.
  if (trust_differs_)
    memory_.trust_pause_ends_boot_ms = clock_.boot_ms() + options_.pace.renewal_pause.count();
  if (other_issuer_)
    memory_.issuer_pause_ends_boot_ms = clock_.boot_ms() + options_.pace.renewal_pause.count();
  const auto csr = crypto::make_certificate_request(credentials_.tls_key);
  if (!csr) co_return std::unexpected{csr.error()};
  wire::Frame frame;
  auto& request = *frame.mutable_renew_request();
  request.set_csr(*csr);
  request.set_record_key_proof(credentials_.record_key.sign(record::renew_text(identity_.agent_id, *csr)));
  co_return co_await send(std::move(frame));
}

// The CAs to trust from now on. A set without the CA of the server that says so would shut us out at once.
base::Result<std::vector<crypto::Certificate>> Conversation::read_trusted(
    const wire::RenewResponse& answer) const {
  if (answer.sig().empty()) {  // A collector of 0.1 signs none, and names no CAs either.
    if (!answer.trusted_ca().empty())
      logging::warning("the collector named CA certificates without its signature; the old ones are kept");
    return credentials_.trusted;
  }
  const std::vector<std::string> named{answer.trusted_ca().begin(), answer.trusted_ca().end()};
  if (!crypto::verify(identity_.collector_key,
                      record::renewed_text(identity_.agent_id, answer.certificate(), named), answer.sig())) {
    return fail(ErrorCode::unauthenticated,
                "its signature is not the collector's, and nothing of it is taken; if that stays, enrol this "
                "workstation again");
  }
  if (named.empty()) return credentials_.trusted;
  if (answer.trusted_ca_size() > kTrustedMax) {
    return fail(ErrorCode::corrupt, "it names more CAs than a collector ever has");
  }
  std::vector<crypto::Certificate> trusted;
  for (const auto& der : named) {
    auto certificate = crypto::Certificate::from_der(der);
    if (!certificate) return std::unexpected{certificate.error()};
    trusted.push_back(std::move(*certificate));
  }
  if (!holds(trusted, server_authority_)) {
    return fail(ErrorCode::corrupt,
                "the CAs it names are without the one that this very connection is trusted for; the old ones "
                "are kept");
  }
  return trusted;
}

base::Status Conversation::take(const wire::RenewResponse& answer) {
  if (!renewal_asked_) return fail(ErrorCode::corrupt, "the collector renewed a certificate unasked");
  if (!answer.accepted()) {
    const std::string what = "the collector did not renew the certificate: " + answer.detail();
    if (renew_first_) {
      return fail(ErrorCode::permission_denied,
                  what + "; enrol this workstation again with a new token; its records are kept meanwhile");
    }
    // The old one is still good: the records go on, and it is asked again later.
    pause_renewal();
    logging::warning(what);
    return {};
  }
  if (auto kept = keep(answer); !kept) {
    // The old one may be good still, and the records go on with it.
    pause_renewal();
    return fail("the renewed certificate", kept.error());
  }
  // A connection may last longer than any certificate; each begins with the newest.
  return fail(ErrorCode::unavailable, "the certificate was renewed; connecting again with it");
}

void Conversation::pause_renewal() {
  memory_.renewal_pause_ends_boot_ms = clock_.boot_ms() + options_.pace.renewal_pause.count();
}

// One that does not fit would shut us out for good, so all is looked at before anything is written.
base::Status Conversation::keep(const wire::RenewResponse& answer) const {
  const auto certificate = crypto::Certificate::from_der(answer.certificate());
  if (!certificate) return std::unexpected{certificate.error()};
  const auto trusted = read_trusted(answer);
  if (!trusted) return std::unexpected{trusted.error()};
  const auto fits = tls::ClientTls::create(*trusted, *certificate, credentials_.tls_key);
  if (!fits || certificate->common_name() != identity_.agent_id.hex()) {
    return fail(ErrorCode::corrupt, "it is not for this agent; the old one is kept");
  }
  // The server would not know us with it, and nobody else may issue for us.
  if (std::ranges::none_of(*trusted, [&](const auto& ca) { return certificate->is_issued_by(ca); })) {
    return fail(ErrorCode::corrupt, "it is from no CA that is trusted; the old one is kept");
  }
  // Made by a clock that is years behind, it would lock us out as soon as that clock is set right: what has
  // expired for so long is not renewed. Our own clock has a say, because the old one may be the wrong one.
  if (certificate->not_after() < credentials_.own.not_before() && certificate->not_after() < clock_.utc()) {
    return fail(ErrorCode::unavailable, "it ended on " + timing::to_rfc3339(certificate->not_after()) +
                                            ", before the old one began: look at the collector's clock; the "
                                            "old one is kept");
  }
  const auto files = identity::files_in(options_.directory);
  // The CAs first: the old certificate goes with them too, the new one perhaps not with the old CAs.
  if (crypto::trust_digest(*trusted) != crypto::trust_digest(credentials_.trusted)) {
    if (auto done = crypto::write_secret_file(files.ca_certificate, crypto::to_pem(*trusted)); !done)
      return done;
    logging::info("the collector's CAs were replaced", {{"count", std::to_string(trusted->size())}});
  }
  if (auto done = crypto::write_secret_file(files.tls_certificate, certificate->pem()); !done) return done;
  logging::info("the certificate was renewed", {{"until", timing::to_rfc3339(certificate->not_after())}});
  return {};
}

}  // namespace agent::uplink
