#include "common/tls/proxy.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "common/base/hex.h"

namespace tls {

namespace {

using base::ErrorCode;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const auto byte = base::from_hex(text.substr(at + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    out += *byte;
    at += 2;
  }
  return out;
}

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':' ||
           c == '%';
  });
}

// "host", "host:port", "[v6]" or "[v6]:port".
bool read_address(std::string_view text, Proxy& proxy) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    proxy.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && !port.starts_with(':')) return false;
  } else {
    const auto colon = text.find(':');
    proxy.host = text.substr(0, colon);
    if (proxy.host.find(':') != std::string::npos) return false;
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  if (!is_host(proxy.host)) return false;
  if (port.empty()) return true;
  port.remove_prefix(1);
  const char* const end = port.data() + port.size();
  const auto [rest, error] = std::from_chars(port.data(), end, proxy.port);
  return error == std::errc{} && rest == end && proxy.port != 0;
}

// "proxy.example.com:3128" of "proxy.example.com:3128, other".
std::string_view next_name(std::string_view& list) {
  const auto begin = std::min(list.find_first_not_of(", \t"), list.size());
  const auto end = std::min(list.find_first_of(", \t", begin), list.size());
  const auto name = list.substr(begin, end - begin);
  list.remove_prefix(end);
  return name;
}

std::string without_port(std::string_view name) {
  if (name.starts_with('[')) return std::string{name.substr(1, name.find(']') - 1)};
  const auto colon = name.find(':');
  const bool one = colon != std::string_view::npos && name.find(':', colon + 1) == std::string_view::npos;
  return std::string{one ? name.substr(0, colon) : name};
}

}  // namespace

std::string Proxy::name() const {
  const std::string shown = host.find(':') == std::string::npos ? host : '[' + host + ']';
  return (secure ? "https://" : "http://") + shown + ':' + std::to_string(port);
}

base::Result<Proxy> parse_proxy(std::string_view url) {
  Proxy proxy;
  std::string_view rest = url;
  const auto scheme = rest.find("://");
  if (scheme != std::string_view::npos) {
    const auto name = lowered(rest.substr(0, scheme));
    if (name != "http" && name != "https") {
      return base::fail(ErrorCode::invalid_argument,
                        "a proxy begins with http:// or https://, not with '" + name + "://'");
    }
    proxy.secure = name == "https";
    rest.remove_prefix(scheme + 3);
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  proxy.port = proxy.secure ? 443 : 80;
  const auto at = rest.rfind('@');
  bool ok = true;
  if (at != std::string_view::npos) {
    const auto person = rest.substr(0, at);
    const auto colon = person.find(':');
    const auto user = unescaped(person.substr(0, colon));
    const auto password = unescaped(colon == std::string_view::npos ? "" : person.substr(colon + 1));
    // RFC 7617 section 2: a user name with a colon cannot be told from its password.
    ok = user && password && !user->empty() && user->find(':') == std::string::npos;
    if (ok) {
      proxy.user = *user;
      proxy.password = *password;
    }
    rest.remove_prefix(at + 1);
  }
  if (!ok || !read_address(rest, proxy)) {
    return base::fail(ErrorCode::invalid_argument,
                      "the proxy's address is none such as http://proxy.example.com:3128 or "
                      "http://user:password@proxy.example.com:3128");
  }
  return proxy;
}

Environment system_environment() {
  return [](const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return std::string{value == nullptr ? "" : value};
  };
}

bool is_excepted(const std::string& host, std::string_view no_proxy) {
  const auto wanted = lowered(host);
  for (auto name = next_name(no_proxy); !name.empty(); name = next_name(no_proxy)) {
    auto known = lowered(without_port(name));
    if (known == "*") return true;
    if (known.starts_with("*")) known.erase(0, 1);
    if (known.starts_with(".")) known.erase(0, 1);
    if (known.empty()) continue;
    if (wanted == known || wanted.ends_with('.' + known)) return true;
  }
  return false;
}

base::Result<ProxyChoice> proxy_of_environment(const std::string& host, const Environment& environment) {
  for (const std::string name : {"NO_PROXY", "no_proxy"}) {
    if (is_excepted(host, environment(name))) return ProxyChoice{.why = name + " of the environment"};
  }
  for (const std::string name : {"HTTPS_PROXY", "https_proxy"}) {
    const auto url = environment(name);
    if (url.empty()) continue;
    auto proxy = parse_proxy(url);
    if (!proxy) return base::fail(name + " of the environment", proxy.error());
    return ProxyChoice{.proxy = std::move(*proxy), .why = name + " of the environment"};
  }
  return ProxyChoice{.why = "the environment names no proxy"};
}

}  // namespace tls
