// bench_idle PROGRAMS [SECONDS]
//
// An agent with an open connection to a collector and six traces to watch, in
// which nothing happens: the processor time it takes, how often it wakes up, and
// what it keeps in memory. Beside each figure stands that of its peers from
// engineering.md. Exit code 1 if one is more than docs/performance.md allows.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/bench/process_figures.h"
#include "tests/bench/watch.h"
#include "tests/support/process/eventually.h"
#include "tests/support/trace/machine.h"

namespace {

using support::Site;

constexpr double kCpuMax_percent = 0.05, kWakeupsMax = 1;
constexpr std::int64_t kResidentMax_kib = 10 * 1024, kAnonymousMax_kib = 4 * 1024;
constexpr int kTraces = 6;
// Start-up is over, and what only it needed is given back.
constexpr std::chrono::seconds kSettles{20};

void write_trace(const std::filesystem::path& path, const std::string& id) {
  support::trace::Machine pc{
      {.system = support::trace::System::linux_deb, .major = 7, .minor = 1, .patch = 0}, id, 1};
  const auto day = timing::from_rfc3339("2026-11-02T00:00:00.000Z").value();
  pc.start(day);
  for (int i = 0; i < 20; ++i) {
    pc.outgoing({.at = day + std::chrono::minutes{2 + 5 * i},
                 .typed = "410100201",
                 .id = "410100201",
                 .duration_ms = 120'000});
  }
  std::ofstream{path, std::ios::binary} << pc.service_trace();
}

int measure(const std::filesystem::path& programs, int seconds) {
  Site site{programs, "idle"};
  site.start_collector();
  site.enrol();
  const auto traces = site.folder() / "traces";
  std::filesystem::create_directories(traces);
  for (int i = 0; i < kTraces; ++i) {
    write_trace(traces / ("anydesk" + std::to_string(i) + ".trace"), "41090000" + std::to_string(i));
  }
  support::Process agent{{programs / "deskledger-agent", "run", "--data-directory", site.agent_data(),
                          "--trace", traces / "*.trace"},
                         site.folder() / "agent.out",
                         site.folder() / "agent.log"};
  const auto rests = [&] {
    const auto status = site.agent_status();
    return status.at("sources").as_array().size() == kTraces &&
           status.at("records_pending").to_number<std::int64_t>() == 0 && bench::connected(site);
  };
  if (!support::eventually(rests)) {
    throw std::runtime_error{"it never rests: " + support::read_file(site.folder() / "agent.log")};
  }
  std::this_thread::sleep_for(kSettles);
  const auto before = bench::activity_of(agent.pid());
  std::this_thread::sleep_for(std::chrono::seconds{seconds});
  const auto after = bench::activity_of(agent.pid());
  const double cpu_percent = (after.cpu_s - before.cpu_s) / seconds * 100;
  const double wakeups = static_cast<double>(after.wakeups - before.wakeups) / seconds;
  const auto resident_kib = bench::kib_of(agent.pid(), "VmRSS");
  const auto own_kib = bench::kib_of(agent.pid(), "RssAnon");
  std::printf("idle, %d s     CPU %.4f %% of a core (at most %.2f; Fluent Bit 0.2, syslog-ng 0.7)\n", seconds,
              cpu_percent, kCpuMax_percent);
  std::printf("               %.2f wake-ups a second (at most %.0f)\n", wakeups, kWakeupsMax);
  std::printf(
      "               %.1f MiB resident (at most %.0f; rsyslog 8.4, syslog-ng 11.2, Fluent Bit 13.8), "
      "%.1f MiB of them anonymous (at most %.0f)\n",
      bench::mib(resident_kib), bench::mib(kResidentMax_kib), bench::mib(own_kib),
      bench::mib(kAnonymousMax_kib));
  agent.send(SIGTERM);
  if (agent.wait(support::kPatience) != 0) throw std::runtime_error{"the agent did not end well"};
  return cpu_percent <= kCpuMax_percent && wakeups <= kWakeupsMax && resident_kib <= kResidentMax_kib &&
                 own_kib <= kAnonymousMax_kib
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_idle PROGRAMS [SECONDS]\n");
    return 2;
  }
  try {
    return measure(argv[1], argc > 2 ? std::atoi(argv[2]) : 60);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_idle: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
