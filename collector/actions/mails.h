// What a person does about mails to customers.

#pragma once

#include <cstdint>
#include <string>

#include "collector/actions/actor.h"
#include "common/base/result.h"

namespace collector::actions {

// Closes every open window now; how many sessions that concerned. Nothing is noted if there were none.
[[nodiscard]] base::Result<std::int64_t> flush_mails(store::Transaction& tx, const Actor& actor);

// A failed or uncertain mail goes out again, with the same Message-ID; its recipient. conflict for a mail in
// any other state, not_found if there is none.
[[nodiscard]] base::Result<std::string> resend_mail(store::Transaction& tx, const Actor& actor,
                                                    std::int64_t mail_id);

}  // namespace collector::actions
