// What a mail says: the template that holds now, and its language.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "collector/mail/message.h"
#include "collector/mail/template.h"
#include "collector/store/connection.h"
#include "common/base/result.h"

namespace collector::pipeline {

struct Words {
  std::shared_ptr<const mail::Templates> templates;
  // By which the mail's figures and dates are written, so that they are of one language with the words: the
  // reader's own where the words are of it ("el-gr", served by "el"), else that of the template.
  std::string language;
};

// The newest saved template of that kind and language, else the one that comes with the program; if there is
// neither, the same for `otherwise` (`mail.language` of the settings), and then the English one. "el-GR" is
// also served by "el"; upper and lower case are the same, and "el_GR", as it could be kept once, is "el-GR".
// Safe from every thread.
[[nodiscard]] base::Result<Words> words_for(store::Transaction& tx, mail::Kind kind,
                                            std::string_view language, std::string_view otherwise);

}  // namespace collector::pipeline
