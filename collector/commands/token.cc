#include "collector/commands/token.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/commands/workspace.h"
#include "collector/store/agents.h"
#include "common/crypto/certificate.h"
#include "common/crypto/enroll_token.h"
#include "common/crypto/secret_file.h"
#include "common/timing/clock.h"

namespace collector::commands {

int run_token(const TokenOptions& options, std::ostream& out, std::ostream& err) {
  if (options.workstation.find_first_not_of(' ') == std::string::npos) {
    return report(err, {base::ErrorCode::invalid_argument, "a workstation needs a name"});
  }
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto pem = crypto::read_secret_file(pki_files(workspace->config.pki_directory).authority_certificate);
  if (!pem) return report(err, pem.error());
  const auto authority = crypto::Certificate::from_pem(*pem);
  if (!authority) return report(err, authority.error());
  const auto token = crypto::EnrollToken::generate(authority->digest());
  if (!token) return report(err, token.error());

  const auto now = timing::system_clock().utc();
  const auto expires = now + std::chrono::minutes{options.minutes.value_or(workspace->config.token_minutes)};
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    const std::string hash{crypto::sha256(token->secret).bytes()};
    auto created = store::create_token(
        tx, {.secret_hash = hash, .workstation = options.workstation, .created = now, .expires = expires});
    if (!created) return std::unexpected{created.error()};
    return {};
  });
  if (!done) return report(err, done.error());

  if (options.json) {
    out << boost::json::object{{"token", token->text()},
                               {"workstation", options.workstation},
                               {"expires_utc", timing::to_rfc3339(expires)}}
        << '\n';
  } else {
    out << token->text() << '\n';
    err << "For workstation " << options.workstation << ", once, until " << timing::to_rfc3339(expires)
        << ".\n"
        << "There: deskledger-agent enroll --collector HOST:7443 --token THE-LINE-ABOVE\n";
  }
  return 0;
}

}  // namespace collector::commands
