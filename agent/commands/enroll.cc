#include "agent/commands/enroll.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <ostream>

#include "agent/commands/collector_address.h"
#include "agent/commands/config.h"
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
  const auto config = load_config(command.config);
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
  const auto enrolled = enroll_now({.directory = command.data_directory.value_or(config->data_directory),
                                    .host = address->host,
                                    .port = address->port,
                                    .token = *token,
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
