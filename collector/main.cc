// The collector's command line: options in, one run_* call out.

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "collector/commands/agents.h"
#include "collector/commands/comment_tags.h"
#include "collector/commands/contracts.h"
#include "collector/commands/explain.h"
#include "collector/commands/import.h"
#include "collector/commands/init.h"
#include "collector/commands/mail.h"
#include "collector/commands/rate.h"
#include "collector/commands/serve.h"
#include "collector/commands/session_state.h"
#include "collector/commands/sessions.h"
#include "collector/commands/token.h"
#include "common/base/version.h"

namespace {

using namespace collector::commands;

// What to do once the line is parsed; the exit code.
using Action = std::function<int()>;

struct Cli {
  CLI::App app{"Deskledger's collector: turns AnyDesk sessions into charged, e-mailed and billed time.",
               "deskledger-collector"};
  Action action;

  CLI::App* command(const std::string& name, const std::string& about, const std::string& example) {
    auto* sub = app.add_subcommand(name, about);
    sub->footer("Example:\n  deskledger-collector " + example);
    return sub;
  }
  void config(CLI::App* sub, std::filesystem::path& path) {
    sub->add_option("-c,--config", path, "The configuration file that `init` made")
        ->envname("DESKLEDGER_COLLECTOR_CONFIG")
        ->default_val("collector.toml");
  }
  void runs(CLI::App* sub, Action run) {
    sub->final_callback([this, run = std::move(run)] { action = run; });
  }
};

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
  cli.runs(sub, [] { return run_serve(o, std::cout, std::cerr); });
}

void add_token(Cli& cli) {
  static TokenOptions o;
  auto* sub = cli.command("token", "Make a one-time token that enrols one workstation",
                          "token --workstation anna-pc --minutes 60");
  cli.config(sub, o.config);
  sub->add_option("--workstation", o.workstation, "The name the agent will have")->required();
  sub->add_option("--minutes", o.minutes, "How long it may be used (default: enrolment.token_minutes)")
      ->check(CLI::Range(1, 525600));
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [] { return run_token(o, std::cout, std::cerr); });
}

void add_agents(Cli& cli) {
  static AgentsOptions o;
  static RevokeOptions r;
  auto* sub =
      cli.command("agents", "List enrolled agents, when each was last heard, and what was counted", "agents");
  cli.config(sub, o.config);
  sub->add_flag("--json", o.json, "For programs");
  auto* revoke = sub->add_subcommand("revoke", "Take nothing more from an agent; its records stay");
  cli.config(revoke, r.config);
  revoke->add_option("agent", r.agent, "Its id, or the name of its workstation")->required();
  sub->require_subcommand(0, 1);
  cli.runs(sub, [revoke] {
    return revoke->parsed() ? run_revoke(r, std::cout, std::cerr) : run_agents(o, std::cout, std::cerr);
  });
}

void add_import(Cli& cli) {
  static ImportOptions o;
  static bool columns = false;
  auto* sub = cli.command(
      "import", "Take in customers, terminals, contracts, comments ... from CSV files, all or nothing",
      "import customers.csv terminals.csv --preview");
  cli.config(sub, o.config);
  sub->add_option("files", o.files, "CSV files; the header says which kind each one is");
  sub->add_flag("--preview", o.preview, "Say what would change, and change nothing");
  sub->add_flag("--columns", columns, "Print the header and an example of every kind");
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [sub] {
    if (columns) return print_import_columns(std::cout);
    if (o.files.empty()) throw CLI::RequiredError(sub->get_name() + ": a file");
    return run_import(o, std::cout, std::cerr);
  });
}

void add_sessions(Cli& cli) {
  static SessionsOptions o;
  auto* sub = cli.command("sessions", "List sessions: technician, customer, minutes, contract, state, mail",
                          "sessions --state review");
  cli.config(sub, o.config);
  sub->add_option("--state", o.state, "Only this state")->check(CLI::IsMember(session_states()));
  sub->add_option("--customer", o.customer, "Only this customer's code");
  sub->add_option("--limit", o.limit, "The newest so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  sub->add_flag("--all", o.all, "Also attempts that never became a session");
  sub->add_flag("--json", o.json, "For programs; always includes attempts unless --state is given");
  cli.runs(sub, [] {
    o.all = o.all || o.json;
    return run_sessions(o, std::cout, std::cerr);
  });
}

void add_explain(Cli& cli) {
  static ExplainOptions o;
  auto* sub = cli.command("explain", "Show every step of one session, from record to mail", "explain 7");
  cli.config(sub, o.config);
  sub->add_option("session", o.session, "Its number in `sessions`")->required();
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [] { return run_explain(o, std::cout, std::cerr); });
}

