// trace_replay SOURCE TARGET [--lines-per-second N] [--head-cut-at BYTES --keep BYTES]
//
// Appends SOURCE to TARGET line by line, as a running AnyDesk would.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include "tests/support/trace/replay.h"

int main(int argc, char** argv) {
  CLI::App app{"Appends a trace to a live file as AnyDesk does"};
  std::string source, target;
  double lines_per_second = 0;
  support::trace::CutRule rule;
  app.add_option("SOURCE", source, "Trace to read")->required();
  app.add_option("TARGET", target, "File to append to")->required();
  app.add_option("--lines-per-second", lines_per_second, "Speed; 0: as fast as possible")
      ->check(CLI::NonNegativeNumber);
  auto* cut =
      app.add_option("--head-cut-at", rule.at_bytes, "Cut the head when the file grows above this size");
  auto* keep = app.add_option("--keep", rule.keep_bytes, "Bytes that stay after a cut");
  cut->needs(keep);
  keep->needs(cut);
  CLI11_PARSE(app, argc, argv);
  if (rule.at_bytes != 0 && rule.keep_bytes >= rule.at_bytes) {
    std::cerr << "trace_replay: --keep must be smaller than --head-cut-at\n";
    return 2;
  }

  std::ifstream in{source, std::ios::binary};
  if (!in) {
    std::cerr << "trace_replay: cannot read " << source << "\n";
    return EXIT_FAILURE;
  }
  support::trace::LiveFile live{target, rule};
  std::string line;
  auto due = std::chrono::steady_clock::now();
  while (std::getline(in, line)) {
    if (!in.eof()) line += '\n';
    if (const auto written = live.append(line); !written) {
      std::cerr << "trace_replay: " << written.error().message << "\n";
      return EXIT_FAILURE;
    }
    if (lines_per_second <= 0) continue;
    due += std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>{1.0 / lines_per_second});
    std::this_thread::sleep_until(due);
  }
  return EXIT_SUCCESS;
}
