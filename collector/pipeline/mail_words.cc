#include "collector/pipeline/mail_words.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "collector/mail/language_tag.h"
#include "collector/mail/texts.h"
#include "collector/store/mail_templates.h"

namespace collector::pipeline {

namespace {

using Found = base::Result<std::shared_ptr<const mail::Templates>>;

Found loaded(mail::Kind kind, const mail::TemplateTexts& texts) {
  auto checked = mail::Templates::load(kind, texts);
  if (!checked) return std::unexpected{checked.error()};
  return std::make_shared<const mail::Templates>(*std::move(checked));
}

// What comes with the program, read once. Nothing for another language.
Found shipped(mail::Kind kind, std::string_view language) {
  static std::mutex mutex;
  static std::map<std::pair<mail::Kind, std::string>, std::shared_ptr<const mail::Templates>> all;
  const std::lock_guard lock{mutex};
  auto& kept = all[{kind, std::string{language}}];
  if (kept) return kept;
  const auto texts = mail::shipped_texts(kind, language);
  if (!texts) return nullptr;
  auto read = loaded(kind, *texts);
  if (read) kept = *read;
  return read;
}

// Nothing if nobody saved one and none comes with the program.
Found of_language(store::Transaction& tx, mail::Kind kind, std::string_view language) {
  const auto saved =
      store::newest_mail_template(tx, std::string{mail::to_string(kind)}, std::string{language});
  if (!saved) return std::unexpected{saved.error()};
  if (!*saved) return shipped(kind, language);
  auto read = loaded(kind, {{(*saved)->subject, (*saved)->text, (*saved)->html}});
  if (read) return read;
  return base::fail("the mail template " + std::string{mail::to_string(kind)} + " " + std::string{language} +
                        ", version " + std::to_string((*saved)->version),
                    read.error());
}

}  // namespace

base::Result<Words> words_for(store::Transaction& tx, mail::Kind kind, std::string_view language,
                              std::string_view otherwise) {
  const auto own = mail::kept_language(language), next = mail::kept_language(otherwise);
  for (const std::string_view tried : {std::string_view{own}, mail::primary(own), std::string_view{next},
                                       mail::primary(next), std::string_view{"en"}}) {
    if (tried.empty()) continue;
    auto found = of_language(tx, kind, tried);
    if (!found) return std::unexpected{found.error()};
    if (!*found) continue;
    const bool is_own = mail::primary(own) == mail::primary(tried);
    return Words{.templates = *std::move(found), .language = is_own ? own : std::string{tried}};
  }
  return base::fail(base::ErrorCode::internal, "no English mail comes with the program");
}

}  // namespace collector::pipeline
