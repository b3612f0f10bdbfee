// What a failed operation on a TLS stream means, for the person who reads the log.

#pragma once

#include <boost/system/error_code.hpp>
#include <string>

#include "common/base/error.h"

namespace tls {

// The certificate that the other side showed in a handshake that failed.
struct Presented {
  std::string server = "the server";  // Who showed it.
  long verify_result = 0;             // OpenSSL's X509_V_*; 0 when it was not looked at, or holds.
  std::string issuer = {};            // Whom it names as its issuer; empty: not known.
};

// unauthenticated: the other side is not who it should be, or does not even speak TLS: somebody stands
// between, and waiting or a person helps. permission_denied: it refused us. unavailable: anything else, try
// again.
base::Error explain(const boost::system::error_code& error, const Presented& presented = {});

}  // namespace tls
