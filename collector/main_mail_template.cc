#include "collector/main_mail_template.h"

#include "collector/commands/mail_template.h"
#include "collector/commands/mail_template_preview.h"

namespace collector {

using namespace collector::commands;

namespace {

constexpr const char* kReason = "Why, in your own words; stands beside the change for ever";

CLI::App* child(CLI::App* parent, const char* name, const char* about, const std::string& examples) {
  auto* one = parent->add_subcommand(name, about);
  one->footer("Example:\n  deskledger-collector mail template " + examples);
  return one;
}

void add_kind(CLI::App* sub, std::string& kind) {
  sub->add_option("kind", kind, "sessions, partner_copy or notice")->required();
}

// Which template it is about.
void add_name(Cli& cli, CLI::App* sub, MailTemplateOptions& o) {
  cli.config(sub, o.config);
  add_kind(sub, o.kind);
  sub->add_option("language", o.language, "en, el, de or another code")->required();
}

CLI::App* add_restore(Cli& cli, CLI::App* sub, MailTemplateOptions& o) {
  auto* restore = child(sub, "restore", "Have an earlier version hold again, as a new one",
                        "restore sessions el --version 2 --reason 'customers asked for it'");
  add_name(cli, restore, o);
  restore->add_option("--version", o.version, "Its number in `mail template history`; 0: as shipped")
      ->required();
  restore->add_option("--reason", o.reason, kReason);
  restore->add_flag("--json", o.json, "For programs");
  return restore;
}

CLI::App* add_preview(Cli& cli, CLI::App* sub, MailPreviewOptions& o) {
  auto* preview = child(sub, "preview", "A mail as it would be; nothing is sent or saved",
                        "preview sessions en --session 12\n"
                        "  deskledger-collector mail template preview sessions el --file sessions.txt --as "
                        "html --out mail.html\n"
                        "  deskledger-collector mail template preview notice en --customer bakery\n"
                        "Without --session and --customer an example is shown, with a row of every sort.");
  cli.config(preview, o.config);
  add_kind(preview, o.kind);
  preview->add_option("language", o.language, "en, el, de or another code")->required();
  auto* file = preview->add_option("--file", o.file, "A template that is not saved yet");
  preview->add_option("--version", o.version, "An earlier version; 0: as shipped")->excludes(file);
  auto* session = preview->add_option("--session", o.session, "What the mail of this session would tell");
  preview->add_option("--customer", o.customer, "What waits to be told to this customer: his code")
      ->excludes(session);
  preview->add_option("--as", o.as, "What to show")
      ->check(CLI::IsMember({"text", "html", "eml"}))
      ->capture_default_str();
  preview->add_option("--out", o.out, "Write it into this file, which must not exist");
  return preview;
}

}  // namespace

MailTemplateCommands add_mail_template(Cli& cli, CLI::App* mail) {
  static MailTemplateOptions l, s, t, c, w, h, r;
  auto* sub = mail->add_subcommand("template", "What mails say: texts with %tokens%, in versions");
  sub->footer(
      "Example:\n  deskledger-collector mail template show sessions en > sessions.txt\n"
      "  (edit it)\n"
      "  deskledger-collector mail template preview sessions en --file sessions.txt --session 12\n"
      "  deskledger-collector mail template set sessions en sessions.txt");
  sub->require_subcommand(1);
  auto* list = child(sub, "list", "Every template there is, and who saved it", "list");
  cli.config(list, l.config);
  list->add_flag("--json", l.json, "For programs");
  auto* show = child(sub, "show", "The texts of one, as `mail template set` reads them",
                     "show sessions el > sessions.txt\n"
                     "  deskledger-collector mail template show sessions el --version 0   as shipped");
  add_name(cli, show, s);
  show->add_option("--version", s.version, "An earlier version; 0: as shipped");
  show->add_flag("--json", s.json, "For programs");
  auto* tokens = child(sub, "tokens", "What a template may say, with examples", "tokens sessions");
  tokens->add_option("kind", t.kind, "Only what this kind knows: sessions, partner_copy or notice");
  tokens->add_flag("--json", t.json, "For programs");
  auto* check =
      child(sub, "check", "Whether a file can be used; needs no collector", "check sessions sessions.txt");
  add_kind(check, c.kind);
  check->add_option("file", c.file, "As `mail template show` prints it")->required();
  auto* set = child(sub, "set", "Save a file as the version that holds from now on",
                    "set sessions el sessions.txt --reason 'the new telephone number'");
  add_name(cli, set, w);
  set->add_option("file", w.file, "As `mail template show` prints it")->required();
  set->add_option("--reason", w.reason, kReason);
  set->add_flag("--json", w.json, "For programs");
  auto* history = child(sub, "history", "All saved versions of one, the newest first", "history sessions el");
  add_name(cli, history, h);
  history->add_flag("--json", h.json, "For programs");
  auto* restore = add_restore(cli, sub, r);
  static MailPreviewOptions p;
  auto* preview = add_preview(cli, sub, p);
  return {.app = sub, .run = [=, &cli] {
            if (list->parsed()) return run_mail_template_list(l, cli.out, cli.err);
            if (show->parsed()) return run_mail_template_show(s, cli.out, cli.err);
            if (tokens->parsed()) return run_mail_template_tokens(t, cli.out, cli.err);
            if (check->parsed()) return run_mail_template_check(c, cli.out, cli.err);
            if (set->parsed()) return run_mail_template_set(w, cli.out, cli.err);
            if (preview->parsed()) return run_mail_template_preview(p, cli.out, cli.err);
            if (history->parsed()) return run_mail_template_history(h, cli.out, cli.err);
            return restore->parsed() ? run_mail_template_restore(r, cli.out, cli.err) : 2;
          }};
}

}  // namespace collector
