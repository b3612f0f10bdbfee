// The folder with the collector's own keys and certificates, and how its CA is replaced by the next one while
// agents go on:
//
//   ca.pem               every CA certificate that is trusted: one; two in a rotation
//   ca.key               of the one that issues
//   ca-next.key          of the one that will issue, between announce() and switch_over()
//   server.pem server.key  what the port for agents shows
//   acknowledgement.key  Ed25519; signs acknowledgements
//
//   whole -- announce --> announced -- switch_over --> switched -- finish --> whole
//     ^------- cancel -------'
//
// There is no file that says which state it is: it follows from whose keys lie there. Each change is a list
// of single files written whole or removed, in an order in which the folder can be used between any two of
// them, and the same command done again completes it. One process changes the folder at a time: the caller
// locks.

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/identity/trust.h"
#include "common/base/result.h"
#include "common/crypto/ed25519.h"
#include "common/timing/utc.h"

namespace collector::identity {

struct PkiFiles {
  std::filesystem::path authority_certificates, authority_key, next_authority_key, server_certificate,
      server_key, acknowledgement_key;
};
PkiFiles pki_files(const std::filesystem::path& folder);

enum class Rotation { whole, announced, switched };
std::string_view to_string(Rotation rotation);

// What lies in the folder, without secrets.
struct PkiState {
  Rotation rotation = Rotation::whole;
  crypto::Certificate issuing;
  std::vector<crypto::Certificate> others;  // Trusted too: the next one if announced, the former if switched.
  crypto::Certificate server;

  crypto::Digest digest() const;  // crypto::trust_digest of all that are trusted.
  // False after a change to the issuing CA that was cut off before the port had its certificate: the same
  // command, or a running `serve`, completes it.
  bool is_complete() const;
};

// corrupt, naming the files and the mend, if they do not fit together; not_found and so on for one of them.
[[nodiscard]] base::Result<PkiState> read_pki(const std::filesystem::path& folder);

// What `serve` needs.
struct Pki {
  std::shared_ptr<const Trust> trust;
  crypto::SigningKey acknowledgement_key;
};
[[nodiscard]] base::Result<Pki> load_pki(const std::filesystem::path& folder);
// Its first part alone, to be looked at again.
[[nodiscard]] base::Result<std::shared_ptr<const Trust>> load_trust(const std::filesystem::path& folder);

// Makes a new folder's files. `hosts`: names and addresses by which agents reach the collector.
[[nodiscard]] base::Status make_pki(const std::filesystem::path& folder,
                                    const std::vector<std::string>& hosts, timing::UtcMs now);

// One file of a change.
struct FileChange {
  std::filesystem::path path;
  std::optional<std::string> contents;  // Absent: the file is removed.
};
using FileChanges = std::vector<FileChange>;

// The next CA becomes known. conflict if a rotation is under way.
[[nodiscard]] base::Result<FileChanges> announce(const std::filesystem::path& folder, timing::UtcMs now);
// The next CA issues, also the server's certificate; the former one's key is destroyed. conflict unless
// announced. Done again it completes a change that was cut off.
[[nodiscard]] base::Result<FileChanges> switch_over(const std::filesystem::path& folder, timing::UtcMs now);
// The former CA is trusted no more. conflict unless switched and complete.
[[nodiscard]] base::Result<FileChanges> finish(const std::filesystem::path& folder, timing::UtcMs now);
// The next CA is dropped. conflict unless announced.
[[nodiscard]] base::Result<FileChanges> cancel(const std::filesystem::path& folder);
// A new certificate for the port, with the same key and names, if less than a third of the old one's life is
// left or it comes from another CA than the one that issues. Nothing to change otherwise.
[[nodiscard]] base::Result<FileChanges> renew_server(const std::filesystem::path& folder, timing::UtcMs now);

// The same, done.
[[nodiscard]] base::Status keep_server_certificate(const std::filesystem::path& folder, timing::UtcMs now);

[[nodiscard]] base::Status carry_out(std::span<const FileChange> changes);

}  // namespace collector::identity
