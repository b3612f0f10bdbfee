// Two processes write one trace with the head cut of AnyDesk, holes included,
// while the agent is killed again and again: nothing lost, nothing twice.

#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>
#include <ostream>
#include <random>
#include <stdexcept>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/live_trace.h"
#include "tests/support/site/sessions.h"
#include "tests/support/trace/shared_file.h"

namespace e2e {
namespace {

using support::Site;
using support::trace::SharedFile;

// Writes whole lines in bursts of one process or the other. The agent is never further behind than what two
// cuts and their holes leave of the file.
class TwoWriters {
 public:
  TwoWriters(const Site& site, std::string text, std::uint64_t seed)
      : site_{site}, text_{std::move(text)}, file_{site.trace(), support::kHeadCut}, random_{seed} {}

  void write_to(std::size_t offset) {
    while (at_ < std::min(offset, text_.size())) {
      if (grown_ - read_ > kUnreadBytesMax) let_agent_read();
      burst();
    }
  }
  const std::string& text() const { return text_; }
  const SharedFile& file() const { return file_; }

 private:
  static constexpr std::uint64_t kUnreadBytesMax = 300'000;

  void let_agent_read() {
    const bool follows = support::eventually([&] {
      const auto status = site_.agent_status();
      const auto& sources = status.at("sources").as_array();
      // Logical bytes: with what was cut away, and the holes.
      read_ = sources.empty() ? 0 : sources.front().as_object().at("read_bytes").to_number<std::uint64_t>();
      return grown_ - std::min(read_, grown_) <= kUnreadBytesMax / 4;
    });
    if (!follows) {
      throw std::runtime_error{"the agent has read " + std::to_string(read_) + " of " +
                               std::to_string(grown_) +
                               " bytes: " + support::read_file(site_.folder() / "agent.log")};
    }
  }

  void burst() {
    const auto writer = static_cast<std::uint32_t>(1 + random_() % 2);
    for (std::uint64_t lines = 1 + random_() % 40; lines > 0 && at_ < text_.size(); --lines) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
      const std::uint64_t before = file_.size();
      const auto written = file_.write(writer, std::string_view{text_}.substr(at_, end - at_));
      if (!written) throw std::runtime_error{written.error().message};
      grown_ += file_.size() - before;
      at_ = end;
      const bool by_other = random_() % 3 == 0;
      while (file_.cut_due()) {
        if (const auto cut = file_.cut_piece(support::kHeadCut.keep_bytes / 3, by_other); !cut) {
          throw std::runtime_error{cut.error().message};
        }
      }
    }
  }

  const Site& site_;
  std::string text_;
  SharedFile file_;
  std::mt19937_64 random_;
  std::size_t at_ = 0;
  std::uint64_t grown_ = 0;  // Bytes that ever stood in the file, holes included.
  std::uint64_t read_ = 0;
};

struct Load {
  const char* name;
  int days;
  std::uint64_t cuts_min;
  int kills;
};

std::ostream& operator<<(std::ostream& out, const Load& load) {
  return out << load.cuts_min << " cuts and " << load.kills << " kills";
}

class Writers : public testing::TestWithParam<Load> {};

TEST_P(Writers, CutsHolesAndKillsLoseAndRepeatNothing) {
  std::mt19937_64 random{seed()};
  Site site{PROGRAMS, "writers"};
  start_everything(site);
  TwoWriters trace{site, busy_days(GetParam().days, 40, 40).trace, random()};
  std::vector<std::size_t> moments;
  for (int i = 0; i < GetParam().kills; ++i) moments.push_back(1 + random() % trace.text().size());
  std::ranges::sort(moments);
  for (const std::size_t moment : moments) {
    trace.write_to(moment);
    site.kill_agent();
    site.start_agent();
  }
  trace.write_to(trace.text().size());
  expect_arrival(site, support::parsed(site, trace.text()));
  expect_whole_chain(site, "sqlite:" + site.database().string());
  EXPECT_GE(trace.file().cuts(), GetParam().cuts_min);
  EXPECT_GT(trace.file().holes(), trace.file().cuts() / 10);
  std::cout << trace.file().cuts() << " head cuts, " << trace.file().holes() << " holes, " << moments.size()
            << " kills\n";
  site.stop_agent();
  site.stop_collector();
}

std::string name_of(const testing::TestParamInfo<Load>& info) {
  return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Sample, Writers,
                         testing::Values(Load{.name = "some", .days = 2, .cuts_min = 20, .kills = 5}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Long, Writers,
                         testing::Values(Load{.name = "all", .days = 44, .cuts_min = 1'000, .kills = 200}),
                         name_of);

}  // namespace
}  // namespace e2e
