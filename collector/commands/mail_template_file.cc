#include "collector/commands/mail_template_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "collector/actions/mail_templates.h"
#include "collector/mail/language_tag.h"
#include "collector/mail/texts.h"
#include "collector/store/mail_templates.h"

namespace collector::commands {

using base::ErrorCode;
using base::fail;

base::Result<mail::Kind> mail_kind(const std::string& name) {
  if (const auto kind = mail::kind_from(name)) return *kind;
  return fail(ErrorCode::invalid_argument,
              "'" + name + "' is no kind of mail; there are sessions, partner_copy and notice");
}

base::Result<mail::TemplateTexts> read_mail_template(const std::string& file, mail::Kind kind) {
  std::ifstream in{file, std::ios::binary};
  std::string text;
  // One byte more than may be read says that there is too much.
  for (char c = 0; text.size() <= mail::kTextsBytesMax && in.get(c);) text.push_back(c);
  if (!in.is_open() || in.bad())
    return fail(ErrorCode::not_found, file + " cannot be read: " + std::generic_category().message(errno));
  if (text.size() > mail::kTextsBytesMax)
    return fail(ErrorCode::invalid_argument,
                file + " has more than " + std::to_string(mail::kTextsBytesMax) + " bytes");
  auto texts = mail::read_texts(text);
  if (!texts) return fail(file, texts.error());
  if (const auto checked = mail::Templates::load(kind, *texts); !checked) return fail(file, checked.error());
  return texts;
}

base::Result<HeldTemplate> held_template(store::Transaction& tx, mail::Kind kind, const std::string& typed,
                                         std::optional<std::int64_t> version) {
  const auto tag = mail::typed_language(typed);
  if (!tag) return std::unexpected{tag.error()};
  const auto& language = *tag;
  const std::string name{mail::to_string(kind)};
  if (!version || *version > 0) {
    auto row = version ? store::find_mail_template(tx, name, language, *version)
                       : store::newest_mail_template(tx, name, language);
    if (!row) return std::unexpected{row.error()};
    if (*row) return HeldTemplate{.version = (*row)->version, .texts = actions::texts_of(**row)};
    if (version)
      return fail(ErrorCode::not_found,
                  "there is no version " + std::to_string(*version) + " of " + name + " " + language);
  }
  auto shipped = mail::shipped_texts(kind, language);
  if (shipped) return HeldTemplate{.version = 0, .texts = *std::move(shipped)};
  return fail(ErrorCode::not_found, "there is no template of " + name + " in '" + language +
                                        "'; see: deskledger-collector mail template list");
}

}  // namespace collector::commands
