// The real traces, which stay outside of the repository: they are other people's. Read where they lie, if
// they do.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "agent/session/window_builder.h"
#include "common/timing/utc.h"
#include "tests/agent/session/lines.h"
#include "tests/source_root.h"

namespace {

using agent::session::Outcome;
using agent::session::Snapshot;
using session_tests::Lines;
using session_tests::sessions_of;
using session_tests::without_offsets;

const std::filesystem::path kFolder =
    std::filesystem::path{SOURCE_ROOT} / ".." / "shared" / "traces" / "real";

std::string read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// A line of comma-separated values in which some are quoted.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

struct Row {
  std::string remote_id, kind, requested, started, ended, reason, pid, fiber, duration_s;
};

std::string time_text(const std::optional<timing::UtcMs>& time) {
  if (!time) return "";
  std::string text = timing::to_rfc3339(*time);
  text[10] = ' ';
  text.pop_back();
  return text;
}

class RealTraces : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) {
      GTEST_SKIP() << "the real traces are not on this machine";
    }
    std::string line;
    std::ifstream csv{kFolder / "expected-outgoing-sessions.csv"};
    std::getline(csv, line);
    while (std::getline(csv, line)) {
      if (line.ends_with('\r')) line.pop_back();
      const auto c = cells(line);
      ASSERT_EQ(c.size(), 15u);
      const std::string kind = c[7].starts_with("deskrt")        ? "desktop"
                               : c[7].starts_with("filebrowser") ? "file_transfer"
                                                                 : "vpn";
      expected_[c[0]].push_back({c[6], kind, c[8], c[10], c[11], c[13], c[2], c[3], c[12]});
    }
    for (const auto& entry : std::filesystem::directory_iterator{kFolder}) {
      if (entry.path().extension() == ".trace") texts_[entry.path().filename().string()] = read(entry.path());
    }
  }

  std::map<std::string, std::vector<Row>> expected_;
  std::map<std::string, std::string> texts_;
};

TEST_F(RealTraces, GiveTheExpectedSessionsAndNoOther) {
  std::size_t rows = 0;
  for (const auto& [name, text] : texts_) {
    const auto found = sessions_of(text);
    const auto& want = expected_[name];
    ASSERT_EQ(found.size(), want.size()) << name;
    for (std::size_t i = 0; i < found.size(); ++i, ++rows) {
      const Snapshot& got = found[i];
      EXPECT_EQ(got.remote_id.value_or(""), want[i].remote_id);
      EXPECT_EQ(to_string(got.kind), want[i].kind);
      EXPECT_EQ(time_text(got.requested), want[i].requested);
      EXPECT_EQ(time_text(got.started), want[i].started);
      EXPECT_EQ(time_text(got.ended), want[i].ended);
      EXPECT_EQ(got.end_reason + ".", want[i].reason);
      EXPECT_EQ(std::to_string(got.pid), want[i].pid);
      EXPECT_EQ(std::to_string(got.fiber), want[i].fiber);
      EXPECT_EQ(got.outcome, want[i].started.empty() ? Outcome::failed : Outcome::completed);
      EXPECT_FALSE(got.clock_went_backwards);
      const auto duration = duration_ms(got);
      ASSERT_EQ(duration.has_value(), !want[i].duration_s.empty());
      if (duration) {
        EXPECT_EQ(*duration, std::llround(std::stod(want[i].duration_s) * 1000));
      }
    }
  }
  EXPECT_EQ(rows, 15u);
}

// Whatever is cut off in front, nothing false appears: what remains is a suffix of the sessions, some of them
// partial.
TEST_F(RealTraces, HeadCutAtAnyLineInventsNothing) {
  for (const auto& [name, text] : texts_) {
    if (expected_[name].empty()) continue;
    const auto whole = sessions_of(text);
    for (std::size_t at = 0; at < text.size();) {
      at = std::min(text.find('\n', at), text.size() - 1) + 1;
      // Every line near a session's lines, every 40th elsewhere: the whole would take minutes.
      const bool near = std::ranges::any_of(whole, [&](const Snapshot& s) {
        return at + 3000 > *s.requested_offset && at < *s.ended_offset + 3000 &&
               at < *s.requested_offset + 60'000;
      });
      if (!near && (at / 7) % 40 != 0) continue;
      const auto cut = sessions_of(std::string_view{text}.substr(at));
      ASSERT_LE(cut.size(), whole.size()) << name << " at " << at;
      for (std::size_t i = 0; i < cut.size(); ++i) {
        const Snapshot& got = cut[cut.size() - 1 - i];
        const Snapshot& want = whole[whole.size() - 1 - i];
        ASSERT_EQ(got.fiber, want.fiber) << name << " at " << at;
        ASSERT_EQ(got.ended, want.ended) << name << " at " << at;
        if (at <= *want.requested_offset && want.kind_known == got.kind_known) {
          ASSERT_EQ(got.outcome, want.outcome) << name << " at " << at;
        } else if (at > *want.requested_offset) {
          ASSERT_EQ(got.outcome, Outcome::partial) << name << " at " << at;
        }
      }
    }
  }
}

