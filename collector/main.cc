// The collector's command line: options in, one run_* call out.

#include <iostream>

#include "collector/cli.h"
#include "collector/commands/agent_change.h"
#include "collector/commands/agent_show.h"
#include "collector/commands/agents.h"
#include "collector/commands/ca.h"
#include "collector/commands/comment_tags.h"
#include "collector/commands/evidence.h"
#include "collector/commands/explain.h"
#include "collector/commands/import.h"
#include "collector/commands/init.h"
#include "collector/commands/serve.h"
#include "collector/commands/token.h"
#include "collector/commands/verify.h"
#include "collector/main_contracts.h"
#include "collector/main_desk.h"
#include "collector/main_mail.h"
#include "collector/main_master_data.h"
#include "collector/main_rules.h"
#include "common/base/version.h"

namespace {

using namespace collector::commands;
using collector::Cli;

void take_reason(CLI::App* sub, std::string& reason) {
  sub->add_option("--reason", reason, "Why, in your own words; stands beside the change for ever");
}

void add_init(Cli& cli) {
  static InitOptions o;
  auto* sub = cli.command(
      "init", "Make a collector: private CA, certificates, database, administrator, configuration",
      "init /srv/deskledger --host collector.example.com");
  sub->add_option("directory", o.directory, "A new or empty folder")->required();
  sub->add_option("--host", o.hosts, "Names and addresses by which agents reach this machine (repeatable)");
  sub->add_option("--database", o.database_url,
                  "sqlite:FILE or postgresql://... (default: SQLite in the folder)");
  sub->add_option("--listen-agents", o.listen_agents, "Address and port for agents (default: 0.0.0.0:7443)");
  sub->add_option("--mail", o.mail_transport, "Mail transport")
      ->check(CLI::IsMember({"smtp", "eml", "none"}))
      ->capture_default_str();
  sub->add_option("--administrator", o.administrator, "The administrator's name")->capture_default_str();
  cli.runs(sub, [] { return run_init(o, std::cout, std::cerr); });
}

void add_serve(Cli& cli) {
  static ServeOptions o;
  auto* sub = cli.command("serve", "Take records in, rate, keep ledgers and mail, until stopped",
                          "serve --config /srv/deskledger/collector.toml");
  cli.config(sub, o.config);
  sub->add_option("--listen-agents", o.listen_agents, "Replaces listen.agents of the configuration");
  sub->add_flag("--clock-is-right", o.clock_is_right,
                "Issue certificates though later times were noted, when the clock was ahead");
  cli.runs(sub, [] { return run_serve(o, std::cout, std::cerr); });
}

void add_token(Cli& cli) {
  static TokenCreateOptions o;
  static TokenListOptions l;
  static TokenRevokeOptions r;
  auto* sub = cli.command("token", "The permission to enrol workstations: create, list, revoke",
                          "token create --workstation anna-pc\n"
                          "  deskledger-collector token list");
  cli.config(sub, o.config);
  // `token --workstation NAME` is what 0.1 had for `token create`.
  auto* short_name = sub->add_option("--workstation", o.workstation)->group("");
  auto* short_json = sub->add_flag("--json", o.json)->group("");
  auto* create = sub->add_subcommand("create", "Make a token; it is shown once and kept as a hash");
  cli.config(create, o.config);
  create->add_option("--ttl", o.ttl,
                     "How long it may be used: 15m, 2h, 7d (default: enrolment.token_minutes)");
  create->add_option("--uses", o.uses, "How many workstations it enrols")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  create->add_option("--label", o.label, "What it is for, in `token list`");
  create->add_option("--workstation", o.workstation, "The name the agent will have (default: its host name)");
  take_reason(create, o.reason);
  create->add_flag("--json", o.json, "For programs");
  create->footer(
      "Examples:\n"
      "  deskledger-collector token create --workstation anna-pc\n"
      "  deskledger-collector token create --ttl 7d --uses 250 --label 'second floor'\n"
      "and with the software distribution, the same line on each of the 250 machines:\n"
      "  deskledger-agent enroll --collector collector.example.com --token dlt1_...\n"
      "Each is then known by its host name; a name that is taken gets -2, -3 and so on.");
  auto* list = sub->add_subcommand("list", "What each token may still do; never the token itself");
  cli.config(list, l.config);
  list->add_option("--limit", l.limit, "The newest so many")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  list->add_flag("--json", l.json, "For programs");
  auto* revoke = sub->add_subcommand("revoke", "End a token before its time");
  cli.config(revoke, r.config);
  revoke->add_option("token", r.token, "Its number in `token list`")->required();
  take_reason(revoke, r.reason);
  revoke->add_flag("--json", r.json, "For programs");
  sub->require_subcommand(0, 1);
  cli.runs(sub, [=] {
    if (list->parsed()) return run_token_list(l, std::cout, std::cerr);
    if (revoke->parsed()) return run_token_revoke(r, std::cout, std::cerr);
    if (!create->parsed() && short_name->count() == 0) {
      throw CLI::RequiredError("token: create, list or revoke");
    }
    static_cast<void>(short_json);
    return run_token_create(o, std::cout, std::cerr);
  });
}

void add_ca(Cli& cli) {
  static CaOptions o;
  auto* sub =
      cli.command("ca", "The private CA, and how the next one takes its place without locking agents out",
                  "ca show\n"
                  "  deskledger-collector ca rotate --preview\n"
                  "The order: ca rotate; wait until `ca show` names no agent; ca switch; wait again; "
                  "ca finish.");
  sub->require_subcommand(1);
  const auto one = [&](const char* name, const char* about, bool changes, bool shuts_out) {
    auto* child = sub->add_subcommand(name, about);
    cli.config(child, o.config);
    if (changes) {
      child->add_flag("--preview", o.preview, "Say what would happen, and change nothing");
      take_reason(child, o.reason);
    }
    if (shuts_out) {
      child->add_flag("--leave-behind", o.leave_behind,
                      "Go on although agents are shut out by it; each needs a new token then");
    }
    child->add_flag("--json", o.json, "For programs");
    child->footer(std::string{"Example:\n  deskledger-collector ca "} + name);
    return child;
  };
  auto* show =
      one("show", "Which CAs are trusted, which one issues, and which agents are not ready", false, false);
  auto* rotate =
      one("rotate", "Make the next CA; both are trusted, the present one goes on issuing", true, false);
  auto* over = one("switch", "Let the next CA issue; both are trusted", true, true);
  auto* end = one("finish", "Trust the former CA no more", true, true);
  auto* cancel = one("cancel", "Drop the next CA, before `ca switch`", true, false);
  cli.runs(sub, [=] {
    if (show->parsed()) return run_ca_show(o, std::cout, std::cerr);
    if (rotate->parsed()) return run_ca_rotate(o, std::cout, std::cerr);
    if (over->parsed()) return run_ca_switch(o, std::cout, std::cerr);
    if (end->parsed()) return run_ca_finish(o, std::cout, std::cerr);
    return cancel->parsed() ? run_ca_cancel(o, std::cout, std::cerr) : 2;
  });
}

void add_agents(Cli& cli) {
  static AgentsOptions o;
  static AgentShowOptions s;
  static RevokeOptions v;
  static ReleaseOptions l;
  static ReEnrolOptions e;
  auto* sub = cli.command("agents", "List enrolled agents, when each was last heard, and what was counted",
                          "agents\n  deskledger-collector agents show anna-pc");
  cli.config(sub, o.config);
  sub->add_flag("--json", o.json, "For programs");
  const auto one = [&](const char* name, const char* about, auto& options) {
    auto* child = sub->add_subcommand(name, about);
    cli.config(child, options.config);
    child->add_option("agent", options.agent, "Its id, or the name of its workstation")->required();
    child->add_flag("--json", options.json, "For programs");
    child->footer(std::string{"Example:\n  deskledger-collector agents "} + name + " anna-pc");
    return child;
  };
  auto* list = sub->add_subcommand("list", "The same as `agents` alone");
  cli.config(list, o.config);
  list->add_flag("--json", o.json, "For programs");
  auto* show = one("show", "Everything known about one agent: keys, certificate, epochs, alarms, counts", s);
  auto* revoke = one("revoke", "Take nothing more from an agent; its records stay", v);
  auto* release = one("release", "Take an agent out of quarantine, after a look at its alarms", l);
  take_reason(revoke, v.reason);
  take_reason(release, l.reason);
  release->add_flag("--yes", l.yes, "Do it; without, the alarms are shown and nothing is changed");
  auto* again =
      one("re-enrol", "Make a token whose use puts a new agent in this one's place and revokes it", e);
  again->add_option("--ttl", e.ttl,
                    "How long it may be used: 15m, 2h, 7d (default: enrolment.token_minutes)");
  take_reason(again, e.reason);
  sub->require_subcommand(0, 1);
  cli.runs(sub, [=] {
    static_cast<void>(list);
    if (show->parsed()) return run_agent_show(s, std::cout, std::cerr);
    if (revoke->parsed()) return run_revoke(v, std::cout, std::cerr);
    if (release->parsed()) return run_release(l, std::cout, std::cerr);
    if (again->parsed()) return run_re_enrol(e, std::cout, std::cerr);
    return run_agents(o, std::cout, std::cerr);
  });
}

void add_import(Cli& cli) {
  static ImportOptions o;
  static bool columns = false;
  static std::string kind;
  auto* sub = cli.command(
      "import", "Take in customers, terminals, contracts, comments ... from CSV files, all or nothing",
      "import --template customers > customers.csv\n"
      "  deskledger-collector import customers.csv terminals.csv --preview");
  cli.config(sub, o.config);
  sub->add_option("files", o.files, "CSV files; the header says which kind each one is");
  sub->add_flag("--preview", o.preview, "Say what would change, and change nothing");
  sub->add_flag("--columns", columns, "Print the header and an example of every kind");
  sub->add_option("--template", kind, "Print a file of this kind to fill in: customers, contacts, ...");
  sub->add_option("--reason", o.reason, "Why; stands beside every change");
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [sub] {
    if (columns) return print_import_columns(std::cout);
    if (!kind.empty()) return print_import_template(kind, std::cout, std::cerr);
    if (o.files.empty()) throw CLI::RequiredError(sub->get_name() + ": a file");
    return run_import(o, std::cout, std::cerr);
  });
}

