// Any bytes as a request to be enrolled, or to have a certificate renewed: nothing crashes, only the right
// token and the right key get a certificate, and a refusal tells nothing of the token.
//
// The first byte says how far the target helps: it adds the token and the proof of possession, or takes the
// bytes as the CSR alone. The database is a real one, on a disk in memory.

#include <unistd.h>

#include <filesystem>
#include <string>

#include "collector/identity/enrolment.h"
#include "collector/store/agents.h"
#include "collector/store/migrate.h"
#include "common/record/signed_text.h"
#include "tests/fuzz/input.h"
#include "tests/support/power/vfs.h"

namespace {

using fuzz::require;
namespace store = collector::store;
namespace identity = collector::identity;
namespace wire = deskledger::v1;

enum class Help { none, prove, csr, renew, prove_renewal, kinds };

constexpr std::int64_t kNow_ms = 1'800'000'000'000;
const std::string kSecret = "0123456789abcdef";

class Collector {
 public:
  Collector() {
    require(store::migrate(database_, now()).has_value());
    const auto done = database_.transaction([&](store::Transaction& tx) -> base::Status {
      const auto made = store::create_token(tx, {.secret_hash = std::string{crypto::sha256(kSecret).bytes()},
                                                 .workstation = "ws",
                                                 .uses_max = 1'000'000,
                                                 .created = now(),
                                                 .expires = now()});
      if (!made) return std::unexpected{made.error()};
      return store::enrol(tx, {.agent_id = std::string{member_.agent.bytes()},
                               .workstation = "member",
                               .token_id = *made,
                               .record_key = std::string{member_.key.public_key().bytes()},
                               .hostname = "host",
                               .os = "os",
                               .version = "1",
                               .enrolled = now(),
                               .revoked = {},
                               .last_seen = {}});
    });
    require(done.has_value());
  }

  static timing::UtcMs now() { return timing::from_ms(kNow_ms); }

  wire::EnrollResponse enroll(const wire::EnrollRequest& request) {
    const auto response = identity::enroll(database_, issuer_, request, now());
    require(response.has_value());
    return *response;
  }
  wire::RenewResponse renew(const record::AgentId& agent, const wire::RenewRequest& request) {
    const auto response = identity::renew(database_, issuer_, agent, now(), request, now());
    require(response.has_value());
    return *response;
  }
  // One that is enrolled already.
  struct Member {
    record::AgentId agent;
    crypto::SigningKey key;
  };
  const Member& member() const { return member_; }
  std::size_t agents() {
    std::size_t count = 0;
    const auto done = database_.read([&](store::Transaction& tx) -> base::Status {
      count = store::list_agents(tx).value().size();
      return {};
    });
    require(done.has_value());
    return count;
  }

 private:
  static std::string url() {
    const auto file =
        std::filesystem::temp_directory_path() / ("deskledger-fuzz-" + std::to_string(::getpid()) + ".db");
    return "sqlite:" + file.string();
  }

  Member member_{.agent = {}, .key = crypto::SigningKey::from_seed(std::string(32, 'm')).value()};
  support::power::Disk disk_{1};
  support::power::Vfs vfs_{disk_, support::power::For::everyone};
  store::Connection database_ = store::Connection::open(url()).value();
  crypto::Authority authority_ = crypto::Authority::create("Fuzz CA", now()).value();
  std::vector<crypto::Certificate> trusted_{authority_.certificate()};
  crypto::PublicKey acknowledgement_key_ = crypto::SigningKey::from_seed(std::string(32, 'a'))->public_key();
  identity::Issuer issuer_{
      .authority = authority_, .trusted = trusted_, .acknowledgement_key = acknowledgement_key_};
};

// A new one now and then: what was accepted stays in it.
Collector& desk_with_room(int& accepted) {
  static auto current = std::make_unique<Collector>();
  if (accepted >= 300) {
    current.reset();
    current = std::make_unique<Collector>();
    accepted = 0;
  }
  return *current;
}

// Each agent has a key of its own.
crypto::SigningKey next_key() {
  static std::uint64_t number = 0;
  std::string seed = std::to_string(++number);
  seed.resize(32);
  return crypto::SigningKey::from_seed(seed).value();
}

void prove(wire::EnrollRequest& request) {
  const auto key = next_key();
  request.set_token_secret(kSecret);
  request.set_record_public_key(std::string{key.public_key().bytes()});
  request.set_record_key_proof(
      key.sign(record::enroll_text(request.csr(), key.public_key(), request.token_secret())));
}

void check(const wire::EnrollRequest& request, const wire::EnrollResponse& response) {
  if (response.outcome() == wire::EnrollResponse::ACCEPTED) {
    require(request.token_secret() == kSecret);
    const auto agent = record::AgentId::from_bytes(response.agent_id());
    const auto certificate = crypto::Certificate::from_der(response.certificate());
    require(agent && certificate && certificate->common_name() == agent->hex());
    return;
  }
  require(response.certificate().empty() && response.agent_id().empty() && !response.detail().empty());
  const auto& secret = request.token_secret();
  require(secret.size() < 8 || response.detail().find(secret) == std::string::npos);
}

void enrol(Collector& desk, const wire::EnrollRequest& request, int& accepted) {
  const auto before = desk.agents();
  const auto response = desk.enroll(request);
  check(request, response);
  // The same token and record key again are the same agent.
  const auto made = desk.agents() - before;
  require(made == 0 || (made == 1 && response.outcome() == wire::EnrollResponse::ACCEPTED));
  accepted += static_cast<int>(made);
}

// Only the agent's own key renews, and only for a CSR that its TLS key signed.
void renew(Collector& desk, wire::RenewRequest request, bool proven) {
  const auto& [agent, key] = desk.member();
  if (proven) request.set_record_key_proof(key.sign(record::renew_text(agent, request.csr())));
  const auto response = desk.renew(agent, request);
  require(response.accepted() || (response.certificate().empty() && !response.detail().empty()));
  if (!response.accepted()) return;
  require(proven);
  const auto certificate = crypto::Certificate::from_der(response.certificate());
  require(certificate && certificate->common_name() == agent.hex());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static int accepted = 0;
  auto& desk = desk_with_room(accepted);
  fuzz::Input input{data, size};
  const auto help = static_cast<Help>(input.number(1) % static_cast<unsigned>(Help::kinds));
  const std::string rest{input.rest()};
  if (help == Help::renew || help == Help::prove_renewal) {
    wire::RenewRequest request;
    if (request.ParseFromString(rest)) renew(desk, request, help == Help::prove_renewal);
    return 0;
  }
  wire::EnrollRequest request;
  if (help == Help::csr) {
    request.set_csr(rest);
  } else if (!request.ParseFromString(rest)) {
    return 0;
  }
  if (help != Help::none) prove(request);
  enrol(desk, request, accepted);
  return 0;
}