void add_contracts(Cli& cli) {
  static ContractsOptions o;
  static GrantOptions g;
  auto* sub = cli.command("contracts", "Show what is left or owed; with --json every ledger entry",
                          "contracts --customer bakery --json");
  cli.config(sub, o.config);
  sub->add_option("--customer", o.customer, "Only this customer's code");
  sub->add_flag("--json", o.json, "For programs");
  auto* grant = sub->add_subcommand("grant", "Add minutes to a prepaid contract");
  cli.config(grant, g.config);
  grant->add_option("contract", g.contract, "Its number in `contracts`")->required();
  grant->add_option("--minutes", g.minutes, "How many")->required();
  grant->add_option("--reason", g.reason, "Why; stays in the ledger")->required();
  sub->require_subcommand(0, 1);
  cli.runs(sub, [grant] {
    return grant->parsed() ? run_grant(g, std::cout, std::cerr) : run_contracts(o, std::cout, std::cerr);
  });
}

void add_mail(Cli& cli) {
  static MailListOptions o;
  static std::filesystem::path config;
  static std::int64_t id = 0;
  auto* sub = cli.command("mail", "What was and will be told to customers", "mail list --state failed");
  sub->require_subcommand(1);
  const auto one = [&](const char* name, const char* about, bool with_id) {
    auto* child = sub->add_subcommand(name, about);
    cli.config(child, config);
    if (with_id) child->add_option("mail", id, "Its number in `mail list`")->required();
    return child;
  };
  auto* list = one("list", "List mails, newest first", false);
  list->add_option("--state", o.state, "Only this state")
      ->check(CLI::IsMember({"composed", "sending", "sent", "uncertain", "failed"}));
  list->add_option("--limit", o.limit, "The newest so many")->capture_default_str();
  list->add_flag("--json", o.json, "For programs");
  auto* show = one("show", "Print a mail exactly as it goes out", true);
  auto* flush = one("flush", "Close all windows now instead of waiting", false);
  auto* resend = one("resend", "Send a failed or uncertain mail again, with the same Message-ID", true);
  cli.runs(sub, [=] {
    o.config = config;
    if (list->parsed()) return run_mail_list(o, std::cout, std::cerr);
    if (show->parsed()) return run_mail_show(config, id, std::cout, std::cerr);
    if (flush->parsed()) return run_mail_flush(config, std::cout, std::cerr);
    if (resend->parsed()) return run_mail_resend(config, id, std::cout, std::cerr);
    return 2;
  });
}

void add_rate(Cli& cli) {
  static RateOptions o;
  auto* sub =
      cli.command("rate", "What so many seconds cost, and why", "rate --seconds 2052 --template standard");
  sub->add_option("--seconds", o.seconds, "The session's length")->required();
  sub->add_option("--template", o.template_name,
                  "standard, standard-after, standard-every, plain, or one of the collector's with --config")
      ->capture_default_str();
  sub->add_option("-c,--config", o.config, "Look the template up in this collector first");
  sub->add_option("--boundary", o.boundary, "start or after");
  sub->add_option("--grace-scope", o.grace_scope, "first or every");
  sub->add_option("--free-s", o.free_s, "Sessions up to this cost nothing");
  sub->add_option("--first-block-s", o.first_block_s, "Size and price of the first block");
  sub->add_option("--grace-s", o.grace_s, "Extra time before the second block");
  sub->add_option("--increment-s", o.increment_s, "Size and price of later blocks");
  sub->add_option("--max-charge-min", o.max_charge_min, "A cap");
  sub->add_flag("--no-charge", o.no_charge, "As if the comment had a #");
  sub->add_option("--override-min", o.override_min, "As if the comment had {n}");
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [] { return run_rate(o, std::cout, std::cerr); });
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

void add_version(Cli& cli) {
  auto* sub = cli.command("version", "Print the version", "version");
  cli.runs(sub, [] {
    std::cout << "deskledger-collector " << base::kVersion << '\n';
    return 0;
  });
}

}  // namespace

int main(int argc, char** argv) {
  Cli cli;
  cli.app.require_subcommand(1);
  cli.app.footer("Exit codes: 0 done, 1 it could not be done and standard error says why, 2 wrong usage.");
  for (const auto add : {add_init, add_serve, add_token, add_agents, add_import, add_sessions, add_explain,
                         add_contracts, add_mail, add_rate, add_comment_tags, add_version}) {
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
