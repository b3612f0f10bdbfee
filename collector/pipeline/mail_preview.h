// What a mail would tell now, for somebody who looks at a template. Nothing is written.

#pragma once

#include <cstdint>

#include "collector/directory/nouns.h"
#include "collector/mail/message.h"
#include "collector/pipeline/settings.h"
#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// Of one session that stands in a ledger; `kind` is sessions or partner_copy. not_found if it stands in none:
// it is not charged yet, or was taken back.
[[nodiscard]] base::Result<mail::MailInput> preview_of_session(store::Transaction& tx, mail::Kind kind,
                                                               std::int64_t session_id,
                                                               const directory::Directory& directory,
                                                               const Settings& settings, timing::UtcMs now);

// Of what waits to be told to the customer, or to the first of the partners that wait for a copy, or of the
// notices of his contracts that stand. not_found if there is nothing.
[[nodiscard]] base::Result<mail::MailInput> preview_of_customer(store::Transaction& tx, mail::Kind kind,
                                                                const directory::Customer& customer,
                                                                const directory::Directory& directory,
                                                                const Settings& settings, timing::UtcMs now);

}  // namespace collector::pipeline
