// Who this agent is, in the files of its data folder:
//
//   identity.toml   agent id, workstation, collector, its acknowledgement key, epoch
//   record.key      Ed25519; signs batches; never leaves the machine
//   tls.key tls.pem the key and short-lived certificate it connects with
//   ca.pem          the collector's private CA, the only one it trusts; two while it is being replaced
//
// All are readable by their owner alone and replaced whole or not at all. A new enrolment is made in the
// folder `enrolling` first and moved here once it is complete: until then the former one counts, and if the
// power goes while files are moved, the next load() moves the rest.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/crypto/certificate.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/tls_key.h"
#include "common/record/agent_id.h"

namespace agent::identity {

struct Identity {
  record::AgentId agent_id;
  // Of the newest outbox this agent began; 0: none yet. Each new outbox, whatever became of the one before,
  // has the next epoch, because the collector keeps the numbers of the old one for ever.
  std::uint32_t epoch = 0;
  std::string workstation;
  std::string collector_host;
  std::uint16_t collector_port = 7443;
  crypto::PublicKey collector_key;  // Signs acknowledgements.
};

// The keys and certificates, for a connection.
struct Credentials {
  std::vector<crypto::Certificate> trusted;  // CA certificates; never empty.
  crypto::Certificate own;
  crypto::TlsKey tls_key;
  crypto::SigningKey record_key;
};

// Where a new enrolment is made.
std::filesystem::path enrolling_folder(const std::filesystem::path& directory);
// Moves a complete new enrolment into place of what is there; nothing to do if there is none. Any program may
// do so at any time: they take turns (folder_lock.h), and what one of them leaves undone the next completes.
[[nodiscard]] base::Status finish_enrolment(const std::filesystem::path& directory);

// not_found, saying that the agent is not enrolled and what to do, if there is no identity. Otherwise the
// message names the file: corrupt or invalid_argument for its contents, permission_denied, unavailable.
[[nodiscard]] base::Result<Identity> load(const std::filesystem::path& directory);
[[nodiscard]] base::Result<Credentials> load_credentials(const std::filesystem::path& directory);

// identity.toml is written last by enrolment: without it nothing counts.
[[nodiscard]] base::Status save(const std::filesystem::path& directory, const Identity& identity);

struct Files {
  std::filesystem::path identity, record_key, tls_key, tls_certificate, ca_certificate;
};
Files files_in(const std::filesystem::path& directory);

}  // namespace agent::identity
