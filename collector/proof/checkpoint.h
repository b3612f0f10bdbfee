// A checkpoint of the collector's log (https://c2sp.org/tlog-checkpoint): so many leaves, this root, signed.
//
//   origin
//   decimal size
//   base64 root
//   time 2026-11-22T01:02:03.000Z     an extension line of ours
//
//   \u2014 origin base64(key id || signature)

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "collector/proof/note.h"
#include "common/base/result.h"
#include "common/crypto/digest.h"
#include "common/timing/utc.h"

namespace collector::proof {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  crypto::Digest root;
  timing::UtcMs signed_at;

  bool operator==(const Checkpoint&) const = default;
};

std::string checkpoint_text(const Checkpoint& checkpoint);
std::string sign_checkpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key);

// The checkpoint of a note that bears a valid signature of `key`, whose name must be the origin. Errors as
// open_note(), and corrupt if the text is not exactly what checkpoint_text() writes for it.
[[nodiscard]] base::Result<Checkpoint> open_checkpoint(std::string_view note, const NoteKey& key);

}  // namespace collector::proof
