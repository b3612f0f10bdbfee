#include "collector/commands/init.h"

#include <map>
#include <ostream>
#include <system_error>

#include "collector/actions/templates.h"
#include "collector/actions/users.h"
#include "collector/commands/collector_full_toml.h"
#include "collector/commands/config.h"
#include "collector/commands/log_key.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/identity/password.h"
#include "collector/identity/pki.h"
#include "collector/store/connection.h"
#include "collector/store/migrate.h"
#include "common/crypto/base64url.h"
#include "common/crypto/random.h"
#include "common/crypto/secret_file.h"
#include "common/timing/clock.h"

namespace collector::commands {

using base::ErrorCode;

namespace {

// As a TOML basic string.
std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

base::Status make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return {};
  return base::fail(ErrorCode::permission_denied,
                    "cannot make the folder " + folder.string() + ": " + error.message());
}

// Replaces `#name = ...` by `name = "value"` in the documented configuration.
std::string with_options(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const auto at = text.find("\n#" + name + " = ");
    if (at == std::string::npos) continue;
    const auto end = text.find('\n', at + 1);
    text.replace(at + 1, end - at - 1, name + " = " + quoted(value));
  }
  return text;
}

// The administrator's password, which nobody can ask for again.
base::Result<std::string> make_database(const Config& config, const std::string& administrator) {
  const auto actor = this_actor("");
  auto random = crypto::random_bytes(15);
  if (!random) return std::unexpected{random.error()};
  const std::string password = crypto::to_base64url(*random);
  auto hash = identity::hash_password(password);
  if (!hash) return std::unexpected{hash.error()};
  auto database = store::Connection::open(config.database_url);
  if (!database) return std::unexpected{database.error()};
  if (auto done = store::migrate(*database, actor.now); !done) return std::unexpected{done.error()};
  const auto done = database->transaction([&](store::Transaction& tx) -> base::Status {
    if (auto user = actions::add_user(tx, actor, administrator, "administrator", *hash); !user) {
      return std::unexpected{user.error()};
    }
    const auto standard =
        actions::new_template(tx, actor, {.name = "standard", .version = {}, .rule = rating::Rule{}});
    if (!standard) return std::unexpected{standard.error()};
    return {};
  });
  if (!done) return std::unexpected{done.error()};
  return password;
}

base::Result<std::string> make_everything(const InitOptions& options) {
  std::vector<std::string> hosts = options.hosts;
  for (const char* always : {"localhost", "127.0.0.1", "::1"}) hosts.emplace_back(always);
  const auto pki = options.directory / "pki";
  if (auto done = make_folder(pki); !done) return std::unexpected{done.error()};
  if (auto done = crypto::keep_folder_private(pki); !done) return std::unexpected{done.error()};
  if (auto done = identity::make_pki(pki, hosts, timing::system_clock().utc()); !done)
    return std::unexpected{done.error()};
  if (auto done = make_folder(options.directory / "mails"); !done) return std::unexpected{done.error()};

  std::map<std::string, std::string> values{{"transport", options.mail_transport},
                                            {"origin", origin_of(options.hosts)}};
  if (!options.database_url.empty()) values["url"] = options.database_url;
  if (!options.listen_agents.empty()) values["agents"] = options.listen_agents;
  const std::string text = with_options(std::string{embedded::collector}, values);
  const auto file = options.directory / "collector.toml";
  if (auto done = crypto::write_secret_file(file, text); !done) return std::unexpected{done.error()};
  const auto config = load_config(file);
  if (!config) return std::unexpected{config.error()};
  if (auto key = load_or_make_log_key(*config); !key) return std::unexpected{key.error()};
  return make_database(*config, options.administrator);
}

}  // namespace

int run_init(const InitOptions& options, std::ostream& out, std::ostream& err) {
  std::error_code error;
  const bool existed = std::filesystem::exists(options.directory, error);
  if (existed && !std::filesystem::is_empty(options.directory, error)) {
    return report(err, {ErrorCode::conflict,
                        options.directory.string() +
                            " exists and is not an empty folder: choose another one; nothing was changed"});
  }
  if (const auto made = make_folder(options.directory); !made) return report(err, made.error());
  std::filesystem::permissions(options.directory, std::filesystem::perms::owner_all, error);

  const auto password = make_everything(options);
  if (!password) {
    for (const auto& entry : std::filesystem::directory_iterator{options.directory, error}) {
      std::filesystem::remove_all(entry.path(), error);
    }
    if (!existed) std::filesystem::remove(options.directory, error);
    return report(err, password.error());
  }
  const auto config = (options.directory / "collector.toml").string();
  out << "A collector was made in " << options.directory.string() << "\n\n"
      << "  administrator  " << options.administrator << "\n"
      << "  password       " << *password << "   (shown once; only its hash is kept)\n\n"
      << "Next:\n"
      << "  deskledger-collector import --config " << config
      << " FILE.csv...     your customers, terminals, contracts\n"
      << "  deskledger-collector serve --config " << config << "\n"
      << "  deskledger-collector token create --config " << config << " --workstation NAME\n";
  return 0;
}

}  // namespace collector::commands
