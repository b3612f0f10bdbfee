// The first contact with a collector: a token becomes an identity.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

#include "agent/identity/identity.h"
#include "common/base/result.h"
#include "common/crypto/enroll_token.h"

namespace agent::identity {

struct EnrollOptions {
  std::filesystem::path directory;  // Made if it is not there.
  std::string host;
  std::uint16_t port = 7443;
  crypto::EnrollToken token;
  std::string hostname;
  std::string os;
  std::string agent_version;
};

// Makes the keys, asks the collector (whose CA the token names, so that nobody
// can stand between) and stores everything. conflict if the folder holds an
// identity already; permission_denied with the collector's reason if it refuses,
// or if its CA is not the token's; corrupt for an answer that is none; the
// connection's own errors otherwise. Without success no identity is left (keys
// may be; the next try replaces them).
[[nodiscard]] boost::asio::awaitable<base::Result<Identity>> enroll(EnrollOptions options);

}  // namespace agent::identity
