#include "agent/identity/enroll.h"

#include <deskledger/v1/wire.pb.h>

#include <system_error>

#include "common/crypto/secret_file.h"
#include "common/record/signed_text.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"

namespace agent::identity {

namespace wire = deskledger::v1;
using base::ErrorCode;
using base::fail;

namespace {

constexpr std::chrono::milliseconds kConnectLimit{15'000};
constexpr std::chrono::milliseconds kAnswerLimit{15'000};

struct NewKeys {
  crypto::TlsKey tls;
  crypto::SigningKey record;
};

base::Result<NewKeys> make_keys() {
  auto tls = crypto::TlsKey::generate();
  if (!tls) return std::unexpected{tls.error()};
  auto record = crypto::SigningKey::generate();
  if (!record) return std::unexpected{record.error()};
  return NewKeys{.tls = std::move(*tls), .record = std::move(*record)};
}

base::Result<wire::Frame> request_of(const EnrollOptions& options, const NewKeys& keys) {
  const auto csr = crypto::make_certificate_request(keys.tls);
  if (!csr) return std::unexpected{csr.error()};
  wire::Frame frame;
  auto& request = *frame.mutable_enroll_request();
  request.set_token_secret(options.token.secret);
  request.set_csr(*csr);
  request.set_record_public_key(std::string{keys.record.public_key().bytes()});
  request.set_record_key_proof(
      keys.record.sign(record::enroll_text(*csr, keys.record.public_key(), options.token.secret)));
  request.set_hostname(options.hostname);
  request.set_os(options.os);
  request.set_agent_version(options.agent_version);
  return frame;
}

boost::asio::awaitable<base::Result<wire::EnrollResponse>> ask(const EnrollOptions& options,
                                                               std::string request) {
  auto tls = tls::ClientTls::for_enrollment(options.token.ca_certificate);
  if (!tls) co_return std::unexpected{tls.error()};
  auto secure = co_await tls::connect(*tls, options.host, options.port, kConnectLimit);
  if (!secure) co_return std::unexpected{secure.error()};
  auto socket = co_await websocket::connect(std::move(secure->stream), options.host, "/v1/enroll");
  if (!socket) co_return std::unexpected{socket.error()};
  if (auto sent = co_await (*socket)->write(std::move(request)); !sent)
    co_return std::unexpected{sent.error()};
  const auto answer = co_await (*socket)->read(kAnswerLimit);
  if (!answer) co_return std::unexpected{answer.error()};
  wire::Frame frame;
  if (!frame.ParseFromString(*answer) || !frame.has_enroll_response()) {
    co_return fail(ErrorCode::corrupt, "the collector's answer is no enrolment answer");
  }
  co_await (*socket)->close(websocket::CloseCode::normal, "enrolled");
  co_return std::move(*frame.mutable_enroll_response());
}

base::Result<Identity> store(const EnrollOptions& options, const NewKeys& keys,
                             const wire::EnrollResponse& answer) {
  const auto agent_id = record::AgentId::from_bytes(answer.agent_id());
  if (!agent_id) return std::unexpected{agent_id.error()};
  const auto own = crypto::Certificate::from_der(answer.certificate());
  if (!own) return std::unexpected{own.error()};
  const auto ca = crypto::Certificate::from_der(answer.ca_certificate());
  if (!ca) return std::unexpected{ca.error()};
  if (ca->digest() != options.token.ca_certificate) {
    return fail(ErrorCode::permission_denied, "the collector sent another CA than the token names");
  }
  const auto collector_key = crypto::PublicKey::from_bytes(answer.collector_public_key());
  if (!collector_key) return std::unexpected{collector_key.error()};

  const auto files = files_in(options.directory);
  if (auto done = keys.record.save(files.record_key); !done) return std::unexpected{done.error()};
  if (auto done = keys.tls.save(files.tls_key); !done) return std::unexpected{done.error()};
  if (auto done = crypto::write_secret_file(files.ca_certificate, ca->pem()); !done) {
    return std::unexpected{done.error()};
  }
  if (auto done = crypto::write_secret_file(files.tls_certificate, own->pem()); !done) {
    return std::unexpected{done.error()};
  }
  Identity identity{.agent_id = *agent_id,
                    .epoch = 1,
                    .workstation = answer.workstation(),
                    .collector_host = options.host,
                    .collector_port = options.port,
                    .collector_key = *collector_key};
  if (auto done = save(options.directory, identity); !done) return std::unexpected{done.error()};
  return identity;
}

}  // namespace

boost::asio::awaitable<base::Result<Identity>> enroll(EnrollOptions options) {
  std::error_code error;
  if (std::filesystem::exists(files_in(options.directory).identity, error)) {
    co_return fail(ErrorCode::conflict, "this workstation is enrolled already (" +
                                            files_in(options.directory).identity.string() +
                                            "); nothing was changed");
  }
  std::filesystem::create_directories(options.directory, error);
  if (error) {
    co_return fail(ErrorCode::permission_denied,
                   "cannot make the folder " + options.directory.string() + ": " + error.message());
  }
  if (auto kept = crypto::keep_folder_private(options.directory); !kept)
    co_return std::unexpected{kept.error()};
  const auto keys = make_keys();
  if (!keys) co_return std::unexpected{keys.error()};
  const auto request = request_of(options, *keys);
  if (!request) co_return std::unexpected{request.error()};
  const auto answer = co_await ask(options, request->SerializeAsString());
  if (!answer) co_return std::unexpected{answer.error()};
  if (answer->outcome() != wire::EnrollResponse::ACCEPTED) {
    co_return fail(ErrorCode::permission_denied, "the collector refused: " + answer->detail());
  }
  co_return store(options, *keys, *answer);
}

}  // namespace agent::identity
