// bench_spool PROGRAMS [RECORDS]
//
// An agent whose outbox holds a million records starts beside a collector that
// has none of them: how long until the first ones are committed there, how long
// until all are, and the most memory the agent ever had. Exit code 1 if one is
// more than docs/performance.md allows.

#include <deskledger/v1/fact.pb.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "agent/outbox/outbox.h"
#include "tests/bench/process_figures.h"
#include "tests/bench/watch.h"
#include "tests/support/process/eventually.h"

namespace {

using std::chrono::steady_clock;
using support::Site;

constexpr std::int64_t kPeakMax_kib = 16 * 1024;
constexpr double kFirstMax_ms = 300, kDrainedMax_s = 60;
// Of the collector: what it keeps does not grow with what it takes.
constexpr std::int64_t kCollectorMax_kib = 128 * 1024;
constexpr std::chrono::microseconds kLook{500};
constexpr std::chrono::minutes kPatienceDrain{30};

// As long as a finished session is, and little work for the collector behind its committing: what is measured
// is the way there.
std::string body_of(std::int64_t number) {
  deskledger::v1::Fact fact;
  fact.set_observed_utc_ms(1'790'000'000'000 + number);
  fact.set_observed_boot_ms(number);
  fact.set_boot_id("5f0a9c1e-7a55-4f0e-9a44-0c2b7d3e1f60");
  auto& gap = *fact.mutable_gap();
  gap.set_source("/home/anna/.anydesk/" + std::string(120, 'a') + ".trace");
  gap.set_after_offset(static_cast<std::uint64_t>(number));
  gap.set_cause("anchor_not_found");
  return fact.SerializeAsString();
}

void fill(const Site& site, std::int64_t records) {
  auto identity = agent::identity::load(site.agent_data()).value();
  identity.epoch = 1;
  if (auto saved = agent::identity::save(site.agent_data(), identity); !saved) {
    throw std::runtime_error{saved.error().message};
  }
  auto outbox = agent::outbox::Outbox::open(site.agent_data() / "outbox.db", identity.agent_id, 1).value();
  for (std::int64_t at = 0; at < records;) {
    std::vector<std::string> bodies;
    for (int i = 0; i < 5'000 && at < records; ++i) bodies.push_back(body_of(at++));
    if (auto done = outbox.append(bodies, {}, {}); !done) throw std::runtime_error{done.error().message};
  }
}

int measure(const std::string& programs, std::int64_t records) {
  Site site{programs, "spool"};
  site.start_collector();
  site.enrol();
  fill(site, records);
  const auto file_bytes = std::filesystem::file_size(site.agent_data() / "outbox.db");
  bench::Watch watch{site};
  const auto began = steady_clock::now();
  const auto since_ms = [&] {
    return std::chrono::duration<double, std::milli>{steady_clock::now() - began}.count();
  };
  site.start_agent();
  const auto pid = site.agent_process().pid();
  while (watch.committed_seq() == 0) {
    if (since_ms() > 60'000) throw std::runtime_error{"nothing is ever sent"};
    std::this_thread::sleep_for(kLook);
  }
  const double first_ms = since_ms();
  std::printf(
      "spool          %lld records, %.0f MB: start to first record committed %.0f ms (at most %.0f)\n",
      static_cast<long long>(records), static_cast<double>(file_bytes) / 1e6, first_ms, kFirstMax_ms);
  std::fflush(stdout);  // The rest takes its time.
  const auto drained = [&] { return watch.committed_seq() >= records; };
  if (!support::eventually(drained, kPatienceDrain)) throw std::runtime_error{"it is never drained"};
  const double all_s = since_ms() / 1000;
  const auto peak_kib = bench::kib_of(pid, "VmHWM");
  const auto collector_kib = bench::kib_of(site.collector_process().pid(), "VmHWM");
  const auto used = bench::activity_of(site.collector_process().pid());
  std::printf(
      "               all committed after %.0f s (at most %.0f), %.0f a second (rsyslog's RELP: 2,770)\n",
      all_s, kDrainedMax_s, static_cast<double>(records) / all_s);
  std::printf(
      "               collector: %.1f MiB resident at the peak (at most %.0f), %.1f s of processor time\n",
      bench::mib(collector_kib), bench::mib(kCollectorMax_kib), used.cpu_s);
  std::printf(
      "               %.1f MiB resident at the peak (at most %.0f; rsyslog 187 to 214, syslog-ng 13.1, "
      "Fluent Bit 77)\n",
      bench::mib(peak_kib), bench::mib(kPeakMax_kib));
  site.stop_agent();
  return peak_kib <= kPeakMax_kib && first_ms <= kFirstMax_ms && all_s <= kDrainedMax_s &&
                 collector_kib <= kCollectorMax_kib
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_spool PROGRAMS [RECORDS]\n");
    return 2;
  }
  try {
    return measure(argv[1], argc > 2 ? std::atoll(argv[2]) : 1'000'000);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_spool: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
