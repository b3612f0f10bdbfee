// What was agreed: all versions of templates. directory.h adds them and finds the newest.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"

namespace collector::store {

// One version; not_found, with both, if there is none.
[[nodiscard]] base::Result<directory::Template> find_template(Transaction& transaction,
                                                              const std::string& name, std::int64_t version);

struct TemplateName {
  std::string name;
  std::int64_t version = 0;
};

// What the template version of that id is called; nothing if there is none.
[[nodiscard]] base::Result<std::optional<TemplateName>> template_name(Transaction& transaction,
                                                                      std::int64_t template_id);

// The newest version of each, in order of names.
[[nodiscard]] base::Result<std::vector<directory::Template>> list_templates(Transaction& transaction);

}  // namespace collector::store
