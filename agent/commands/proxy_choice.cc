#include "agent/commands/proxy_choice.h"

#include "common/crypto/secret_file.h"

namespace agent::commands {

base::Result<tls::ProxyChoice> choose_proxy(const Config& config, const std::string& host,
                                            const tls::Environment& environment) {
  if (config.proxy_url == "none") return tls::ProxyChoice{.why = "proxy.url"};
  if (config.proxy_url == "environment") return tls::proxy_of_environment(host, environment);
  auto proxy = tls::parse_proxy(config.proxy_url);
  if (!proxy) return base::fail("proxy.url", proxy.error());
  if (!config.proxy_password_file.empty()) {
    auto password = crypto::read_secret_file(config.proxy_password_file);
    if (!password) return base::fail("proxy.password_file", password.error());
    // An editor ends the line.
    while (password->ends_with('\n') || password->ends_with('\r')) password->pop_back();
    proxy->password = std::move(*password);
  }
  return tls::ProxyChoice{.proxy = std::move(*proxy), .why = "proxy.url"};
}

}  // namespace agent::commands