// A head cut inside the very lines of each session, and every session of which a line remains is still told.
TEST_F(RealTraces, ASessionWhoseHeadIsCutIsPartial) {
  for (const auto& [name, text] : texts_) {
    for (const Snapshot& whole : sessions_of(text)) {
      const auto cut = sessions_of(std::string_view{text}.substr(*whole.requested_offset + 8));
      ASSERT_FALSE(cut.empty()) << name;
      EXPECT_EQ(cut.front().outcome, Outcome::partial);
      EXPECT_EQ(cut.front().remote_id, whole.remote_id);
      EXPECT_EQ(cut.front().started, whole.started);
      EXPECT_EQ(cut.front().ended, whole.ended);
      EXPECT_EQ(cut.front().end_reason, whole.end_reason);
      EXPECT_EQ(cut.front().requested, std::nullopt);
      EXPECT_EQ(duration_ms(cut.front()), std::nullopt);
    }
  }
}

TEST_F(RealTraces, DamageBetweenTheLinesChangesNothing) {
  for (const auto& [name, text] : texts_) {
    const auto want = without_offsets(sessions_of(text));
    std::string windows_ends, holes;
    std::size_t n = 0;
    for (const char c : text) {
      if (c == '\n') windows_ends += '\r';
      windows_ends += c;
      holes += c;
      if (c == '\n' && ++n % 5 == 0) holes.append(35 + n % 2700, '\0');
      if (c == '\n' && n % 7 == 0) holes += "end tell\n}\n\n * * * * * *\n\xE0/\x82\x02 garbage \xFF\n";
      // A hole inside a line.
      if (c == ' ' && n % 11 == 0) holes.append(3, '\0');
    }
    EXPECT_EQ(without_offsets(sessions_of(windows_ends)), want) << name;
    EXPECT_EQ(without_offsets(sessions_of(holes)), want) << name;
    EXPECT_EQ(without_offsets(sessions_of("ssvc main 7 8 app.session - 5: cut first line\n" + text)), want)
        << name;
    EXPECT_EQ(without_offsets(sessions_of(text + "   info 2026-01-01 00:0")), want) << name;
  }
}

TEST_F(RealTraces, KnowNearlyEveryLine) {
  for (const auto& [name, text] : texts_) {
    agent::session::Batch batch{name};
    for (const Lines::Line& line : Lines{text}.all) batch.line(line.text, line.offset);
    EXPECT_GT(batch.counters().matched, 0u) << name;
    EXPECT_LT(batch.counters().malformed, 60u) << name;
    EXPECT_EQ(batch.counters().unknown_session, 0u) << name;
  }
}

TEST_F(RealTraces, GiveTheSameSessionsWithARestartAfterEveryLine) {
  for (const auto& [name, text] : texts_) {
    agent::session::Builder steady{"s"};
    agent::session::Builder restarted{"s"};
    agent::trace::TraceCounters counters;
    for (const Lines::Line& line : Lines{text}.all) {
      const auto event = agent::trace::parse(line.text, line.offset, counters);
      if (!event) continue;
      ASSERT_EQ(restarted.add(*event), steady.add(*event));
      auto loaded = agent::session::Builder::load(restarted.save());
      ASSERT_TRUE(loaded);
      restarted = std::move(*loaded);
    }
    ASSERT_EQ(restarted, steady) << name;
  }
}

// Both witnesses of the same sessions: on Linux in two files, on macOS in one.
TEST_F(RealTraces, TheWindowsTellTheSameSessions) {
  std::size_t completed = 0;
  for (const auto& [name, text] : texts_) {
    if (expected_[name].empty()) continue;
    const bool linux_service = name == "linux-7.1.0-service.trace";
    agent::session::WindowBuilder builder{"w"};
    agent::trace::TraceCounters counters;
    std::map<std::uint64_t, Snapshot> told;
    for (const Lines::Line& line : Lines{linux_service ? texts_["linux-7.1.0-user.trace"] : text}.all) {
      const auto event = agent::trace::parse(line.text, line.offset, counters);
      if (!event) continue;
      for (const Snapshot& snapshot : builder.add(*event)) told[snapshot.first_offset] = snapshot;
      auto loaded = agent::session::WindowBuilder::load(builder.save());
      ASSERT_TRUE(loaded);
      ASSERT_EQ(*loaded, builder);
    }
    EXPECT_TRUE(builder.open_sessions().empty()) << name;
    const auto by_service = sessions_of(text);
    ASSERT_EQ(told.size(), by_service.size()) << name;
    std::size_t i = 0;
    for (const auto& [offset, window] : told) {
      const Snapshot& service = by_service[i++];
      const auto apart = [](const auto& a, const auto& b) { return std::abs((*a - *b).count()); };
      EXPECT_EQ(window.outcome, service.outcome) << name;
      EXPECT_EQ(window.remote_id, service.remote_id) << name;
      EXPECT_LE(apart(window.requested, service.requested), 50) << name;
      EXPECT_EQ(std::ranges::count(window.doubts, agent::session::Doubt::pairing), 0) << name;
      if (window.outcome != Outcome::completed) continue;
      ++completed;
      EXPECT_LE(apart(window.started, service.started), 5) << name;
      // Session 112 ended because AnyDesk was closed: its service wrote the end when the window was gone.
      const bool closed = name.starts_with("mac-5.4.5") && service.fiber == 112;
      EXPECT_LE(apart(window.ended, service.ended), closed ? 1300 : 250) << name;
    }
  }
  EXPECT_EQ(completed, 8u);
}

}  // namespace
