// bench_parse AGENT SMALL LARGE [RUNS]
//
// How fast and in how much memory `deskledger-agent parse` reads LARGE, beside
// `grep -c app.session` on the same file, by turns, so that both meet the same
// machine. Exit code 1 if the speed is less than half of grep's, or the
// memory grows with the file.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/bench/figures.h"
#include "tests/support/process/process.h"

namespace {

constexpr double kRatioMin = 0.5;
// What ten times the bytes may cost in memory: the allocator's whims, no more.
constexpr std::int64_t kGrowthMax_kib = 1024;
constexpr std::chrono::minutes kLimit{5};

struct Run {
  double seconds = 0;
  std::int64_t peak_kib = 0;
};

// `output` is a real file: grep -c stops at its first match when it sees that nobody reads what it prints.
Run measure(const support::Command& command, const std::filesystem::path& output) {
  std::filesystem::remove(output);
  const auto begin = std::chrono::steady_clock::now();
  support::Process process{command, output, "/dev/stderr"};
  const auto code = process.wait(kLimit);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (code != 0) throw std::runtime_error{command.front() + " failed"};
  return {.seconds = took.count(), .peak_kib = process.peak_rss_kib()};
}

int compare(const std::string& agent, const std::string& small, const std::string& large, int runs) {
  const support::Command parse{agent, "parse", "--format", "jsonl", large};
  const support::Command grep{"/usr/bin/grep", "-c", "app.session", large};
  const double megabytes = static_cast<double>(std::filesystem::file_size(large)) / 1e6;
  const std::filesystem::path output = large + ".output";
  const auto peak_small = measure({agent, "parse", "--format", "jsonl", small}, output).peak_kib;
  measure(grep, output);  // The file comes into the page cache.
  std::vector<double> parse_s, grep_s, ratios;
  std::int64_t peak_large = 0;
  for (int i = 0; i < runs; ++i) {
    const Run one = measure(parse, output), other = measure(grep, output);
    parse_s.push_back(one.seconds);
    grep_s.push_back(other.seconds);
    ratios.push_back(other.seconds / one.seconds);
    peak_large = std::max(peak_large, one.peak_kib);
  }
  std::filesystem::remove(output);
  const double ratio = bench::median(ratios);
  std::printf("parse          %.3f s for %.0f MB (median of %d), %.0f MB/s\n", bench::median(parse_s),
              megabytes, runs, megabytes / bench::median(parse_s));
  std::printf("grep -c        %.3f s, %.0f MB/s\n", bench::median(grep_s), megabytes / bench::median(grep_s));
  std::printf("ratio          %.2f of grep's speed (at least %.2f wanted)\n", ratio, kRatioMin);
  std::printf("memory         %.1f MiB at the peak for %.0f MB, %.1f MiB for a tenth of it\n",
              static_cast<double>(peak_large) / 1024, megabytes, static_cast<double>(peak_small) / 1024);
  return ratio >= kRatioMin && peak_large - peak_small <= kGrowthMax_kib ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bench_parse AGENT SMALL LARGE [RUNS]\n");
    return 2;
  }
  try {
    return compare(argv[1], argv[2], argv[3], argc > 4 ? std::atoi(argv[4]) : 9);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_parse: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
