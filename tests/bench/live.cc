// bench_live PROGRAMS [SESSIONS]
//
// A collector and an agent of the folder PROGRAMS, over TLS on this machine: what
// the agent keeps in memory while it waits with an open connection, and how long
// a line of the trace takes until its record is committed at the collector.
// Exit code 1 if either is more than docs/performance.md allows.

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "tests/bench/figures.h"
#include "tests/bench/process_figures.h"
#include "tests/bench/watch.h"
#include "tests/support/process/eventually.h"
#include "tests/support/trace/machine.h"
#include "tests/support/trace/replay.h"

namespace {

using bench::kib_of;
using bench::mib;
using bench::Watch;
using std::chrono::steady_clock;
using support::Site;

constexpr std::int64_t kResidentMax_kib = 12 * 1024;
constexpr double kMedianMax_ms = 20, kP99Max_ms = 80;
constexpr std::chrono::seconds kSettles{20};
constexpr std::chrono::microseconds kLook{200};  // Between two looks at the database.

std::string day_of_sessions(int sessions) {
  support::trace::Machine pc{
      {.system = support::trace::System::linux_deb, .major = 7, .minor = 1, .patch = 0}, "410900001", 1};
  const auto day = timing::from_rfc3339("2026-11-02T00:00:00.000Z").value();
  pc.start(day);
  for (int i = 0; i < sessions; ++i) {
    pc.outgoing({.at = day + std::chrono::minutes{2 + 5 * i},
                 .typed = "410100201",
                 .id = "410100201",
                 .duration_ms = 120'000});
  }
  return pc.service_trace();
}

bool all_quiet(const Site& site, std::uint64_t written) {
  const auto status = site.agent_status();
  const auto& sources = status.at("sources").as_array();
  return status.at("records_pending").to_number<std::int64_t>() == 0 && !sources.empty() &&
         sources[0].as_object().at("read_bytes").to_number<std::uint64_t>() == written;
}

// Milliseconds from each line that starts a session until its record is committed.
std::vector<double> latencies(const Site& site, const std::string& trace) {
  support::trace::LiveFile file{site.trace(), {}};
  Watch watch{site};
  std::vector<double> found;
  const auto append = [&](std::string_view bytes) {
    if (!file.append(bytes)) throw std::runtime_error{"the trace cannot be written"};
  };
  std::size_t written = 0;
  for (std::size_t at = 0; (at = trace.find("5: Entering processing loop.", at)) != std::string::npos;) {
    const std::size_t begin = trace.rfind('\n', at) + 1, end = trace.find('\n', at) + 1;
    append(std::string_view{trace}.substr(written, begin - written));
    if (!support::eventually([&] { return all_quiet(site, begin); })) throw std::runtime_error{"never quiet"};
    const auto before = watch.committed_seq();
    const auto start = steady_clock::now();
    append(std::string_view{trace}.substr(begin, end - begin));
    while (watch.committed_seq() == before) {
      if (steady_clock::now() - start > support::kPatience) throw std::runtime_error{"it never arrives"};
      std::this_thread::sleep_for(kLook);
    }
    found.push_back(std::chrono::duration<double, std::milli>{steady_clock::now() - start}.count());
    written = at = end;
  }
  return found;
}

int measure(const std::string& programs, int sessions) {
  Site site{programs, "bench"};
  site.start_collector();
  site.enrol();
  if (!support::trace::LiveFile{site.trace(), {}}.append("")) throw std::runtime_error{"no trace"};
  site.start_agent();
  if (!support::eventually([&] { return bench::connected(site); }))
    throw std::runtime_error{"never connected"};
  const auto pid = site.agent_process().pid();
  // It gives back what the start needed some seconds later.
  support::eventually([&] { return kib_of(pid, "VmRSS") <= kResidentMax_kib; }, kSettles);
  const auto idle_kib = kib_of(pid, "VmRSS"), own_kib = kib_of(pid, "RssAnon");
  const auto times = latencies(site, day_of_sessions(sessions));
  const auto later_kib = kib_of(pid, "VmRSS"), own_later_kib = kib_of(pid, "RssAnon");
  std::printf(
      "memory         agent, idle and connected: %.1f MiB resident, of them %.1f MiB its own (RssAnon)\n",
      mib(idle_kib), mib(own_kib));
  std::printf("               the same after %zu sessions: %.1f MiB, %.1f MiB (at most %.0f MiB wanted)\n",
              times.size(), mib(later_kib), mib(own_later_kib), mib(kResidentMax_kib));
  const double middle = bench::median(times), p99 = bench::percentile(times, 99);
  std::printf(
      "latency        line written to record committed, %zu lines: median %.1f ms, p90 %.1f ms, "
      "p99 %.1f ms (at most %.0f ms and %.0f ms wanted)\n",
      times.size(), middle, bench::percentile(times, 90), p99, kMedianMax_ms, kP99Max_ms);
  return std::max(idle_kib, later_kib) <= kResidentMax_kib && middle <= kMedianMax_ms && p99 <= kP99Max_ms
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_live PROGRAMS [SESSIONS]\n");
    return 2;
  }
  try {
    return measure(argv[1], argc > 2 ? std::atoi(argv[2]) : 100);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_live: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
