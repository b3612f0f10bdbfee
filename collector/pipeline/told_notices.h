// What one mail tells of the notices that wait: of each contract what says most, as it is now. Inside this
// room.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/mail/message.h"
#include "collector/store/notices.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// The places of those to be told, in their order: of what a contract has left the one that says that least is
// left, and of each end the one that is nearest. The others are told with these.
std::vector<std::size_t> worth_telling(std::span<const store::NoticeRow> all);

// As its mail tells it, with what is left at `now`: of the contract, without lots that have not begun; or of
// the lot that ends.
[[nodiscard]] base::Result<mail::NoticeLine> line_of(store::Transaction& tx, const store::NoticeRow& row,
                                                     const directory::Contract& contract, timing::UtcMs now);

}  // namespace collector::pipeline
