// What a person does about those who may log in.

#pragma once

#include <cstdint>
#include <string>

#include "collector/actions/actor.h"
#include "common/base/result.h"

namespace collector::actions {

// Keeps a user; his id. What is noted has no password, and no hash of one. conflict if the name exists or the
// role is unknown.
[[nodiscard]] base::Result<std::int64_t> add_user(store::Transaction& tx, const Actor& actor,
                                                  const std::string& name, const std::string& role,
                                                  const std::string& password_hash);

}  // namespace collector::actions
