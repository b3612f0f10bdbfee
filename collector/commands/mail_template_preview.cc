#include "collector/commands/mail_template_preview.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <ostream>
#include <system_error>

#include "collector/commands/mail_logo.h"
#include "collector/commands/mail_template_file.h"
#include "collector/commands/serve_parts.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/mail/compose.h"
#include "collector/mail/example.h"
#include "collector/mail/language_tag.h"
#include "collector/mail/page.h"
#include "collector/mail/render.h"
#include "collector/pipeline/mail_preview.h"
#include "collector/store/directory.h"
#include "common/timing/clock.h"

namespace collector::commands {

using base::ErrorCode;
using base::fail;

namespace {

// What is shown, and by which words.
struct Shown {
  mail::MailInput input;
  mail::TemplateTexts texts;
};

base::Result<mail::MailInput> input_of(store::Transaction& tx, const MailPreviewOptions& o, mail::Kind kind,
                                       const pipeline::Settings& settings) {
  const auto now = timing::system_clock().utc();
  if (!o.session && !o.customer) {
    auto input = mail::example(kind, o.language, now);
    input.sender_name = settings.sender_name;
    input.sender_address = settings.sender_address;
    input.logo = settings.mail_logo;
    return input;
  }
  const auto directory = store::load_directory(tx, start_of_day_in_zone);
  if (!directory) return std::unexpected{directory.error()};
  if (o.session) return pipeline::preview_of_session(tx, kind, *o.session, *directory, settings, now);
  const auto customer = std::ranges::find(directory->customers, *o.customer, &directory::Customer::code);
  if (customer == directory->customers.end())
    return fail(ErrorCode::not_found, "there is no customer '" + *o.customer + "'");
  return pipeline::preview_of_customer(tx, kind, *customer, *directory, settings, now);
}

// As pipeline::words_for finds it for a reader of that language: "el-gr" is also served by "el". Any other
// language is missing: whoever looks at a template in French does not want to see the English one.
base::Result<HeldTemplate> template_of(store::Transaction& tx, const MailPreviewOptions& o, mail::Kind kind,
                                       const std::string& language) {
  auto held = held_template(tx, kind, language, o.version);
  if (held || o.version || held.error().code != ErrorCode::not_found) return held;
  auto wider = held_template(tx, kind, std::string{mail::primary(language)}, o.version);
  return wider ? wider : held;
}

base::Result<Shown> load(const MailPreviewOptions& o, mail::Kind kind) {
  const auto language = mail::typed_language(o.language);
  if (!language) return std::unexpected{language.error()};
  auto workspace = open_workspace(o.config);
  if (!workspace) return std::unexpected{workspace.error()};
  auto settings = pipeline_settings(workspace->config);
  auto logo = load_logo(workspace->config);
  if (!logo) return std::unexpected{logo.error()};
  settings.mail_logo = *std::move(logo);
  Shown shown;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto input = input_of(tx, o, kind, settings);
    if (!input) return std::unexpected{input.error()};
    shown.input = *std::move(input);
    if (o.file) return {};
    auto held = template_of(tx, o, kind, *language);
    if (!held) return std::unexpected{held.error()};
    shown.texts = std::move(held->texts);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  if (o.file) {
    auto texts = read_mail_template(*o.file, kind);
    if (!texts) return std::unexpected{texts.error()};
    shown.texts = *std::move(texts);
  }
  // The words are of this language, whatever the reader's own is.
  shown.input.language = *language;
  return shown;
}

base::Result<std::string> as_text(const MailPreviewOptions& o, mail::Kind kind) {
  const auto shown = load(o, kind);
  if (!shown) return std::unexpected{shown.error()};
  const auto templates = mail::Templates::load(kind, shown->texts);
  if (!templates) return std::unexpected{templates.error()};
  if (o.as == "eml") return mail::compose(shown->input, *templates);
  const auto rendered = mail::render(shown->input, *templates);
  if (!rendered) return std::unexpected{rendered.error()};
  if (o.as == "html") return mail::page_of(*rendered, shown->input);
  return rendered->subject + "\n\n" + rendered->text;
}

}  // namespace

int run_mail_template_preview(const MailPreviewOptions& o, std::ostream& out, std::ostream& err) {
  const auto kind = mail_kind(o.kind);
  if (!kind) return report(err, kind.error());
  const auto text = as_text(o, *kind);
  if (!text) return report(err, text.error());
  if (!o.out) {
    out << *text;
    return 0;
  }
  std::ofstream file{*o.out, std::ios::binary | std::ios::noreplace};
  file << *text << std::flush;
  if (!file)
    return report(err, {ErrorCode::permission_denied,
                        o.out->string() + " cannot be written: " + std::generic_category().message(errno)});
  out << o.out->string() << ": the preview, " << text->size() << " bytes\n";
  return 0;
}

}  // namespace collector::commands
