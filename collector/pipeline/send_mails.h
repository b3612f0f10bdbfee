// Composed mails go out, one at a time, at most once without a person's word
// (docs/decisions/0005).

#pragma once

#include <cstdint>
#include <string>

#include "collector/mail/transport.h"
#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace collector::pipeline {

// Mails that a killed collector left in the middle of being sent: `uncertain`
// from now on, or composed again where sending twice changes nothing (`repeatable`).
// Only while nothing is being sent. How many there were.
[[nodiscard]] base::Result<std::int64_t> settle_interrupted(store::Connection& connection, bool repeatable,
                                                            timing::UtcMs now);

// Sends the mail that has waited longest: marks it `sending`, durably, then
// delivers it, then notes what became of it. How many were tried: 1, or 0 if
// none is due. Blocks while delivering.
[[nodiscard]] base::Result<std::int64_t> send_mails(store::Connection& connection, mail::Transport& transport,
                                                    const std::string& sender_address,
                                                    const timing::Clock& clock);

}  // namespace collector::pipeline
