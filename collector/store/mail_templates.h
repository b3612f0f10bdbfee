// What mails say: all versions of the templates that people saved. Versions are only ever added.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct MailTemplateRow {
  std::int64_t id = 0;       // Given by the store.
  std::string kind;          // "sessions", "partner_copy" or "notice".
  std::string language;      // In lower case; what was saved before that was so is found by it, too.
  std::int64_t version = 0;  // From 1, for each kind and language by itself.
  std::string subject;
  std::string text;
  std::string html;
  std::string who;
  std::string why;
  timing::UtcMs created;
};

// Returns its id. conflict if there is that version already.
[[nodiscard]] base::Result<std::int64_t> add_mail_template(Transaction& transaction,
                                                           const MailTemplateRow& row);

// Nothing if nobody ever saved one.
[[nodiscard]] base::Result<std::optional<MailTemplateRow>> newest_mail_template(Transaction& transaction,
                                                                                const std::string& kind,
                                                                                const std::string& language);
[[nodiscard]] base::Result<std::optional<MailTemplateRow>> find_mail_template(Transaction& transaction,
                                                                              const std::string& kind,
                                                                              const std::string& language,
                                                                              std::int64_t version);

// The newest version of each, by kind and language.
[[nodiscard]] base::Result<std::vector<MailTemplateRow>> list_mail_templates(Transaction& transaction);

// All versions of one, the newest first.
[[nodiscard]] base::Result<std::vector<MailTemplateRow>> mail_template_versions(Transaction& transaction,
                                                                                const std::string& kind,
                                                                                const std::string& language);

}  // namespace collector::store
