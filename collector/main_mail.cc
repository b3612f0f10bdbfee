#include "collector/main_mail.h"

#include "collector/commands/mail.h"
#include "collector/commands/mail_list.h"
#include "collector/commands/mail_status.h"
#include "collector/main_mail_template.h"

namespace collector {

using namespace collector::commands;

namespace {

constexpr const char* kReason = "Why, in your own words; stands beside the change for ever";
constexpr const char* kNumber = "Its number in `mail list`";

template <class Options>
CLI::App* child(Cli& cli, CLI::App* mail, const char* name, const char* about, Options& options,
                const std::string& examples) {
  auto* one = mail->add_subcommand(name, about);
  cli.config(one, options.config);
  one->footer("Example:\n  deskledger-collector mail " + examples);
  return one;
}

void add_filter(CLI::App* sub, MailListOptions& o) {
  sub->add_option("--state", o.state, "Only this state")->check(CLI::IsMember(mail_states()));
  sub->add_option("--kind", o.kind, "Only this kind")
      ->check(CLI::IsMember({"sessions", "partner_copy", "notice"}));
  sub->add_option("--customer", o.customer, "Only about this customer: his code");
  sub->add_option("--to", o.recipient, "Only to addresses with this in them");
  sub->add_option("--text", o.text, "Only with these words in the subject, the text or the Message-ID");
  sub->add_option("--from", o.from, "Composed on this day or at this time (UTC), or later");
  sub->add_option("--until", o.until, "Composed before this day or time");
}

CLI::App* add_list(Cli& cli, CLI::App* mail, MailListOptions& o) {
  auto* list = child(cli, mail, "list", "Every mail there is, newest first", o,
                     "list --state failed\n  deskledger-collector mail list --customer bakery --text printer "
                     "--from 2026-11-01");
  add_filter(list, o);
  list->add_option("--limit", o.limit, "The newest so many")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  list->add_flag("--json", o.json, "For programs");
  return list;
}

CLI::App* add_show(Cli& cli, CLI::App* mail, MailShowOptions& o) {
  auto* show = child(cli, mail, "show", "A mail exactly as it goes out, or each time it did", o,
                     "show 12 > mail.eml\n  deskledger-collector mail show 12 --log");
  show->add_option("mail", o.mail, kNumber)->required();
  show->add_flag("--log", o.log, "Each time it was handed over, and what the server answered");
  show->add_flag("--json", o.json, "For programs: everything that is known of it");
  return show;
}

CLI::App* add_change(Cli& cli, CLI::App* mail, MailChangeOptions& o, const char* name, const char* about,
                     const std::string& examples) {
  auto* change = child(cli, mail, name, about, o, examples);
  change->add_option("--reason", o.reason, kReason);
  return change;
}

}  // namespace

void add_mail(Cli& cli) {
  static MailListOptions l, x;
  static MailShowOptions s;
  static MailStatusOptions t, w;
  static MailChangeOptions f, r, a, b, c, g;
  static std::filesystem::path folder;
  x.limit = 1'000'000'000;
  auto* mail = cli.command("mail", "What was and will be told to customers and partners",
                           "mail status\n"
                           "  deskledger-collector mail waiting\n"
                           "  deskledger-collector mail list --state uncertain");
  mail->require_subcommand(1);
  auto* list = add_list(cli, mail, l);
  auto* show = add_show(cli, mail, s);
  auto* status = child(cli, mail, "status", "Whether mails go out: each account, and what cannot be composed",
                       t, "status");
  status->add_flag("--json", t.json, "For programs");
  auto* waiting =
      child(cli, mail, "waiting", "The open windows: when each closes, and what it waits for", w, "waiting");
  waiting->add_flag("--json", w.json, "For programs");
  auto* to_folder =
      child(cli, mail, "export", "Write mails into a folder, with a table of what became of each", x,
            "export mails-of-november --from 2026-11-01 --until 2026-12-01");
  to_folder->add_option("folder", folder, "It is made; nothing in it is replaced")->required();
  add_filter(to_folder, x);
  auto* flush = add_change(cli, mail, f, "flush", "Send now what waits, of one customer or of all",
                           "flush bakery\n  deskledger-collector mail flush");
  flush->add_option("customer", f.customer, "His code (default: all customers)");
  auto* resend =
      add_change(cli, mail, r, "resend",
                 "Send a mail again that failed, is uncertain or came back, or at once if it waits",
                 "resend 12 --reason 'their server has no trace of it'");
  resend->add_option("mail", r.mail, kNumber)->required();
  resend->add_option("--to", r.to, "To this address instead; what stands in the mail stays as it is");
  auto* cancel = add_change(cli, mail, c, "cancel", "Give up a mail that waits to be sent, or that failed",
                            "cancel 12 --reason 'told by telephone'\n"
                            "  deskledger-collector mail cancel 12 --anew --reason 'wrong sender_address'");
  cancel->add_option("mail", c.mail, kNumber)->required();
  cancel->add_flag("--anew", c.anew, "Tell it by a new mail, with the sender and the address of now");
  cancel->get_option("--reason")->required();
  auto* give_up = add_change(cli, mail, g, "give-up",
                             "Tell nobody what is held: no address is known, or no mail can be made",
                             "give-up bakery --preview\n"
                             "  deskledger-collector mail give-up bakery --reason 'he wants no mails'");
  give_up->add_option("customer", g.customer, "His code")->required();
  give_up->add_option("--partner", g.partner, "Only the copies of this partner: his code");
  auto* preview = give_up->add_flag("--preview", g.preview, "Show what that is, and change nothing");
  give_up->add_flag("--json", g.json, "For programs")->needs(preview);
  auto* arrived = add_change(cli, mail, a, "arrived", "An uncertain mail did arrive", "arrived 12");
  arrived->add_option("mail", a.mail, kNumber)->required();
  auto* bounced = add_change(cli, mail, b, "bounced", "A mail came back",
                             "bounced --file undelivered.eml\n"
                             "  deskledger-collector mail bounced 12 --reason 'they have no such mailbox'");
  auto* number = bounced->add_option("mail", b.mail, kNumber);
  bounced
      ->add_option("--file", b.file, "The report that a mail server sent (RFC 3464), which says which mail")
      ->check(CLI::ExistingFile)
      ->excludes(number);
  const auto templates = add_mail_template(cli, mail);
  cli.runs(mail, [=, &cli] {
    if (templates.app->parsed()) return templates.run();
    if (list->parsed()) return run_mail_list(l, cli.out, cli.err);
    if (show->parsed()) return run_mail_show(s, cli.out, cli.err);
    if (status->parsed()) return run_mail_status(t, cli.out, cli.err);
    if (waiting->parsed()) return run_mail_waiting(w, cli.out, cli.err);
    if (to_folder->parsed()) return run_mail_export(x, folder, cli.out, cli.err);
    if (flush->parsed()) return run_mail_flush(f, cli.out, cli.err);
    if (resend->parsed()) return run_mail_resend(r, cli.out, cli.err);
    if (cancel->parsed()) return run_mail_cancel(c, cli.out, cli.err);
    if (give_up->parsed()) return run_mail_give_up(g, cli.out, cli.err);
    if (arrived->parsed()) return run_mail_arrived(a, cli.out, cli.err);
    if (!b.file && b.mail == 0) throw CLI::RequiredError("bounced: a mail or --file");
    return run_mail_bounced(b, cli.out, cli.err);
  });
}

}  // namespace collector