void add_explain(Cli& cli) {
  static ExplainOptions o;
  auto* sub = cli.command(
      "explain", "Show every step of a session, a charge or an entry, from record to document",
      "explain 12\n"
      "  deskledger-collector explain charge:7       all sessions that were charged as one\n"
      "  deskledger-collector explain entry:31       who or what made it, and the balance after it\n\n"
      "The order: facts, comment and tags, attribution, coverage of each contract, rule version, steps,\n"
      "entries, mail, document.");
  cli.config(sub, o.config);
  sub->add_option("subject", o.subject, "session:12 or just 12, its number in `sessions`; charge:7; entry:31")
      ->required();
  sub->add_flag("--json", o.json, "For programs (docs/formats/explain.md)");
  cli.runs(sub, [] {
    o.utf8 = locale_is_utf8();
    return run_explain(o, std::cout, std::cerr);
  });
}

void add_comment_tags(Cli& cli) {
  static CommentTagsOptions o;
  auto* sub = cli.command("comment-tags", "What the collector reads in a closing comment",
                          "comment-tags '1, antivirus installation {25}'");
  sub->add_option("text", o.text, "The comment")->required();
  sub->add_option("--tag-match", o.tag_match, "token or anywhere")->capture_default_str();
  sub->add_option("--lead-number", o.lead_number, "strict or seed")->capture_default_str();
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [] { return run_comment_tags(o, std::cout, std::cerr); });
}

