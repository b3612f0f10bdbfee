// The agent's command line: options in, one run_* call out.

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "agent/commands/begin_anew.h"
#include "agent/commands/doctor.h"
#include "agent/commands/enroll.h"
#include "agent/commands/parse.h"
#include "agent/commands/run.h"
#include "agent/commands/service.h"
#include "agent/commands/status.h"
#include "agent/platform/console.h"
#include "common/base/path.h"
#include "common/base/version.h"

namespace {

using namespace agent::commands;

struct Cli {
  CLI::App app{
      "Deskledger's agent: reads AnyDesk's trace files and tells the collector of every outgoing session.",
      "deskledger-agent"};
  std::function<int()> action;

  CLI::App* command(const std::string& name, const std::string& about, const std::string& example) {
    auto* sub = app.add_subcommand(name, about);
    sub->footer("Example:\n  deskledger-agent " + example);
    return sub;
  }
  template <class Options>
  void places(CLI::App* sub, Options& options) {
    const auto path = [sub](const std::string& name, auto& into, const std::string& about) {
      sub->add_option_function<std::string>(
          name, [&into](const std::string& text) { into = base::extended(base::path_of(text)); }, about);
    };
    path("-c,--config", options.config, "Configuration file (default: the system's, if there is one)");
    path("--data-directory", options.data_directory, "Replaces agent.data_directory");
  }
  void runs(CLI::App* sub, std::function<int()> run) {
    sub->final_callback([this, run = std::move(run)] { action = run; });
  }
};

void add_parse(Cli& cli) {
  static ParseOptions o;
  static std::string format = "text";
  auto* sub = cli.command("parse", "List the outgoing sessions that trace files tell of",
                          "parse --format jsonl /var/log/anydesk.trace ~/.anydesk/anydesk.trace");
  sub->add_option("files", o.files, "Trace files of one machine; - is standard input")->required();
  sub->add_option("--format", format, "text or jsonl")
      ->check(CLI::IsMember({"text", "jsonl"}))
      ->capture_default_str();
  sub->footer(
      sub->get_footer() +
      "\nExit codes: 0 every file was read, 1 some file could not be (the others were), 2 wrong usage.");
  cli.runs(sub, [] {
    o.format = format == "jsonl" ? ParseFormat::jsonl : ParseFormat::text;
    return run_parse(o, std::cin, std::cout, std::cerr);
  });
}

void add_enroll(Cli& cli) {
  static EnrollCommand o;
  auto* sub =
      cli.command("enroll", "Make this workstation known to a collector, with a token from its administrator",
                  "enroll --collector collector.example.com:7443 --token dlt1_...");
  cli.places(sub, o);
  sub->add_option("--collector", o.collector, "HOST or HOST:PORT")->required();
  sub->add_option("--token", o.token, "What `deskledger-collector token create` printed")
      ->required()
      ->envname("DESKLEDGER_ENROLL_TOKEN");
  sub->add_flag(
      "--replace", o.replace,
      "Put the new enrolment in place of the one that is there (`deskledger-collector agents re-enrol`)");
  sub->add_option("--proxy", o.proxy, "In place of proxy.url: http://HOST:PORT, none or environment");
  cli.runs(sub, [] { return run_enroll(o, std::cout, std::cerr); });
}

void add_run(Cli& cli) {
  static RunOptions o;
  static bool service = false;
  auto* sub = cli.command("run", "Follow the traces and send what they tell, until stopped", "run");
  cli.places(sub, o);
  sub->add_option("--trace", o.traces, "Follow these files instead of AnyDesk's own places (repeatable)");
  sub->add_flag("--service", service, "What Windows' service manager starts: see `service install`");
  cli.runs(sub,
           [] { return service ? run_agent_as_service(o, std::cerr) : run_agent(o, std::cout, std::cerr); });
}

void add_service(Cli& cli) {
  auto* sub = cli.command("service", "Have Windows start the agent, and start it again should it end",
                          "service install\n  deskledger-agent service start");
  sub->require_subcommand(1);
  const auto action = [&](const std::string& name, const std::string& about, ServiceAction what) {
    auto* verb = sub->add_subcommand(name, about);
    static RunOptions o;
    if (what == ServiceAction::install) {
      cli.places(verb, o);
      verb->add_option("--trace", o.traces, "As of `run`");
    }
    cli.runs(verb, [what] { return run_service(what, o, std::cout, std::cerr); });
  };
  action("install", "Register the service, or change how it is registered; for administrators",
         ServiceAction::install);
  action("uninstall", "Stop and remove the service; its data stays", ServiceAction::uninstall);
  action("start", "Start it, and wait until it runs", ServiceAction::start);
  action("stop", "Stop it, and wait until it has ended", ServiceAction::stop);
  action("status", "Show its state and how it is registered", ServiceAction::status);
}

void add_status(Cli& cli) {
  static StatusOptions o;
  auto* sub = cli.command("status", "Is this workstation enrolled, connected, and is nothing missing?",
                          "status --watch");
  cli.places(sub, o);
  sub->add_flag("--json", o.json, "For programs");
  sub->add_flag("--watch", o.watch, "Go on showing it until Ctrl-C");
  sub->add_option("--interval", o.interval_s, "With --watch: seconds between two looks")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  cli.runs(sub, [] { return run_status(o, std::cout, std::cerr); });
}

void add_doctor(Cli& cli) {
  static DoctorOptions o;
  auto* sub = cli.command(
      "doctor", "What of AnyDesk is on this machine, what may not be read, and is all well?", "doctor");
  cli.places(sub, o);
  sub->add_flag("--json", o.json, "For programs");
  sub->footer(sub->get_footer() + "\nExit codes: 0 all is well, 1 something needs a person, 2 wrong usage.");
  cli.runs(sub, [] { return run_doctor(o, std::cout); });
}

void add_begin_anew(Cli& cli) {
  static BeginAnewOptions o;
  auto* sub = cli.command(
      "begin-anew", "Set the outbox aside and begin a new history, once an administrator has decided so",
      "begin-anew --yes");
  cli.places(sub, o);
  sub->add_flag("--yes", o.yes, "Do it; without it you are told what would happen");
  cli.runs(sub, [] { return run_begin_anew(o, std::cout, std::cerr); });
}

void add_version(Cli& cli) {
  auto* sub = cli.command("version", "Print the version", "version");
  cli.runs(sub, [] {
    std::cout << "deskledger-agent " << base::kVersion << '\n';
    return 0;
  });
}

}  // namespace

int main(int argc, char** argv) {
  const agent::platform::Console console;
  Cli cli;
  cli.app.require_subcommand(1);
  cli.app.footer("Exit codes: 0 done, 1 it could not be done and standard error says why, 2 wrong usage.");
  for (const auto add :
       {add_doctor, add_parse, add_enroll, add_run, add_service, add_status, add_begin_anew, add_version})
    add(cli);
  try {
    cli.app.parse(argc, argv);
    return cli.action();
  } catch (const CLI::ParseError& e) {
    return cli.app.exit(e) == 0 ? 0 : 2;
  }
}
