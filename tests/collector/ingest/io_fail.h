// The n-th call of the file system fails below the collector's store, once or from then on: nothing
// acknowledged is lost, errors have names, and with the cause gone it goes on.

#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/collector/ingest/power.h"

namespace collector::ingest {

struct Failure {
  std::string name;
  support::power::Fault fault;
  bool persistent;
};

inline void PrintTo(const Failure& failure, std::ostream* out) {
  *out << failure.name;
}

class FailingDisk : public testing::TestWithParam<Failure> {
 protected:
  using Disk = support::power::Disk;
  using Fault = support::power::Fault;

  static void expect_plain(const base::Error& error) {
    EXPECT_NE(error.code, base::ErrorCode::corrupt)
        << "a disk that fails is no damaged file: " << error.message;
    EXPECT_NE(error.code, base::ErrorCode::internal) << error.message;
    // A log index that cannot grow is all SQLite says of it: an I/O error.
    if (GetParam().fault == Fault::enospc && error.code != base::ErrorCode::unavailable) {
      EXPECT_EQ(error.code, base::ErrorCode::resource_exhausted) << error.message;
    }
  }

  // The agents connect again after each error, as they would; so does a collector that could not start.
  static void work(Running& running, Load& load) {
    for (bool enrolled = false, again = false; !enrolled; again = true) {
      const auto done = load.enrol_all(running);
      enrolled = done.has_value();
      if (!done) expect_plain(done.error());
      if (!done && again) return;
    }
    for (int i = 0; i < 8; ++i) {
      auto done = load.step(running);
      if (done) continue;
      expect_plain(done.error());
      done = load.connect_again(running);
      if (!done) expect_plain(done.error());
      if (!done) return;
    }
  }

  static void go_on(Running& running, Load& load) {
    auto done = load.connect_again(running);
    ASSERT_TRUE(done) << done.error().message;
    done = load.enrol_all(running);
    ASSERT_TRUE(done) << done.error().message;
    for (int i = 0; i < 3; ++i) {
      done = load.step(running);
      ASSERT_TRUE(done) << done.error().message;
    }
    EXPECT_EQ(load.look_for_damage(running), "");
  }

  // What becomes of the collector that met the failure.
  enum class Then { goes_on, ends };

  // A life with the failure in it, and one after it. False when there was nothing left to fail.
  static bool live(std::uint64_t n, Then then) {
    SCOPED_TRACE("call " + std::to_string(n) + (then == Then::ends ? ", the collector ends" : ""));
    const std::string url = url_on_disk("failing");
    Disk disk{n};
    const support::power::Vfs vfs{disk, support::power::For::everyone};
    Load load{n, 2};
    disk.fail_at(n, GetParam().fault, GetParam().persistent);
    auto running = Running::start(url);
    running ? work(**running, load) : expect_plain(running.error());
    const bool failed = disk.failed();
    if (running && then == Then::ends) running = std::unexpected{base::Error{}};
    disk.heal();
    if (!running) running = Running::start(url);
    EXPECT_TRUE(running) << running.error().message;
    if (!running) return false;
    // As if nothing had been, also on the same connections.
    go_on(**running, load);
    // What was acknowledged after a failed sync holds when the power goes.
    disk.cut_power_at(1);
    running = std::unexpected{base::Error{}};
    disk.start_again();
    running = Running::start(url);
    EXPECT_TRUE(running) << running.error().message;
    if (running) go_on(**running, load);
    return failed && !HasFailure();
  }
};

inline const auto kFailures =
    testing::Values(Failure{"ErrorOnce", support::power::Fault::eio, false},
                    Failure{"ErrorForGood", support::power::Fault::eio, true},
                    Failure{"FullOnce", support::power::Fault::enospc, false},
                    Failure{"FullForGood", support::power::Fault::enospc, true},
                    Failure{"ShortWriteOnce", support::power::Fault::short_write, false},
                    Failure{"ShortWriteForGood", support::power::Fault::short_write, true});

inline std::string name_of_failure(const testing::TestParamInfo<Failure>& each) {
  return each.param.name;
}

}  // namespace collector::ingest
