// bench_verify PROGRAMS [RECORDS]
//
// A collector has a million records of twenty agents, in batches of 100: how fast `verify` recomputes all of
// it, on one core, and how much memory that takes. Exit code 1 if it is less than docs/performance.md
// promises, or if something is wrong.

#include <deskledger/v1/fact.pb.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "collector/proof/log.h"
#include "collector/store/agents.h"
#include "collector/store/records.h"
#include "common/record/chain.h"
#include "common/record/signed_text.h"
#include "common/timing/clock.h"
#include "tests/support/site/site.h"

namespace {

namespace store = collector::store;
using std::chrono::steady_clock;

constexpr int kAgents = 20;
constexpr int kInBatch = 100;
constexpr int kBatchesInCommit = 50;
constexpr double kPerSecondMin = 200'000;

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message};
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// As long as a finished session is.
std::string body_of(std::uint64_t number) {
  deskledger::v1::Fact fact;
  fact.set_observed_utc_ms(1'790'000'000'000 + static_cast<std::int64_t>(number));
  fact.set_observed_boot_ms(static_cast<std::int64_t>(number));
  fact.set_boot_id("5f0a9c1e-7a55-4f0e-9a44-0c2b7d3e1f60");
  auto& gap = *fact.mutable_gap();
  gap.set_source("/home/anna/.anydesk/" + std::string(120, 'a') + ".trace");
  gap.set_after_offset(number);
  gap.set_cause("anchor_not_found");
  return fact.SerializeAsString();
}

class Agent {
 public:
  explicit Agent(int n) : key_{must(crypto::SigningKey::generate())} {
    id_.value.fill(static_cast<char>(n + 1));
  }

  void enrol(store::Transaction& tx) const {
    const auto token = must(store::create_token(tx, {.secret_hash = id_.hex(),
                                                     .workstation = id_.hex(),
                                                     .created = timing::from_ms(1),
                                                     .expires = timing::from_ms(2)}));
    store::AgentRow row;
    row.agent_id = id_.bytes();
    row.workstation = id_.hex();
    row.token_id = token;
    row.record_key = key_.public_key().bytes();
    must(store::enrol(tx, row));
  }

  void send(store::Transaction& tx) {
    record::Chain chain{id_, 1, seq_ + 1, head_};
    std::vector<store::NewRecord> records;
    for (int i = 0; i < kInBatch; ++i) {
      auto body = body_of(chain.next_seq());
      const auto hash = chain.append(body);
      records.push_back({.hash = std::string{hash.bytes()}, .body = std::move(body)});
    }
    const auto sig = key_.sign(record::batch_text({.agent = id_,
                                                   .epoch = 1,
                                                   .first_seq = seq_ + 1,
                                                   .count = kInBatch,
                                                   .prev_head = head_,
                                                   .head = chain.head()}));
    must(store::append_batch(tx,
                             {.agent_id = std::string{id_.bytes()},
                              .epoch = 1,
                              .first_seq = static_cast<std::int64_t>(seq_ + 1),
                              .prev_head = std::string{head_.bytes()},
                              .head = std::string{chain.head().bytes()},
                              .key_id = std::string{key_.public_key().id().bytes()},
                              .sig = sig,
                              .received = timing::from_ms(5)},
                             records));
    seq_ += kInBatch;
    head_ = chain.head();
  }

 private:
  record::AgentId id_;
  crypto::SigningKey key_;
  std::uint64_t seq_ = 0;
  crypto::Digest head_ = record::kChainStart;
};

// The agents take turns, as they do in life: the records of one do not lie together.
void fill(const support::Site& site, std::int64_t records) {
  auto database = must(store::Connection::open("sqlite:" + site.database().string()));
  std::vector<Agent> agents;
  for (int n = 0; n < kAgents; ++n) agents.emplace_back(n);
  must(database.transaction([&](store::Transaction& tx) -> base::Status {
    for (const auto& agent : agents) agent.enrol(tx);
    return {};
  }));
  collector::proof::Log log{"deskledger.local/log",
                            must(crypto::SigningKey::load(site.config().parent_path() / "pki" / "log.key")),
                            site.folder() / "checkpoint.txt"};
  std::size_t next = 0;
  for (std::int64_t sent = 0; sent < records;) {
    must(database.transaction([&](store::Transaction& tx) -> base::Status {
      for (int i = 0; i < kBatchesInCommit && sent < records; ++i, sent += kInBatch) {
        agents[next++ % agents.size()].send(tx);
      }
      return {};
    }));
    must(log.step(database, timing::system_clock().utc()));
  }
}

double cpu_s_of_children() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int measure(const std::string& programs, std::int64_t records) {
  const support::Site site{programs, "verify"};
  fill(site, records);
  const auto cpu_before = cpu_s_of_children();
  const auto began = steady_clock::now();
  const auto report = site.collector_json({"verify"});
  const auto wall_s = std::chrono::duration<double>{steady_clock::now() - began}.count();
  const auto cpu_s = cpu_s_of_children() - cpu_before;
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const bool clean = report.at("clean").as_bool() && report.at("records").as_int64() == records;
  const auto per_second = static_cast<double>(records) / cpu_s;
  std::printf(
      "verify         %lld records, %lld batches: %.0f a second and core (at least %.0f; mmhashchainsigs on "
      "an M4 "
      "Max 578,000)\n"
      "               %.1f s, %.1f s of them on the processor; at most %.1f MiB resident; %s\n",
      static_cast<long long>(records), static_cast<long long>(report.at("batches").as_int64()), per_second,
      kPerSecondMin, wall_s, cpu_s, static_cast<double>(usage.ru_maxrss) / 1024,
      clean ? "clean" : "NOT CLEAN");
  return clean && per_second >= kPerSecondMin ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_verify PROGRAMS [RECORDS]\n");
    return 2;
  }
  try {
    return measure(argv[1], argc > 2 ? std::atoll(argv[2]) : 1'000'000);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_verify: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
