// Any bytes as what a collector says to an agent: nothing crashes, and a record counts as acknowledged only
// after a signed word about this very history.
//
// The input is a row of messages, each with its length and a byte that says how far the target helps: it puts
// the hash of that record in, signs what a collector signs, makes a list of terminals fit its version.

#include <unistd.h>

#include <algorithm>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/uplink/conversation.h"
#include "common/async/event.h"
#include "common/crypto/authority.h"
#include "common/logging/log.h"
#include "common/record/batch.h"
#include "common/record/signed_text.h"
#include "common/record/terminal_digest.h"
#include "common/timing/clock.h"
#include "tests/fuzz/input.h"
#include "tests/support/net/co_test.h"
#include "tests/support/power/vfs.h"

namespace {

namespace net = boost::asio;
namespace wire = deskledger::v1;
using agent::outbox::Outbox;
using fuzz::require;

constexpr unsigned kFitHash = 1, kSign = 2, kFitTerminals = 4, kAccept = 8;
constexpr std::uint64_t kRecords = 40;

const record::AgentId kAgent = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();

const crypto::SigningKey& key() {
  static const auto made = crypto::SigningKey::from_seed(std::string(32, 'k')).value();
  return made;
}

// Says what it was told to, then ends; takes whatever it is sent.
class Script final : public websocket::Connection {
 public:
  explicit Script(std::vector<std::string> messages) : messages_{std::move(messages)} {}

  const std::string& path() const override { return path_; }
  net::awaitable<base::Result<std::string>> read(websocket::milliseconds) override {
    if (next_ < messages_.size()) co_return messages_[next_++];
    co_return base::fail(base::ErrorCode::unavailable, "the script has ended");
  }
  net::awaitable<base::Status> write(std::string message) override {
    wire::Frame frame;
    require(frame.ParseFromString(message) && frame.kind_case() != wire::Frame::KIND_NOT_SET);
    co_return base::Status{};
  }
  net::awaitable<void> close(websocket::CloseCode, std::string) override { co_return; }
  void abort() override { next_ = messages_.size(); }

 private:
  std::vector<std::string> messages_;
  std::size_t next_ = 0;
  std::string path_ = "/v1/stream";
};

// An enrolled agent with records to send, on a disk in memory.
class Agent {
 public:
  Agent() {
    logging::set_level(logging::Level::error);
    std::vector<std::string> bodies;
    for (std::uint64_t seq = 1; seq <= kRecords; ++seq) bodies.push_back("record " + std::to_string(seq));
    require(outbox_.append(bodies, {}, {}).has_value());
  }

  Outbox& outbox() { return outbox_; }
  void listen(std::vector<std::string> messages) {
    Script script{std::move(messages)};
    const agent::uplink::Options options{.directory = folder_,
                                         .agent_version = "1",
                                         .os = "os",
                                         .hostname = "host",
                                         .terminals = agent::uplink::TerminalReader{.take = take_terminals}};
    agent::uplink::Memory memory;
    async::Event wake{io_.get_executor()};
    agent::uplink::Conversation talk{
        script,  outbox_, identity_, credentials_,           authority_.certificate().digest(),
        options, memory,  wake,      worker_.get_executor(), timing::system_clock()};
    support::run(io_, converse(talk));
  }

