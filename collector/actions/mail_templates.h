// What a person may do to what mails say.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "collector/actions/actor.h"
#include "collector/mail/message.h"
#include "collector/mail/template.h"
#include "collector/store/mail_templates.h"
#include "common/base/result.h"

namespace collector::actions {

struct MailTemplateChange {
  // The newest saved version; nothing if nobody saved one.
  std::optional<store::MailTemplateRow> before;
  // The newest now; the same one if nothing differs. Nothing only if none was saved and the shipped texts
  // were given: they hold already.
  std::optional<store::MailTemplateRow> after;

  bool changed() const { return after && (!before || before->version != after->version); }
};

// Saves a version of the template and notes it; if nothing differs from what holds now it does neither.
// `typed` is the language as somebody typed it. invalid_argument for one that is none, and for all that
// Templates::load refuses. Mails that are composed already stay as they are.
[[nodiscard]] base::Result<MailTemplateChange> set_mail_template(store::Transaction& tx, const Actor& actor,
                                                                 mail::Kind kind, const std::string& typed,
                                                                 const mail::TemplateTexts& texts);

// Has an earlier version hold again, as a new one; 0: what comes with the program. not_found if there is no
// such version.
[[nodiscard]] base::Result<MailTemplateChange> restore_mail_template(store::Transaction& tx,
                                                                     const Actor& actor, mail::Kind kind,
                                                                     const std::string& typed,
                                                                     std::int64_t version);

// The three texts of a row.
mail::TemplateTexts texts_of(const store::MailTemplateRow& row);

}  // namespace collector::actions
