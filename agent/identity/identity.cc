#include "agent/identity/identity.h"

#include <system_error>

#include "agent/identity/folder_lock.h"
#include "common/base/hex.h"
#include "common/base/utf8.h"
#include "common/config/reader.h"
#include "common/crypto/secret_file.h"

namespace agent::identity {

using base::ErrorCode;
using base::fail;

namespace {

// A basic TOML string (TOML 1.0, "String"): whatever a name contains, it neither ends the string nor makes
// the file unreadable.
std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : base::to_valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00" + base::to_hex({&c, 1});
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

Files files_in(const std::filesystem::path& directory) {
  return {.identity = directory / "identity.toml",
          .record_key = directory / "record.key",
          .tls_key = directory / "tls.key",
          .tls_certificate = directory / "tls.pem",
          .ca_certificate = directory / "ca.pem"};
}

std::filesystem::path enrolling_folder(const std::filesystem::path& directory) {
  return directory / "enrolling";
}

base::Status finish_enrolment(const std::filesystem::path& directory) {
  const auto staged = files_in(enrolling_folder(directory)), placed = files_in(directory);
  std::error_code error;
  if (!std::filesystem::exists(staged.identity, error)) return {};
  const auto lock = FolderLock::take(directory);
  if (!lock) return std::unexpected{lock.error()};
  // Another program may have put it in place meanwhile; what it placed must not be touched.
  if (!std::filesystem::exists(staged.identity, error)) return {};
  const auto failed = [&](const std::filesystem::path& path) {
    return fail(ErrorCode::permission_denied, "moving the new enrolment to " + path.string() + ": " +
                                                  error.message() + "; mend that and run this again");
  };
  // Without an identity nothing counts, so that no mixture of two enrolments is ever used; the new one comes
  // last, and as long as it lies in its own folder this is done again.
  std::filesystem::remove(placed.identity, error);
  if (error) return failed(placed.identity);
  for (const auto file : {&Files::record_key, &Files::tls_key, &Files::tls_certificate,
                          &Files::ca_certificate, &Files::identity}) {
    std::filesystem::rename(staged.*file, placed.*file, error);
    // Moved before a power cut.
    if (error && error != std::errc::no_such_file_or_directory) return failed(placed.*file);
  }
  std::filesystem::remove_all(enrolling_folder(directory), error);
  return {};
}

base::Result<Identity> load(const std::filesystem::path& directory) {
  if (auto done = finish_enrolment(directory); !done) return std::unexpected{done.error()};
  const auto path = files_in(directory).identity;
  auto text = crypto::read_secret_file(path);
  if (!text && text.error().code == ErrorCode::not_found) {
    // Another program may be putting a new one in its place in this moment: that is waited for.
    if (auto done = finish_enrolment(directory); !done) return std::unexpected{done.error()};
    text = crypto::read_secret_file(path);
  }
  if (!text && text.error().code == ErrorCode::not_found) {
    return fail(
        ErrorCode::not_found,
        "this workstation is not enrolled (no " + path.string() +
            "); ask for a token and run: deskledger-agent enroll --collector HOST:7443 --token TOKEN");
  }
  if (!text) return std::unexpected{text.error()};
  auto reader = config::Reader::from_text(*text, path.string());
  if (!reader) return std::unexpected{reader.error()};
  std::string agent_id, key;
  std::int64_t epoch = 0, port = 7443;
  Identity identity;
  reader->text("agent_id", agent_id);
  reader->integer("epoch", epoch, 0, 0x7fffffff);
  reader->text("workstation", identity.workstation);
  reader->text("collector_host", identity.collector_host);
  reader->integer("collector_port", port, 1, 65535);
  reader->text("collector_key", key);
  if (auto done = reader->finish(); !done) return std::unexpected{done.error()};
  const auto id = record::AgentId::from_hex(agent_id);
  if (!id) return fail(path.string(), id.error());
  const auto key_bytes = base::from_hex(key);
  if (!key_bytes) return fail(path.string(), key_bytes.error());
  const auto collector_key = crypto::PublicKey::from_bytes(*key_bytes);
  if (!collector_key) return fail(path.string(), collector_key.error());
  if (identity.collector_host.empty()) {
    return fail(ErrorCode::invalid_argument, path.string() + ": 'collector_host' is missing");
  }
  identity.agent_id = *id;
  identity.epoch = static_cast<std::uint32_t>(epoch);
  identity.collector_port = static_cast<std::uint16_t>(port);
  identity.collector_key = *collector_key;
  return identity;
}

base::Result<Credentials> load_credentials(const std::filesystem::path& directory) {
  const auto files = files_in(directory);
  auto trusted = crypto::load_certificates(files.ca_certificate);
  if (!trusted) return std::unexpected{trusted.error()};
  auto own = crypto::Certificate::load(files.tls_certificate);
  if (!own) return std::unexpected{own.error()};
  auto tls_key = crypto::TlsKey::load(files.tls_key);
  if (!tls_key) return std::unexpected{tls_key.error()};
  auto record_key = crypto::SigningKey::load(files.record_key);
  if (!record_key) return std::unexpected{record_key.error()};
  return Credentials{.trusted = std::move(*trusted),
                     .own = std::move(*own),
                     .tls_key = std::move(*tls_key),
                     .record_key = std::move(*record_key)};
}

base::Status save(const std::filesystem::path& directory, const Identity& identity) {
  const std::string text =
      "# Made by `deskledger-agent enroll`. Not to be edited or copied to another machine.\n"
      "agent_id = " +
      toml_text(identity.agent_id.hex()) + "\nepoch = " + std::to_string(identity.epoch) +
      "\nworkstation = " + toml_text(identity.workstation) +
      "\ncollector_host = " + toml_text(identity.collector_host) +
      "\ncollector_port = " + std::to_string(identity.collector_port) +
      "\ncollector_key = " + toml_text(base::to_hex(identity.collector_key.bytes())) + "\n";
  return crypto::write_secret_file(files_in(directory).identity, text);
}

}  // namespace agent::identity
