// Which HTTP proxy stands between an agent and its collector. Values in, values out.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace tls {

struct Proxy {
  bool secure =
      false;  // The proxy itself is spoken to over TLS; its certificate is the system's CAs' matter.
  std::string host;
  std::uint16_t port = 0;
  std::string user;  // Empty: nobody signs in.
  std::string password;

  // "http://proxy.example.com:3128", never with the password.
  std::string name() const;
  bool operator==(const Proxy&) const = default;
};

// http://[user[:password]@]host[:port][/], or https://; %xx in user and password stands for a byte. Without a
// scheme it is http; the port is then 80, or 443 with https. invalid_argument for anything else; the message
// never quotes the password.
[[nodiscard]] base::Result<Proxy> parse_proxy(std::string_view url);

// The value of a variable of the environment; empty: it is not set.
using Environment = std::function<std::string(const std::string& name)>;
Environment system_environment();

// What the environment says about connections to `host`: HTTPS_PROXY or https_proxy, unless NO_PROXY or
// no_proxy names the host. Nothing: the host is dialled itself. `why` tells which variable decided it, for
// the log. invalid_argument, naming the variable, if its value is no proxy.
struct ProxyChoice {
  std::optional<Proxy> proxy = {};
  std::string why;
};
[[nodiscard]] base::Result<ProxyChoice> proxy_of_environment(const std::string& host,
                                                             const Environment& environment);

// Whether one of the names in `no_proxy`, separated by commas or blanks, means `host`: "*", the host itself,
// or a domain it lies in ("example.com", ".example.com", "*.example.com"). A port behind a name is ignored.
bool is_excepted(const std::string& host, std::string_view no_proxy);

}  // namespace tls
