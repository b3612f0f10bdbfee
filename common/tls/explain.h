// What a failed operation on a TLS stream means, for the person who reads the log.

#pragma once

#include <boost/system/error_code.hpp>
#include <string>

#include "common/base/error.h"

namespace tls {

// `verify_result` is OpenSSL's X509_V_* of the other side's certificate, 0 when that was not looked at.
// unauthenticated: the other side is not who it should be. permission_denied: it refused us. unavailable:
// anything else, try again.
base::Error explain(const boost::system::error_code& error, long verify_result = 0);

}  // namespace tls
