// The collector's refusals, with what mends them: for `status` and the journal.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include "common/base/error.h"

namespace agent::uplink {

// Why the stream was refused. permission_denied if only a person can help, which all of today's are.
base::Error refusal_of(const deskledger::v1::Welcome& welcome);

// Why a batch was. unavailable: connecting again is enough.
base::Error refusal_of(const deskledger::v1::Ack& ack);

}  // namespace agent::uplink
