// What is behind ClientTls and ServerTls. For context.cc and tls_stream.cc only.

#pragma once

#include <boost/asio/ssl/context.hpp>
#include <optional>

#include "common/crypto/digest.h"

namespace tls {

struct Context {
  boost::asio::ssl::context native{boost::asio::ssl::context::tls};
  // Set for enrolment: the only CA certificate that is trusted.
  std::optional<crypto::Digest> expected_ca;
};

}  // namespace tls
