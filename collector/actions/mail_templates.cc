#include "collector/actions/mail_templates.h"

#include <boost/json.hpp>

#include "collector/mail/language_tag.h"
#include "collector/mail/texts.h"

namespace collector::actions {

namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;
using mail::Part;

std::string name_of(mail::Kind kind, const std::string& language) {
  return std::string{mail::to_string(kind)} + "." + language;
}

// The texts as well: a row of the chain has room for them (kPartBytesMax), and proves what was sent.
std::string noted_text(const store::MailTemplateRow& row) {
  return json::serialize(json::object{
      {"version", row.version}, {"subject", row.subject}, {"text", row.text}, {"html", row.html}});
}

}  // namespace

mail::TemplateTexts texts_of(const store::MailTemplateRow& row) {
  return {{row.subject, row.text, row.html}};
}

base::Result<MailTemplateChange> set_mail_template(store::Transaction& tx, const Actor& actor,
                                                   mail::Kind kind, const std::string& typed,
                                                   const mail::TemplateTexts& texts) {
  const auto tag = mail::typed_language(typed);
  if (!tag) return std::unexpected{tag.error()};
  const auto& language = *tag;
  if (const auto checked = mail::Templates::load(kind, texts); !checked)
    return std::unexpected{checked.error()};
  const auto clean = mail::normalised(texts);
  const std::string kind_name{mail::to_string(kind)};
  auto before = store::newest_mail_template(tx, kind_name, language);
  if (!before) return std::unexpected{before.error()};
  const bool same = *before ? texts_of(**before) == clean : mail::shipped_texts(kind, language) == clean;
  MailTemplateChange change{.before = *before, .after = *before};
  if (same) return change;
  store::MailTemplateRow row{.id = 0,
                             .kind = kind_name,
                             .language = language,
                             .version = *before ? (*before)->version + 1 : 1,
                             .subject = clean[Part::subject],
                             .text = clean[Part::text],
                             .html = clean[Part::html],
                             .who = actor.who,
                             .why = actor.why,
                             .created = actor.now};
  const auto id = store::add_mail_template(tx, row);
  if (!id) return std::unexpected{id.error()};
  row.id = *id;
  const auto was = *before ? json::serialize(json::object{{"version", (*before)->version}}) : std::string{};
  if (auto noted = note(tx, actor, *before ? "change" : "create", "mail_template", name_of(kind, language),
                        was, noted_text(row));
      !noted) {
    return std::unexpected{noted.error()};
  }
  change.after = std::move(row);
  return change;
}

base::Result<MailTemplateChange> restore_mail_template(store::Transaction& tx, const Actor& actor,
                                                       mail::Kind kind, const std::string& typed,
                                                       std::int64_t version) {
  const auto tag = mail::typed_language(typed);
  if (!tag) return std::unexpected{tag.error()};
  const auto& language = *tag;
  if (version == 0) {
    const auto shipped = mail::shipped_texts(kind, language);
    if (!shipped)
      return fail(ErrorCode::not_found,
                  "no template of " + name_of(kind, language) + " comes with the program");
    return set_mail_template(tx, actor, kind, language, *shipped);
  }
  const auto row = store::find_mail_template(tx, std::string{mail::to_string(kind)}, language, version);
  if (!row) return std::unexpected{row.error()};
  if (!*row)
    return fail(ErrorCode::not_found,
                "there is no version " + std::to_string(version) + " of " + name_of(kind, language));
  return set_mail_template(tx, actor, kind, language, texts_of(**row));
}

}  // namespace collector::actions
