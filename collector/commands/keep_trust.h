// Keeps a running collector's trust as it lies in the pki folder: what `ca` changed takes effect without a
// restart, and the port's own certificate never runs out.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>

#include "collector/identity/trust.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace collector::commands {

// A new certificate for the port if it is due, written while nobody else changes the folder: if somebody
// does, nothing is done this time.
[[nodiscard]] base::Status keep_port_certificate(const std::filesystem::path& folder, timing::UtcMs now);

// One look at the folder: issues a new certificate for the port if it is due, and takes the folder over if it
// differs from `trust`; true if it did. On an error the trust stays as it is. Reads and writes files: for a
// worker.
[[nodiscard]] base::Result<bool> look_at_trust(identity::CurrentTrust& trust,
                                               const std::filesystem::path& folder, timing::UtcMs now);

// Looks every identity::kTrustLook, until its task is cancelled. The looks happen on `worker`; what went
// wrong is logged once.
[[nodiscard]] boost::asio::awaitable<void> keep_trust(identity::CurrentTrust& trust,
                                                      std::filesystem::path folder,
                                                      boost::asio::any_io_executor worker,
                                                      const timing::Clock& clock);

}  // namespace collector::commands
