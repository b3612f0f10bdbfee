// The first contact with a collector: a token becomes an identity.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "agent/identity/identity.h"
#include "common/base/result.h"
#include "common/crypto/enroll_token.h"
#include "common/tls/proxy.h"

namespace agent::identity {

struct EnrollOptions {
  std::filesystem::path directory;  // Made if it is not there.
  std::string host;
  std::uint16_t port = 7443;
  std::optional<tls::Proxy> proxy = {};  // That leads to the host.
  crypto::EnrollToken token;
  bool replace = false;  // An enrolment that is there; it counts until the new one is complete.
  std::string hostname;
  std::string os;
  std::string agent_version;
};

// Makes the keys, asks the collector (whose CA the token names, so that nobody
// can stand between) and stores everything. Each error's message says the reason
// and the mend: conflict if the folder holds an identity already and `replace`
// is not set; permission_denied with the collector's reason if it refuses, or if
// its CA is not the token's; corrupt for an answer that is none; the
// connection's own errors otherwise. Without success nothing that counts is
// changed. If the answer was lost, the keys stay, and the same token can be used
// again: the collector knows them. No agent may be running with the folder.
[[nodiscard]] boost::asio::awaitable<base::Result<Identity>> enroll(EnrollOptions options);

}  // namespace agent::identity
