// What the actions on master data have in common.
//
// Each noun has one put function. It checks the row, writes it, and notes the change with the row before and
// after, or does nothing when nothing differs. Whoever adds or changes one row makes the pipeline look at
// sessions in review again; an import does that once for all its rows (store::bump_directory_version).

#pragma once

#include <string>

#include "collector/actions/actor.h"
#include "collector/store/directory.h"
#include "common/base/result.h"

namespace collector::actions {

// How a person came to write the row.
enum class Way {
  add,     // There must be none yet.
  change,  // There must be one.
  import,  // Either.
};

struct Done {
  std::string key;  // What people call it: a code, a number, an address.
  bool created = false;
  bool changed = false;  // Also true when created.
};

// The rest is for this room.

// conflict or not_found, with `noun` and `key`, if `exists` is not what `way` needs.
[[nodiscard]] base::Status check_way(Way way, bool exists, const std::string& noun, const std::string& key);

// invalid_argument, naming the field, for text that the store does not keep or that is too long; with
// `required` for empty text, too.
[[nodiscard]] base::Status check_text(const std::string& field, const std::string& text,
                                      bool required = false);
// The same for an address, which may be empty unless `required`.
[[nodiscard]] base::Status check_email(const std::string& field, const std::string& text,
                                       bool required = false);

// A language that is typed: written as it is kept, or invalid_argument naming the field and the nearest one.
[[nodiscard]] base::Status take_language(const std::string& field, std::string& text);

// Notes what `put` did and, unless it is an import, makes the pipeline look again if `attributed`: if
// attribution may come out otherwise.
[[nodiscard]] base::Result<Done> finish(store::Transaction& tx, const Actor& actor, Way way,
                                        const std::string& object, const std::string& key,
                                        const store::Put& put, const std::string& before,
                                        const std::string& after, bool attributed = true);

}  // namespace collector::actions
