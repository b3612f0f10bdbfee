// bench_ingest PROGRAMS batches|singles [AGENTS [BATCHES]]
//
// A collector of the folder PROGRAMS takes sealed and signed batches of many
// agents at once over TLS: `batches` of 100 records each, or of a `single` one.
// Everything is checked, de-duplicated and durable before it is acknowledged.
// Exit code 1 if a figure is worse than docs/performance.md allows.
//
// Per core means: per second of processor time of the collector's threads but
// one, the pipeline, which turns records into sessions meanwhile and at its own
// pace. Beside it stands the same for the whole process.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "collector/store/connection.h"
#include "collector/store/sessions.h"
#include "tests/bench/figures.h"
#include "tests/bench/fleet.h"
#include "tests/bench/process_figures.h"
#include "tests/support/process/eventually.h"

namespace {

using support::Site;

struct Shape {
  const char* name;
  std::size_t agents, batches, records, window;
  double rate_min;    // Per core: records of batches, batches of single records.
  double ack_max_ms;  // p99; 0: no limit.
  const char* peers;
};

constexpr Shape kBatches{.name = "batches",
                         .agents = 50,
                         .batches = 60,
                         .records = 100,
                         .window = 4,
                         .rate_min = 30'000,
                         .ack_max_ms = 0,
                         .peers = "goal 60,000; rsyslog RELP/TLS, not durable, 35,000"};
constexpr Shape kSingles{.name = "singles",
                         .agents = 200,
                         .batches = 100,
                         .records = 1,
                         .window = 1,
                         .rate_min = 3'000,
                         .ack_max_ms = 100,
                         .peers = "rsyslog, durable at both ends, 850 messages"};

// Until the pipeline has taken every record that is stored.
void wait_for_pipeline(const Site& site, std::int64_t records) {
  auto database = collector::store::Connection::open("sqlite:" + site.database().string()).value();
  const auto done = [&] {
    std::int64_t at = 0;
    const auto read = database.read([&](collector::store::Transaction& tx) -> base::Status {
      at = collector::store::get_cursor(tx, "assemble").value_or(0);
      return {};
    });
    return read && at >= records;
  };
  if (!support::eventually(done, std::chrono::minutes{10}))
    throw std::runtime_error{"the pipeline never ends"};
}

int measure(const std::string& programs, const Shape& shape) {
  Site site{programs, "ingest"};
  site.start_collector();
  bench::Fleet fleet{site, shape.agents};
  fleet.seal(shape.batches, shape.records);
  fleet.connect();
  const auto pid = site.collector_process().pid();
  const auto before = bench::activity_of(pid);
  const auto sent = fleet.send(shape.window);
  const auto after = bench::activity_of(pid);
  const auto batches = static_cast<double>(shape.agents * shape.batches);
  const auto records = batches * static_cast<double>(shape.records);
  const double wanted = shape.records == 1 ? batches : records;
  const double whole_s = after.cpu_s - before.cpu_s;
  const double cpu_s = whole_s - (after.threads.at("pipeline") - before.threads.at("pipeline"));
  const double p99 = bench::percentile(sent.ack_ms, 99);
  std::printf("%-14s %zu agents, %.0f batches of %zu: %.0f a second per core (at least %.0f; %s)\n",
              shape.name, shape.agents, batches, shape.records, wanted / cpu_s, shape.rate_min, shape.peers);
  std::printf(
      "               %.0f a second by the clock; %.1f us each; whole process %.0f a second per core, %.2f "
      "s:",
      wanted / sent.wall_s, cpu_s / wanted * 1e6, wanted / whole_s, whole_s);
  for (const auto& [thread, seconds] : after.threads) {
    const auto spent = seconds - (before.threads.contains(thread) ? before.threads.at(thread) : 0);
    if (spent > 0.005) std::printf(" %s %.2f s", thread.c_str(), spent);
  }
  std::printf("\n               acknowledged after p50 %.1f ms, p99 %.1f ms", bench::median(sent.ack_ms),
              p99);
  std::printf(shape.ack_max_ms > 0 ? " (at most %.0f)\n" : "\n", shape.ack_max_ms);
  std::fflush(stdout);
  wait_for_pipeline(site, static_cast<std::int64_t>(records));
  const auto end = bench::activity_of(pid);
  std::printf(
      "               with all of the pipeline's work behind it: %.2f s of processor time, %.0f a second per "
      "core; "
      "%.1f MiB resident at the peak\n",
      end.cpu_s - before.cpu_s, wanted / (end.cpu_s - before.cpu_s), bench::mib(bench::kib_of(pid, "VmHWM")));
  site.stop_collector();
  return wanted / cpu_s >= shape.rate_min && (shape.ack_max_ms == 0 || p99 <= shape.ack_max_ms)
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_ingest PROGRAMS batches|singles [AGENTS [BATCHES]]\n");
    return 2;
  }
  try {
    Shape shape = std::strcmp(argv[2], "singles") == 0 ? kSingles : kBatches;
    if (argc > 3) shape.agents = std::strtoul(argv[3], nullptr, 10);
    if (argc > 4) shape.batches = std::strtoul(argv[4], nullptr, 10);
    return measure(argv[1], shape);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_ingest: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
