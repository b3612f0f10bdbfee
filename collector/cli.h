// The command line of the collector, as the files that add commands to it share it.

#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

namespace collector {

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

}  // namespace collector
