// The command line while it is put together: what each add_* function hangs its commands on.

#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

namespace collector {

// What to do once the line is parsed; the exit code.
using Action = std::function<int()>;

struct Cli {
  std::ostream& out;  // Where commands print.
  std::ostream& err;
  CLI::App app{"Deskledger's collector: turns AnyDesk sessions into charged, e-mailed and billed time.",
               "deskledger-collector"};
  Action action = {};

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

}  // namespace collector