 private:
  static net::awaitable<void> take_terminals(std::uint64_t, std::vector<std::uint64_t> digests) {
    require(std::ranges::is_sorted(digests));
    co_return;
  }
  static net::awaitable<void> converse(agent::uplink::Conversation& talk) {
    const auto begun = co_await talk.begin();
    if (!begun) co_return;
    const auto ended = co_await talk.go_on();
    require(!ended.message.empty());
  }
  static std::filesystem::path make_folder() {
    const auto folder =
        std::filesystem::temp_directory_path() / ("deskledger-fuzz-agent-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    return folder;
  }

  std::filesystem::path folder_ = make_folder();
  support::power::Disk disk_{1};
  support::power::Vfs vfs_{disk_};
  Outbox outbox_ =
      Outbox::open("/no-such-folder/outbox.db", kAgent, 1, {.reserve_bytes = 0, .vfs = vfs_.name()}).value();
  crypto::Authority authority_ = crypto::Authority::create("Fuzz CA", timing::system_clock().utc()).value();
  crypto::TlsKey tls_key_ = crypto::TlsKey::generate().value();
  agent::identity::Identity identity_{.agent_id = kAgent,
                                      .epoch = 1,
                                      .workstation = "ws",
                                      .collector_host = "collector",
                                      .collector_key = key().public_key()};
  agent::identity::Credentials credentials_ = make_credentials();
  // Outlives the worker, whose tasks remember where they are waited for.
  net::io_context io_;
  net::thread_pool worker_{1};

  agent::identity::Credentials make_credentials() {
    auto own = authority_
                   .issue_client(crypto::make_certificate_request(tls_key_).value(), kAgent.hex(),
                                 timing::system_clock().utc())
                   .value();
    return {.trusted = {authority_.certificate()},
            .own = std::move(own),
            .tls_key = std::move(tls_key_),
            .record_key = crypto::SigningKey::from_seed(std::string(32, 'r')).value()};
  }
};

std::string hash_of(Outbox& outbox, std::uint64_t seq) {
  const auto hash = outbox.hash_of(seq);
  return hash ? std::string{hash->bytes()} : std::string(32, '?');
}

std::string terminals_text(const wire::Terminals& told, const std::vector<std::uint64_t>& digests) {
  return record::terminals_text({.agent = kAgent,
                                 .version = told.version(),
                                 .unchanged = told.unchanged(),
                                 .too_many = told.too_many(),
                                 .digests = digests});
}

// The message as it will be sent, and how far it may move the acknowledged records.
std::string helped(std::string_view bytes, unsigned help, Outbox& outbox, std::uint64_t& allowed) {
  wire::Frame frame;
  if (!frame.ParseFromString(std::string{bytes})) return std::string{bytes};
  if (frame.has_welcome()) {
    auto& welcome = *frame.mutable_welcome();
    if (help & kAccept) welcome.set_outcome(wire::Welcome::ACCEPTED);
    if (help & kFitHash) welcome.set_committed_seq(welcome.committed_seq() % (kRecords + 2));
    if (help & kFitHash) welcome.set_head(hash_of(outbox, welcome.committed_seq()));
    const auto text = record::ack_text(
        kAgent, 1, welcome.committed_seq(),
        crypto::Digest::from_bytes(hash_of(outbox, welcome.committed_seq())).value_or(crypto::Digest{}));
    if (help & kSign) welcome.set_sig(key().sign(text));
    if (crypto::verify(key().public_key(), text, welcome.sig()) &&
        welcome.head() == hash_of(outbox, welcome.committed_seq()))
      allowed = std::max(allowed, welcome.committed_seq());
  } else if (frame.has_ack()) {
    auto& ack = *frame.mutable_ack();
    if (help & kAccept) ack.set_outcome(wire::Ack::ACCEPTED);
    if (help & kFitHash) ack.set_committed_seq(ack.committed_seq() % (kRecords + 2));
    if (help & kFitHash) ack.set_head(hash_of(outbox, ack.committed_seq()));
    if (help & kSign) record::sign_ack(ack, kAgent, key());
    if (record::is_signed(ack, kAgent, key().public_key()) && ack.epoch() == 1 &&
        ack.head() == hash_of(outbox, ack.committed_seq()))
      allowed = std::max(allowed, ack.committed_seq());
  } else if (frame.has_terminals() && (help & kFitTerminals)) {
    auto& told = *frame.mutable_terminals();
    std::ranges::sort(*told.mutable_id_digests());
    const std::vector<std::uint64_t> digests{told.id_digests().begin(), told.id_digests().end()};
    told.set_version(record::terminals_version(digests));
    if (help & kSign) told.set_sig(key().sign(terminals_text(told, digests)));
  } else if (frame.has_renew_response() && (help & kSign)) {
    auto& renewed = *frame.mutable_renew_response();
    const std::vector<std::string> trusted{renewed.trusted_ca().begin(), renewed.trusted_ca().end()};
    renewed.set_sig(key().sign(record::renewed_text(kAgent, renewed.certificate(), trusted)));
  }
  return frame.SerializeAsString();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<Agent> agent;
  // Everything acknowledged: there is nothing more to be had of this one.
  if (!agent || agent->outbox().pending() < kRecords / 2) {
    agent.reset();
    agent = std::make_unique<Agent>();
  }
  auto& outbox = agent->outbox();
  const auto before = outbox.chain().acked_seq;
  std::uint64_t allowed = before;
  std::vector<std::string> messages;
  for (fuzz::Input input{data, size}; !input.empty();) {
    const auto help = input.number(1);
    const auto length = input.number(2);
    messages.push_back(helped(input.take(length), help, outbox, allowed));
  }
  agent->listen(std::move(messages));
  const auto after = outbox.chain().acked_seq;
  require(after >= before && after <= std::min(allowed, kRecords));
  require(outbox.chain().next_seq == kRecords + 1);
  return 0;
}
