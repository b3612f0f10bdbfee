// The plug is pulled while traces are read: what was not committed is read again, to the same facts.

#include "tests/agent/capture/world.h"
#include "tests/agent/outbox/power.h"

namespace {

using namespace capture_tests;
using outbox_tests::Disk;
using outbox_tests::open_on;
using outbox_tests::Vfs;

class CapturePower : public World {
 protected:
  void TearDown() override { outbox.reset(); }

  // The trace grows by `piece` bytes a step until the power goes, again and again until it is whole.
  void live(const std::string& name, const std::string& text, std::uint64_t seed) {
    SCOPED_TRACE(name + ", seed " + std::to_string(seed));
    outbox.reset();
    Disk disk{seed};
    Vfs vfs{disk};
    files.at.clear();
    const auto file = files.create(kTrace);
    while (file->bytes.size() < text.size()) {
      disk.cut_power_at(1 + disk.random(80));
      run_until_cut(disk, vfs, [&] {
        file->bytes += text.substr(file->bytes.size(), 1 + disk.random(3'000));
        return file->bytes.size() < text.size();
      });
      if (!disk.has_power()) ++cuts;
      outbox.reset();
      disk.start_again();
    }
    auto opened = open_on(vfs);
    ASSERT_TRUE(opened) << opened.error().message;
    outbox = std::make_unique<agent::outbox::Outbox>(std::move(*opened));
    auto running = capture();
    settle(running);
    EXPECT_EQ(sealed(), parsed(text));
    EXPECT_TRUE(gaps().empty());
    EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n'));
    outbox_tests::expect_sound(*outbox);
    running.reset();
    outbox.reset();
  }

  void run_until_cut(const Disk& disk, const Vfs& vfs, const std::function<bool()>& grow) {
    auto opened = open_on(vfs);
    if (!opened) return;
    outbox = std::make_unique<agent::outbox::Outbox>(std::move(*opened));
    auto running = capture();
    while (disk.has_power()) {
      const bool more = grow();
      if (!running->refresh()) return;
      if (!running->step() || !more) return;
    }
  }

  int cuts = 0;
};

TEST_F(CapturePower, WhatIsReadAgainGivesTheSame) {
  for (const auto& [name, text] : shipped_traces()) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) live(name, text, seed);
    if (HasFailure()) return;
  }
  EXPECT_GT(cuts, 50);
}

}  // namespace
