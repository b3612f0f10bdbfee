// Support points: added, changed, imported. No two validities of the same workstation or AnyDesk ID overlap,
// unless a person says that several technicians share it.

#pragma once

#include "collector/actions/master_data.h"
#include "collector/directory/nouns.h"

namespace collector::actions {

// Whether several technicians may use the point at a time. Its sessions need a number in the comment then.
enum class Sharing { refused, meant };

// A new one, of the technician `technician_number`. conflict, naming the other row, if it overlaps.
[[nodiscard]] base::Result<Done> add_support_point(store::Transaction& tx, const Actor& actor,
                                                   std::int64_t technician_number,
                                                   directory::SupportPoint support_point,
                                                   Sharing sharing = Sharing::refused);

// The validity of the row `support_point.id`.
[[nodiscard]] base::Result<Done> change_support_point(store::Transaction& tx, const Actor& actor,
                                                      const directory::SupportPoint& support_point,
                                                      Sharing sharing = Sharing::refused);

// As a file says it: a row of the same technician that overlaps is changed to this validity; conflict if
// there are two, or if another technician's overlaps.
[[nodiscard]] base::Result<Done> import_support_point(store::Transaction& tx, const Actor& actor,
                                                      std::int64_t technician_number,
                                                      directory::SupportPoint support_point,
                                                      Sharing sharing = Sharing::refused);

}  // namespace collector::actions
