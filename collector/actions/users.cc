#include "collector/actions/users.h"

#include <boost/json.hpp>

#include "collector/store/users.h"

namespace collector::actions {

base::Result<std::int64_t> add_user(store::Transaction& tx, const Actor& actor, const std::string& name,
                                    const std::string& role, const std::string& password_hash) {
  const auto id = store::add_user(tx, name, role, password_hash, actor.now);
  if (!id) return std::unexpected{id.error()};
  const auto after = boost::json::serialize(boost::json::object{{"name", name}, {"role", role}});
  if (auto noted = note(tx, actor, "create", "user", name, "", after); !noted) {
    return std::unexpected{noted.error()};
  }
  return *id;
}

}  // namespace collector::actions
