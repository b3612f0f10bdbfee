#include "agent/commands/enroll.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <ostream>

#include "agent/commands/config.h"
#include "agent/identity/enroll.h"
#include "agent/platform/places.h"
#include "common/base/version.h"

namespace agent::commands {

namespace {

constexpr std::uint16_t kDefaultPort = 7443;

struct Address {
  std::string host;
  std::uint16_t port = kDefaultPort;
};

base::Result<Address> parse_address(std::string text) {
  const auto bad = [&] {
    return base::fail(base::ErrorCode::invalid_argument,
                      "'" + text + "' is no collector address such as collector.example.com:7443");
  };
  // What people copy from elsewhere.
  for (const std::string_view scheme : {"wss://", "https://"}) {
    if (text.starts_with(scheme)) text.erase(0, scheme.size());
  }
  while (text.ends_with('/')) text.pop_back();
  Address address{.host = text};
  const auto colon = text.rfind(':');
  const auto bracket = text.rfind(']');
  const bool has_port =
      colon != std::string::npos && (text.front() == '[' ? bracket + 1 == colon : text.find(':') == colon);
  if (has_port) {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (error != std::errc{} || rest != end || address.port == 0) return bad();
    address.host = text.substr(0, colon);
  }
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (address.host.empty() || address.host.find_first_of(" /\t") != std::string::npos) return bad();
  return address;
}

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
  const auto address = parse_address(command.collector);
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
