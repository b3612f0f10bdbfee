// The n-th call of the file system fails while the collector takes batches and keeps its log, once or from
// then on: no checkpoint that anyone can have copied is contradicted, and with the cause gone it goes on.

#pragma once

#include "tests/collector/ingest/io_fail.h"
#include "tests/collector/proof/log_power.h"

namespace collector::proof {

class LogOnFailingDisk : public ingest::FailingDisk {
 protected:
  // The agents connect again after each error.
  static void work(Logged& logged) {
    bool connected = true;
    for (int i = 0; i < 3; ++i) {
      auto done = connected ? logged.take_batches() : logged.connect_again();
      if (!done && connected) {
        expect_plain(done.error());
        done = logged.connect_again();
      }
      connected = done.has_value();
      if (!done) expect_plain(done.error());
      done = logged.keep_log();
      if (!done) expect_plain(done.error());
    }
  }

  static void go_on(Logged& logged) {
    EXPECT_EQ(logged.look_for_damage(), "");
    const auto done = logged.take_batches();
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(logged.look_for_damage(), "");
  }

  static void start(Logged& logged) {
    const auto done = logged.start();
    ASSERT_TRUE(done) << done.error().message;
    go_on(logged);
  }

  // A life with the failure in it, and one after it. False when there was nothing left to fail.
  static bool live(std::uint64_t n, Then then) {
    SCOPED_TRACE("call " + std::to_string(n) + (then == Then::ends ? ", the collector ends" : ""));
    Disk disk{n};
    const support::power::Vfs vfs{disk, support::power::For::everyone};
    Logged logged{disk, "log-failing", n};
    start(logged);
    if (HasFatalFailure()) return false;
    disk.fail_at(n, GetParam().fault, GetParam().persistent);
    work(logged);
    const bool failed = disk.failed();
    disk.heal();
    if (then == Then::ends) {
      logged.end();
      start(logged);
    } else {
      const auto done = logged.connect_again();
      EXPECT_TRUE(done) << done.error().message;
      go_on(logged);
    }
    // What was told after a failed sync holds when the power goes.
    disk.cut_power_at(1);
    logged.end();
    disk.start_again();
    start(logged);
    return failed && !HasFailure();
  }
};

}  // namespace collector::proof
