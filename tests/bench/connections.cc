// bench_connections PROGRAMS [CONNECTIONS]
//
// What one agent that is connected and has nothing to say costs a collector of
// the folder PROGRAMS: memory, and processor time for its pings. Exit code 1 if
// it is more than docs/performance.md allows.

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "tests/bench/fleet.h"
#include "tests/bench/process_figures.h"

namespace {

constexpr double kEachMax_kib = 64;
// Longer than two pings.
constexpr std::chrono::seconds kRests{25};

void allow_files(std::size_t files) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < files) {
    throw std::runtime_error{"the system allows " + std::to_string(limit.rlim_max) + " open files, not " +
                             std::to_string(files)};
  }
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, files);
  ::setrlimit(RLIMIT_NOFILE, &limit);  // The collector inherits it.
}

int measure(const std::string& programs, std::size_t connections) {
  allow_files(connections + 256);
  support::Site site{programs, "connections"};
  site.start_collector();
  bench::Fleet fleet{site, connections};
  const auto pid = site.collector_process().pid();
  const auto empty_kib = bench::kib_of(pid, "VmRSS");
  const auto began = bench::activity_of(pid);
  fleet.connect();
  const auto before = bench::activity_of(pid);
  fleet.rest(kRests);
  const auto after = bench::activity_of(pid);
  const auto full_kib = bench::kib_of(pid, "VmRSS");
  const double each_kib = static_cast<double>(full_kib - empty_kib) / static_cast<double>(connections);
  std::printf("connections    %zu idle: %.1f KiB each (at most %.0f); %.1f MiB resident, %.1f at the peak\n",
              connections, each_kib, kEachMax_kib, bench::mib(full_kib),
              bench::mib(bench::kib_of(pid, "VmHWM")));
  std::printf(
      "               %.2f %% of a core for their pings; %.2f ms of processor time for each handshake\n",
      (after.cpu_s - before.cpu_s) / static_cast<double>(kRests.count()) * 100,
      (before.cpu_s - began.cpu_s) / static_cast<double>(connections) * 1000);
  return each_kib <= kEachMax_kib ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_connections PROGRAMS [CONNECTIONS]\n");
    return 2;
  }
  try {
    return measure(argv[1], argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 5'000);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_connections: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
