#include "agent/commands/enroll.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <ostream>

#include "agent/commands/collector_address.h"
#include "agent/commands/config.h"
#include "agent/commands/proxy_choice.h"
#include "agent/commands/single.h"
#include "agent/identity/enroll.h"
#include "agent/platform/places.h"
#include "common/base/version.h"

namespace agent::commands {

namespace {

base::Result<identity::Identity> enroll_now(identity::EnrollOptions options) {
  boost::asio::io_context io{1};
  base::Result<identity::Identity> result = base::fail(base::ErrorCode::internal, "enrolment did not run");
  boost::asio::co_spawn(io, identity::enroll(std::move(options)),
                        [&](const std::exception_ptr& crash, base::Result<identity::Identity> enrolled) {
                          if (!crash) result = std::move(enrolled);
                        });
  io.run();
  return result;
}

}  // namespace

int run_enroll(const EnrollCommand& command, std::ostream& out, std::ostream& err) {
  auto config = load_config(command.config);
  if (!config) {
    err << "deskledger-agent: " << config.error().message << '\n';
    return 1;
  }
  const auto address = parse_collector_address(command.collector);
  const auto token = crypto::EnrollToken::from_text(command.token);
  if (!address || !token) {
    err << "deskledger-agent: " << (address ? token.error().message : address.error().message) << '\n';
    return 2;
  }
  if (command.proxy) {
    config->proxy_url = *command.proxy;
    config->proxy_password_file.clear();
  }
  const auto choice = choose_proxy(*config, address->host);
  if (!choice) {
    err << "deskledger-agent: " << choice.error().message << '\n';
    return 2;
  }
  const auto directory = command.data_directory.value_or(config->data_directory);
  // A running agent would go on with the former keys and certificate.
  std::optional<Single> alone;
  std::error_code error;
  if (command.replace && std::filesystem::exists(identity::files_in(directory).identity, error)) {
    auto taken = Single::take(directory);
    if (!taken) {
      err << "deskledger-agent: " << taken.error().message << "; stop the agent first, then run this again\n";
      return 1;
    }
    alone.emplace(std::move(*taken));
  }
  const auto enrolled = enroll_now({.directory = directory,
                                    .host = address->host,
                                    .port = address->port,
                                    .proxy = choice->proxy,
                                    .token = *token,
                                    .replace = command.replace,
                                    .hostname = platform::hostname(),
                                    .os = platform::os_name(),
                                    .agent_version = std::string{base::kVersion}});
  if (!enrolled) {
    err << "deskledger-agent: " << enrolled.error().message << '\n';
    return 1;
  }
  out << "This workstation is enrolled as '" << enrolled->workstation << "' at " << enrolled->collector_host
      << ':' << enrolled->collector_port << ".\nAgent id " << enrolled->agent_id.hex()
      << ". Next: deskledger-agent run\n";
  return 0;
}

}  // namespace agent::commands