void add_verify(Cli& cli) {
  static VerifyCommandOptions o;
  auto* sub = cli.command(
      "verify",
      "Recompute every chain (also of people's changes), signature and checkpoint, and name what is missing "
      "or was changed",
      "verify --checkpoint /media/usb/checkpoint.txt --json\n\n"
      "Exit codes: 0 everything fits, 3 something is wrong and was named, 1 it could not be checked.");
  cli.config(sub, o.config);
  sub->add_option("--agent", o.agent,
                  "Only the records of this agent: its id or workstation; no changes by people");
  sub->add_option("--checkpoint", o.checkpoints, "A checkpoint that was kept elsewhere (repeatable)");
  sub->add_option("--bundle", o.bundle, "Check this file of `evidence export` instead of the database");
  sub->add_option("--keys", o.keys, "The public keys as `evidence keys` printed them, kept elsewhere");
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [] { return run_verify(o, std::cout, std::cerr); });
}

void add_evidence(Cli& cli) {
  static EvidenceExportOptions o;
  static std::filesystem::path config;
  auto* sub = cli.command("evidence", "Hand out what proves the records, and the keys to check it with",
                          "evidence export --out 2026.evidence");
  sub->require_subcommand(1);
  auto* to_file =
      sub->add_subcommand("export", "Write records, signatures, changes by people and log into one file");
  cli.config(to_file, o.config);
  to_file->add_option("--out", o.file, "The file; it must not exist")->required();
  to_file->add_option("--agent", o.agent,
                      "Only the records of this agent: its id or workstation; no changes by people");
  auto* keys = sub->add_subcommand("keys", "Print all public keys; keep them away from the collector");
  cli.config(keys, config);
  cli.runs(sub, [=] {
    return keys->parsed() ? run_evidence_keys(config, std::cout, std::cerr)
                          : run_evidence_export(o, std::cout, std::cerr);
  });
}

void add_version(Cli& cli) {
  auto* sub = cli.command("version", "Print the version", "version");
  cli.runs(sub, [] {
    std::cout << "deskledger-collector " << base::kVersion << '\n';
    return 0;
  });
}

}  // namespace

int main(int argc, char** argv) {
  Cli cli{.out = std::cout, .err = std::cerr};
  cli.app.require_subcommand(1);
  cli.app.footer("Exit codes: 0 done, 1 it could not be done and standard error says why, 2 wrong usage.");
  for (const auto add : {add_init,
                         add_serve,
                         add_token,
                         add_agents,
                         add_ca,
                         add_import,
                         collector::add_master_data,
                         collector::add_sessions,
                         collector::add_review,
                         collector::add_series,
                         collector::add_report,
                         add_explain,
                         collector::add_contracts,
                         collector::add_mail,
                         collector::add_rate,
                         collector::add_rerate,
                         collector::add_templates,
                         collector::add_calendars,
                         add_comment_tags,
                         add_verify,
                         add_evidence,
                         add_version}) {
    add(cli);
  }
  try {
    cli.app.parse(argc, argv);
    return cli.action();
  } catch (const CLI::ParseError& e) {
    return cli.app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    // A bug or an exhausted machine; the exit code keeps its meaning all the same.
    std::cerr << "deskledger-collector: " << e.what() << '\n';
    return 1;
  }
}
