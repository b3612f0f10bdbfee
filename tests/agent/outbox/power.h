// An outbox on a disk that may lose its power or fail, and a load whose result is known.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "agent/outbox/outbox.h"
#include "tests/agent/outbox/files.h"
#include "tests/support/power/vfs.h"

namespace outbox_tests {

using support::power::Disk;
using support::power::Fault;
using support::power::Vfs;

// A name on the simulated disk; the real ones have no such folder.
inline const std::filesystem::path kDiskPath = "/no-such-folder/outbox.db";

inline base::Result<Outbox> open_on(const Vfs& vfs) {
  return Outbox::open(kDiskPath, kAgent, 1, {.reserve_bytes = 0, .vfs = vfs.name()});
}

// All that an outbox says of itself; what it holds belongs together.
struct State {
  std::uint64_t sealed = 0, acked = 0;
  std::string position = {}, memory = {}, status = {};
  std::int64_t lines = 0;
  bool operator==(const State&) const = default;
};

inline std::string body_of(std::uint64_t seq) {
  return "record " + std::to_string(seq) + ' ' + std::string(seq * 7919 % 1500, 'x');
}

inline State state_of(Outbox& outbox) {
  State state{.sealed = outbox.chain().next_seq - 1, .acked = outbox.chain().acked_seq};
  if (const auto source = outbox.source("/a").value()) state.position = source->position;
  state.memory = outbox.memory("m").value();
  const auto status = outbox.status().value();
  if (status.contains("s")) state.status = status.at("s").value;
  const auto counters = outbox.counters().value();
  if (counters.contains("lines")) state.lines = counters.at("lines");
  return state;
}

// Appends with positions, counters and memories, acknowledgements, notes: by the disk's own seed.
class Load {
 public:
  explicit Load(Disk& disk) : disk_{disk} {}

  State told;                // What the outbox said is done.
  std::vector<State> tried;  // What the calls that failed since then may have done nevertheless.

  // One call. An error is the outbox's.
  base::Status step(Outbox& outbox) {
    const auto roll = disk_.random(20);
    State next = told;
    ++steps_;
    if (roll == 0) return done(next, note(outbox, next));
    if (roll < 4 && told.sealed > told.acked) {
      next.acked += 1 + disk_.random(told.sealed - told.acked);
      return done(next, outbox.acknowledge(next.acked));
    }
    return done(next, append(outbox, next, disk_.random(roll == 19 ? 60 : 5)));
  }

  // Many records at once, as after a holiday.
  base::Status append(Outbox& outbox, std::uint64_t records) {
    State next = told;
    ++steps_;
    return done(next, append(outbox, next, records));
  }

  // The outbox was opened again: it holds what was told, or what was tried since, and nothing else.
  void expect_kept(Outbox& outbox) {
    const State found = state_of(outbox);
    EXPECT_TRUE(found == told || std::ranges::find(tried, found) != tried.end())
        << "sealed " << found.sealed << " of " << told.sealed << ", acknowledged " << found.acked << " of "
        << told.acked << ", position " << found.position << " of " << told.position;
    told = found;
    tried.clear();
    std::uint64_t after = found.acked > Outbox::kKeptRecords ? found.acked - Outbox::kKeptRecords : 0;
    while (after < found.sealed) {
      const auto records = outbox.records_after(after, 1000, 10'000'000);
      ASSERT_TRUE(records) << records.error().message;
      for (const auto& record : *records) {
        ASSERT_EQ(record.seq, ++after);
        ASSERT_EQ(record.body, body_of(after));
      }
    }
    const auto checked = outbox.check_slice(1'000'000, {});
    ASSERT_TRUE(checked) << checked.error().message;
  }

 private:
  base::Status note(Outbox& outbox, State& next) const {
    next.status = std::to_string(steps_);
    return outbox.set_status("s", next.status, {});
  }
  base::Status append(Outbox& outbox, State& next, std::uint64_t records) const {
    std::vector<std::string> bodies;
    for (std::uint64_t i = 0; i < records; ++i) bodies.push_back(body_of(++next.sealed));
    next.position = std::to_string(steps_) + " at " + std::to_string(next.sealed);
    next.memory = next.position;
    next.lines += 1;
    const auto done = outbox.append(bodies, {{.name = "/a", .position = next.position, .builder = "b"}},
                                    {{"lines", 1}}, {{"m", next.memory}});
    if (!done) return std::unexpected{done.error()};
    return {};
  }
  base::Status done(const State& next, base::Status status) {
    if (status) {
      told = next;
      tried.clear();
    } else {
      tried.push_back(next);
    }
    return status;
  }

  Disk& disk_;
  std::uint64_t steps_ = 0;
};

// One life of an outbox: `cuts` times the power goes somewhere, and it must open unaided.
inline void live_through_cuts(std::uint64_t seed, int cuts, std::uint64_t records_first = 0) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Disk disk{seed};
  Vfs vfs{disk};
  Load load{disk};
  if (records_first > 0) {
    Outbox outbox = open_on(vfs).value();
    ASSERT_TRUE(load.append(outbox, records_first));
  }
  for (int cut = 0; cut < cuts; ++cut) {
    // Mostly in a commit, sometimes after the log was copied into the file.
    disk.cut_power_at(1 + disk.random(disk.random(4) == 0 ? 1500 : 60));
    {
      auto outbox = open_on(vfs);
      while (outbox && disk.has_power()) {
        if (load.step(*outbox)) continue;
        ASSERT_FALSE(disk.has_power()) << "it failed by itself";
      }
      ASSERT_FALSE(disk.has_power()) << outbox.error().message;
    }
    disk.start_again();
    auto outbox = open_on(vfs);
    ASSERT_TRUE(outbox) << "cut " << cut << ": " << outbox.error().message;
    load.expect_kept(*outbox);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace outbox_tests
