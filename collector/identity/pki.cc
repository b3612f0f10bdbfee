#include "collector/identity/pki.h"

#include <algorithm>
#include <system_error>

#include "common/crypto/secret_file.h"

namespace collector::identity {

using base::ErrorCode;
using base::fail;

namespace {

// Everything of the folder, secrets too.
struct Folder {
  PkiState state;
  crypto::TlsKey issuing_key;
  std::optional<crypto::TlsKey> next_key;  // Of state.others.front(), if announced.
};

base::Result<std::optional<crypto::TlsKey>> load_if_there(const std::filesystem::path& path) {
  auto key = crypto::TlsKey::load(path);
  if (!key && key.error().code == ErrorCode::not_found) return std::nullopt;
  if (!key) return std::unexpected{key.error()};
  return std::optional{*std::move(key)};
}

base::Result<Folder> read(const std::filesystem::path& folder) {
  const PkiFiles files = pki_files(folder);
  auto trusted = crypto::load_certificates(files.authority_certificates);
  if (!trusted) return std::unexpected{trusted.error()};
  auto key = crypto::TlsKey::load(files.authority_key);
  if (!key) return std::unexpected{key.error()};
  auto server = crypto::Certificate::load(files.server_certificate);
  if (!server) return std::unexpected{server.error()};
  const auto own = std::ranges::find_if(*trusted, [&](const auto& ca) { return key->is_for(ca); });
  if (own == trusted->end()) {
    return fail(ErrorCode::corrupt, files.authority_key.string() + " is the key of no certificate in " +
                                        files.authority_certificates.string() +
                                        ": restore both from the same backup");
  }
  PkiState state{.rotation = Rotation::whole, .issuing = *own, .others = {}, .server = *std::move(server)};
  trusted->erase(own);
  state.others = *std::move(trusted);
  if (state.others.empty()) {
    return Folder{.state = std::move(state), .issuing_key = *std::move(key), .next_key = {}};
  }
  auto next = load_if_there(files.next_authority_key);
  if (!next) return std::unexpected{next.error()};
  // Without its key it can only be a former one. A key of neither was left behind by a change that was cut
  // off.
  const bool announced = *next && (*next)->is_for(state.others.front());
  state.rotation = announced ? Rotation::announced : Rotation::switched;
  return Folder{.state = std::move(state),
                .issuing_key = *std::move(key),
                .next_key = announced ? *std::move(next) : std::nullopt};
}

base::Result<crypto::Certificate> issue_server(const std::filesystem::path& folder,
                                               const crypto::Authority& authority,
                                               const crypto::Certificate& old, timing::UtcMs now) {
  const auto key = crypto::TlsKey::load(pki_files(folder).server_key);
  if (!key) return std::unexpected{key.error()};
  return authority.issue_server(*key, old.names(), now);
}

// Two of them are told apart by people.
std::string name_of_authority(timing::UtcMs now) {
  return "Deskledger private CA of " + timing::to_rfc3339(now).substr(0, 19) + "Z";
}

std::unexpected<base::Error> out_of_turn(const std::string& what, Rotation rotation) {
  const char* const hint = rotation == Rotation::whole ? "no CA is being replaced; begin with: ca rotate"
                           : rotation == Rotation::announced
                               ? "the next CA is announced; go on with: ca switch, "
                                 "or drop it with: ca cancel"
                               : "the next CA issues already; go on with: ca finish";
  return fail(ErrorCode::conflict, what + ": " + hint);
}

bool is_due(const crypto::Certificate& server, timing::UtcMs now) {
  return server.not_after() - now < (server.not_after() - server.not_before()) / 3;
}

}  // namespace

PkiFiles pki_files(const std::filesystem::path& folder) {
  return {.authority_certificates = folder / "ca.pem",
          .authority_key = folder / "ca.key",
          .next_authority_key = folder / "ca-next.key",
          .server_certificate = folder / "server.pem",
          .server_key = folder / "server.key",
          .acknowledgement_key = folder / "acknowledgement.key"};
}

std::string_view to_string(Rotation rotation) {
  switch (rotation) {
    case Rotation::whole: return "none";
    case Rotation::announced: return "announced";
    case Rotation::switched: return "switched";
  }
  return "none";
}

crypto::Digest PkiState::digest() const {
  std::vector<crypto::Certificate> trusted{issuing};
  trusted.insert(trusted.end(), others.begin(), others.end());
  return crypto::trust_digest(trusted);
}

bool PkiState::is_complete() const {
  return rotation != Rotation::switched || server.is_issued_by(issuing);
}

base::Result<PkiState> read_pki(const std::filesystem::path& folder) {
  auto all = read(folder);
  if (!all) return std::unexpected{all.error()};
  return std::move(all->state);
}

base::Result<std::shared_ptr<const Trust>> load_trust(const std::filesystem::path& folder) {
  auto all = read(folder);
  if (!all) return std::unexpected{all.error()};
  const auto server_key = crypto::TlsKey::load(pki_files(folder).server_key);
  if (!server_key) return std::unexpected{server_key.error()};
  auto authority = crypto::Authority::adopt(all->state.issuing, std::move(all->issuing_key));
  if (!authority) return fail("loading " + folder.string(), authority.error());
  auto trust =
      Trust::make(*std::move(authority), std::move(all->state.others), all->state.server, *server_key);
  if (!trust) return fail("loading " + folder.string(), trust.error());
  return trust;
}

base::Result<Pki> load_pki(const std::filesystem::path& folder) {
  auto trust = load_trust(folder);
  if (!trust) return std::unexpected{trust.error()};
  auto acknowledgement_key = crypto::SigningKey::load(pki_files(folder).acknowledgement_key);
  if (!acknowledgement_key) return std::unexpected{acknowledgement_key.error()};
  return Pki{.trust = *std::move(trust), .acknowledgement_key = *std::move(acknowledgement_key)};
}

base::Status make_pki(const std::filesystem::path& folder, const std::vector<std::string>& hosts,
                      timing::UtcMs now) {
  const PkiFiles files = pki_files(folder);
  const auto authority = crypto::Authority::create(name_of_authority(now), now);
  if (!authority) return std::unexpected{authority.error()};
  const auto authority_key = authority->key().pem();
  if (!authority_key) return std::unexpected{authority_key.error()};
  const auto server_key = crypto::TlsKey::generate();
  if (!server_key) return std::unexpected{server_key.error()};
  const auto server_pem = server_key->pem();
  if (!server_pem) return std::unexpected{server_pem.error()};
  const auto server = authority->issue_server(*server_key, hosts, now);
  if (!server) return std::unexpected{server.error()};
  const auto signing = crypto::SigningKey::generate();
  if (!signing) return std::unexpected{signing.error()};
  const FileChanges changes{{files.authority_key, *authority_key},
                            {files.authority_certificates, authority->certificate().pem()},
                            {files.server_key, *server_pem},
                            {files.server_certificate, server->pem()}};
  if (auto done = carry_out(changes); !done) return done;
  return signing->save(files.acknowledgement_key);
}

base::Result<FileChanges> announce(const std::filesystem::path& folder, timing::UtcMs now) {
  const auto all = read(folder);
  if (!all) return std::unexpected{all.error()};
  if (all->state.rotation != Rotation::whole) {
    return out_of_turn("no other CA can be made now", all->state.rotation);
  }
  const auto next = crypto::Authority::create(name_of_authority(now), now);
  if (!next) return std::unexpected{next.error()};
  const auto key = next->key().pem();
  if (!key) return std::unexpected{key.error()};
  // The key first: a key without a certificate is nothing yet.
  const PkiFiles files = pki_files(folder);
  return FileChanges{{files.next_authority_key, *key},
                     {files.authority_certificates, all->state.issuing.pem() + next->certificate().pem()}};
}

base::Result<FileChanges> switch_over(const std::filesystem::path& folder, timing::UtcMs now) {
  auto all = read(folder);
  if (!all) return std::unexpected{all.error()};
  if (all->state.rotation == Rotation::whole) return out_of_turn("nothing to switch to", Rotation::whole);
  const PkiFiles files = pki_files(folder);
  FileChanges changes;
  if (all->state.rotation == Rotation::announced) {
    const auto key = all->next_key->pem();
    if (!key) return std::unexpected{key.error()};
    const auto next = crypto::Authority::adopt(all->state.others.front(), *std::move(all->next_key));
    if (!next) return std::unexpected{next.error()};
    const auto server = issue_server(folder, *next, all->state.server, now);
    if (!server) return std::unexpected{server.error()};
    // From the first step on the next one issues; the server's certificate of the former is still trusted.
    changes = {{files.authority_key, *key}, {files.server_certificate, server->pem()}};
  } else {
    auto server = renew_server(folder, now);
    if (!server) return std::unexpected{server.error()};
    std::error_code error;
    if (server->empty() && !std::filesystem::exists(files.next_authority_key, error)) {
      return out_of_turn("nothing to switch to", Rotation::switched);
    }
    changes = *std::move(server);
  }
  changes.push_back({files.next_authority_key, std::nullopt});
  return changes;
}

base::Result<FileChanges> finish(const std::filesystem::path& folder, timing::UtcMs now) {
  const auto all = read(folder);
  if (!all) return std::unexpected{all.error()};
  if (all->state.rotation != Rotation::switched) {
    return out_of_turn("nothing to finish", all->state.rotation);
  }
  if (!all->state.is_complete()) {
    return fail(ErrorCode::conflict,
                "the change to the CA that issues was cut off, so nobody has a certificate "
                "of it yet; complete it with: ca switch");
  }
  auto changes = renew_server(folder, now);
  if (!changes) return std::unexpected{changes.error()};
  const PkiFiles files = pki_files(folder);
  changes->push_back({files.authority_certificates, all->state.issuing.pem()});
  changes->push_back({files.next_authority_key, std::nullopt});
  return changes;
}

base::Result<FileChanges> cancel(const std::filesystem::path& folder) {
  const auto all = read(folder);
  if (!all) return std::unexpected{all.error()};
  if (all->state.rotation != Rotation::announced) {
    return out_of_turn("nothing to cancel", all->state.rotation);
  }
  // The certificate first: without its key it would be taken for a former CA's.
  const PkiFiles files = pki_files(folder);
  return FileChanges{{files.authority_certificates, all->state.issuing.pem()},
                     {files.next_authority_key, std::nullopt}};
}

base::Result<FileChanges> renew_server(const std::filesystem::path& folder, timing::UtcMs now) {
  auto all = read(folder);
  if (!all) return std::unexpected{all.error()};
  const auto& state = all->state;
  if (state.server.is_issued_by(state.issuing) && !is_due(state.server, now)) return FileChanges{};
  const auto authority = crypto::Authority::adopt(state.issuing, std::move(all->issuing_key));
  if (!authority) return std::unexpected{authority.error()};
  const auto server = issue_server(folder, *authority, state.server, now);
  if (!server) return fail("renewing the port's own certificate", server.error());
  return FileChanges{{pki_files(folder).server_certificate, server->pem()}};
}

base::Status keep_server_certificate(const std::filesystem::path& folder, timing::UtcMs now) {
  const auto due = renew_server(folder, now);
  return due ? carry_out(*due) : std::unexpected{due.error()};
}

base::Status carry_out(std::span<const FileChange> changes) {
  for (const auto& change : changes) {
    if (change.contents) {
      if (auto done = crypto::write_secret_file(change.path, *change.contents); !done) return done;
      continue;
    }
    std::error_code error;
    std::filesystem::remove(change.path, error);
    if (error) {
      return fail(ErrorCode::permission_denied, "removing " + change.path.string() + ": " + error.message());
    }
  }
  return {};
}

}  // namespace collector::identity
