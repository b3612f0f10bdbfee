#include "agent/identity/enroll.h"

#include <deskledger/v1/wire.pb.h>

#include <system_error>

#include "agent/identity/folder_lock.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"
#include "common/crypto/secret_file.h"
#include "common/record/signed_text.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/http.h"

namespace agent::identity {

namespace wire = deskledger::v1;
using base::ErrorCode;
using base::fail;

namespace {

constexpr std::chrono::milliseconds kConnectLimit{15'000};
constexpr std::chrono::milliseconds kAnswerLimit{15'000};
// Two while a CA is being replaced; some more do no harm.
constexpr int kTrustedMax = 8;

std::unexpected<base::Error> needs_rights(const std::string& what) {
  return fail(ErrorCode::permission_denied,
              what + ". Run this as root or as an administrator, or name another --data-directory");
}

struct NewKeys {
  crypto::TlsKey tls;
  crypto::SigningKey record;
};

// There from the moment the collector is asked until it has answered, beside the keys it was asked with:
// which token was used, by its hash. If the answer is lost, the same keys and token are answered again.
std::filesystem::path asked_file(const std::filesystem::path& directory) {
  return enrolling_folder(directory) / "asked";
}

std::string mark_of(const EnrollOptions& options) {
  return base::to_hex(crypto::sha256(options.token.secret).bytes());
}

// The keys of a question with the same token that was not answered; nothing if there are none.
std::optional<NewKeys> keys_of_lost_answer(const EnrollOptions& options) {
  const auto asked = crypto::read_secret_file(asked_file(options.directory));
  if (!asked || *asked != mark_of(options)) return std::nullopt;
  const auto files = files_in(enrolling_folder(options.directory));
  auto tls = crypto::TlsKey::load(files.tls_key);
  auto record = crypto::SigningKey::load(files.record_key);
  if (!tls || !record) return std::nullopt;
  return NewKeys{.tls = *std::move(tls), .record = *std::move(record)};
}

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

// A WebSocket; if the upgrade is refused, HTTP on another connection.
boost::asio::awaitable<base::Result<std::unique_ptr<websocket::Connection>>> open(
    const EnrollOptions& options) {
  auto tls = tls::ClientTls::for_enrollment(options.token.ca_certificate);
  if (!tls) co_return std::unexpected{tls.error()};
  const std::string path = "/v1/enroll";
  auto secure = co_await tls::connect(*tls, options.host, options.port, kConnectLimit, options.proxy);
  if (!secure) co_return std::unexpected{secure.error()};
  bool refused = false;
  websocket::Limits limits;
  auto socket = co_await websocket::connect(std::move(secure->stream), options.host, path, limits, &refused);
  if (socket || !refused) co_return socket;
  auto again = co_await tls::connect(*tls, options.host, options.port, kConnectLimit, options.proxy);
  if (!again) co_return std::unexpected{again.error()};
  co_return websocket::connect_http(std::move(again->stream), options.host, path);
}

// Nothing was asked yet: what a person can do about it.
std::unexpected<base::Error> with_mend(const base::Error& error) {
  const char* mend =
      ". Check HOST and PORT, that the collector runs, and what is between; then run this again";
  if (error.code == ErrorCode::unauthenticated) {
    mend =
        ". Use a name of the collector's certificate (`deskledger-collector ca show`), have a proxy let this "
        "address pass untouched, or ask for a new token if the collector or its CA was replaced";
  }
  return fail(error.code, error.message + mend + "; the token was told to nobody and can still be used");
}

// The question went out and no answer came: the token may be used up.
std::unexpected<base::Error> lost(const base::Error& error) {
  return fail(error.code, error.message +
                              ". The collector's answer was lost: run this again with the same token, "
                              "within a day");
}

boost::asio::awaitable<base::Result<wire::EnrollResponse>> ask(const EnrollOptions& options,
                                                               std::string request) {
  auto socket = co_await open(options);
  if (!socket) co_return with_mend(socket.error());
  if (auto kept = crypto::write_secret_file(asked_file(options.directory), mark_of(options)); !kept) {
    co_return std::unexpected{kept.error()};
  }
  if (auto sent = co_await (*socket)->write(std::move(request)); !sent) co_return lost(sent.error());
  const auto answer = co_await (*socket)->read(kAnswerLimit);
  if (!answer) co_return lost(answer.error());
  wire::Frame frame;
  if (!frame.ParseFromString(*answer) || !frame.has_enroll_response()) {
    co_return fail(ErrorCode::corrupt,
                   "the collector's answer is no enrolment answer: update the older of the two programs");
  }
  co_await (*socket)->close(websocket::CloseCode::normal, "enrolled");
  co_return std::move(*frame.mutable_enroll_response());
}

// The keys first: whether the folder takes them shows before the token is spent.
base::Status store_keys(const Files& files, const NewKeys& keys) {
  if (auto done = keys.record.save(files.record_key); !done) return done;
  return keys.tls.save(files.tls_key);
}

struct Answer {
  Identity identity;
  crypto::Certificate own;
  std::vector<crypto::Certificate> trusted;
};

// The CA the token names, and the others that a collector names which is replacing its CA.
base::Result<std::vector<crypto::Certificate>> read_trusted(const crypto::Digest& pinned,
                                                            const wire::EnrollResponse& response) {
  auto ca = crypto::Certificate::from_der(response.ca_certificate());
  if (!ca) return std::unexpected{ca.error()};
  if (ca->digest() != pinned) {
    return fail(ErrorCode::permission_denied, "the collector sent another CA than the token names");
  }
  std::vector<crypto::Certificate> trusted{std::move(*ca)};
  if (response.trusted_ca_size() > kTrustedMax) {
    return fail(ErrorCode::corrupt, "it names more CAs than a collector ever has");
  }
  for (const auto& der : response.trusted_ca()) {
    auto other = crypto::Certificate::from_der(der);
    if (!other) return std::unexpected{other.error()};
    if (other->digest() != pinned) trusted.push_back(std::move(*other));
  }
  return trusted;
}

base::Result<Answer> read(const EnrollOptions& options, const NewKeys& keys,
                          const wire::EnrollResponse& response) {
  const auto agent_id = record::AgentId::from_bytes(response.agent_id());
  if (!agent_id) return fail("the collector's answer", agent_id.error());
  auto own = crypto::Certificate::from_der(response.certificate());
  if (!own) return fail("the collector's answer", own.error());
  auto trusted = read_trusted(options.token.ca_certificate, response);
  if (!trusted) return fail("the collector's answer", trusted.error());
  if (const auto fits = tls::ClientTls::create(*trusted, *own, keys.tls);
      !fits || own->common_name() != agent_id->hex()) {
    return fail(ErrorCode::corrupt, "the collector's answer: its certificate is not for this agent");
  }
  const auto collector_key = crypto::PublicKey::from_bytes(response.collector_public_key());
  if (!collector_key) return fail("the collector's answer", collector_key.error());
  return Answer{.identity = {.agent_id = *agent_id,
                             .epoch = 0,
                             .workstation = response.workstation(),
                             .collector_host = options.host,
                             .collector_port = options.port,
                             .collector_key = *collector_key},
                .own = std::move(*own),
                .trusted = std::move(*trusted)};
}

// The identity last: without it nothing counts.
base::Status store(const EnrollOptions& options, const Answer& answer) {
  const auto staged = enrolling_folder(options.directory);
  const auto files = files_in(staged);
  if (auto done = crypto::write_secret_file(files.ca_certificate, crypto::to_pem(answer.trusted)); !done)
    return done;
  if (auto done = crypto::write_secret_file(files.tls_certificate, answer.own.pem()); !done) return done;
  if (auto done = save(staged, answer.identity); !done) return done;
  return finish_enrolment(options.directory);
}

// The data folder, and an empty one in it for the new enrolment. A folder that was there may have wider
// rights, and any user may have made one below ProgramData before us: they are narrowed.
base::Status make_folders(const std::filesystem::path& directory) {
  const auto staged = enrolling_folder(directory);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error) {
    if (auto kept = crypto::keep_folder_private(directory); !kept) return needs_rights(kept.error().message);
    std::filesystem::remove_all(staged, error);
  }
  if (!error) std::filesystem::create_directory(staged, error);
  if (error) return needs_rights("cannot make the folder " + staged.string() + ": " + error.message());
  return crypto::keep_folder_private(staged);
}

// The keys to ask with, stored before anything is asked.
base::Result<NewKeys> stage_keys(const EnrollOptions& options) {
  if (auto former = keys_of_lost_answer(options)) return *std::move(former);
  if (auto made = make_folders(options.directory); !made) return std::unexpected{made.error()};
  auto keys = make_keys();
  if (!keys) return keys;
  if (auto done = store_keys(files_in(enrolling_folder(options.directory)), *keys); !done)
    return needs_rights(done.error().message);
  return keys;
}

// The collector has answered, and not with an enrolment: the keys are worth nothing.
void forget_asking(const EnrollOptions& options) {
  std::error_code error;
  std::filesystem::remove(asked_file(options.directory), error);
}

boost::asio::awaitable<base::Result<Identity>> try_to_enroll(const EnrollOptions& options) {
  std::error_code error;
  // One that was complete but for the moving counts: its token is used up.
  if (auto done = finish_enrolment(options.directory); !done) co_return std::unexpected{done.error()};
  if (!options.replace && std::filesystem::exists(files_in(options.directory).identity, error)) {
    co_return fail(ErrorCode::conflict, "this workstation is enrolled already (" +
                                            files_in(options.directory).identity.string() +
                                            "); nothing was changed. To enrol it anew, with a token of "
                                            "`deskledger-collector agents re-enrol`: add --replace");
  }
  const auto keys = stage_keys(options);
  if (!keys) co_return std::unexpected{keys.error()};
  const auto request = request_of(options, *keys);
  if (!request) co_return std::unexpected{request.error()};
  const auto response = co_await ask(options, request->SerializeAsString());
  if (!response) {
    if (response.error().code == ErrorCode::corrupt) forget_asking(options);
    co_return std::unexpected{response.error()};
  }
  if (response->outcome() != wire::EnrollResponse::ACCEPTED) {
    // Who is to come again later may have been enrolled by a question before this one.
    if (response->outcome() != wire::EnrollResponse::TOO_MANY) forget_asking(options);
    co_return fail(ErrorCode::permission_denied,
                   "the collector refused: " + base::cell_text(response->detail(), 200));
  }
  const auto answer = read(options, *keys, *response);
  if (!answer) {
    forget_asking(options);
    co_return std::unexpected{answer.error()};
  }
  if (auto done = store(options, *answer); !done) co_return std::unexpected{done.error()};
  co_return answer->identity;
}

}  // namespace

boost::asio::awaitable<base::Result<Identity>> enroll(EnrollOptions options) {
  auto enrolled = co_await try_to_enroll(options);
  const auto staged = enrolling_folder(options.directory);
  std::error_code error;
  // One that is complete stays: it could not be put in place, and the next try does that. So do the keys of a
  // question that was not answered.
  if (!enrolled && !std::filesystem::exists(files_in(staged).identity, error) &&
      !std::filesystem::exists(asked_file(options.directory), error)) {
    std::filesystem::remove_all(staged, error);
  }
  co_return enrolled;
}

}  // namespace agent::identity
