// What a mail says: the template that holds now.

#pragma once

#include <memory>
#include <string_view>

#include "collector/mail/message.h"
#include "collector/mail/template.h"
#include "collector/store/connection.h"
#include "common/base/result.h"

namespace collector::pipeline {

// The newest saved template of that kind and language, else the one that comes with the program; if there is
// neither, the same for `otherwise` (`mail.language` of the settings), and then the English one. "el-GR" is
// also served by "el". Safe from every thread.
[[nodiscard]] base::Result<std::shared_ptr<const mail::Templates>> words_for(store::Transaction& tx,
                                                                             mail::Kind kind,
                                                                             std::string_view language,
                                                                             std::string_view otherwise);

}  // namespace collector::pipeline
