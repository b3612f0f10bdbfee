#include "collector/actions/actor.h"

#include <utility>

namespace collector::actions {

base::Status note(store::Transaction& tx, const Actor& actor, std::string action, std::string object,
                  std::string key, std::string before, std::string after) {
  const store::Change change{.who = actor.who,
                             .action = std::move(action),
                             .object = std::move(object),
                             .key = std::move(key),
                             .before = std::move(before),
                             .after = std::move(after),
                             .why = actor.why};
  if (const auto number = store::note_change(tx, change, actor.now); !number) {
    return std::unexpected{number.error()};
  }
  return {};
}

}  // namespace collector::actions
