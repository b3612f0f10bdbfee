// A machine with trace files in memory and a real outbox, and what `parse` would say of the same lines.

#pragma once

#include <deskledger/v1/fact.pb.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "agent/capture/capture.h"
#include "agent/seal/fact.h"
#include "agent/session/batch.h"
#include "tests/agent/outbox/files.h"
#include "tests/agent/tail/memory_files.h"
#include "tests/source_root.h"
#include "tests/support/clock/manual_clock.h"

namespace capture_tests {

namespace wire = deskledger::v1;
using agent::capture::Capture;
using agent::tail::testing::MemoryFiles;

inline constexpr const char* kTrace = "/var/log/anydesk.trace";

// Makes commits of the newest SQLite connection fail at will.
class CommitFaults {
 public:
  CommitFaults() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&remember)); }
  ~CommitFaults() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&remember)); }

  int commits = 0;                // So far.
  std::function<bool(int)> fail;  // Asked with the running number, from 1.

  // For the outbox that was opened last.
  void arm() { sqlite3_commit_hook(last_, &decide, this); }

 private:
  static int remember(sqlite3* db, const char**, const void*) {
    last_ = db;
    return SQLITE_OK;
  }
  static int decide(void* self) {
    auto& faults = *static_cast<CommitFaults*>(self);
    ++faults.commits;
    return faults.fail && faults.fail(faults.commits) ? 1 : 0;
  }
  static inline sqlite3* last_ = nullptr;
};

// Some paths are not ours to read.
class LockedFiles final : public agent::tail::FileSystem {
 public:
  explicit LockedFiles(MemoryFiles& files) : files_{files} {}
  std::set<std::string> locked;

  base::Result<std::unique_ptr<agent::tail::ReadableFile>> open(const std::string& path) override {
    if (locked.contains(path)) return base::fail(base::ErrorCode::permission_denied, "opening " + path);
    return files_.open(path);
  }
  base::Result<agent::tail::FileState> look_up(const std::string& path) override {
    return files_.look_up(path);
  }
  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    return files_.list(folder);
  }

 private:
  MemoryFiles& files_;
};

class World : public outbox_tests::Files {
 protected:
  std::unique_ptr<Capture> capture() {
    return std::make_unique<Capture>(locked, *outbox, clock, std::vector<std::string>{"/var/log/*.trace"},
                                     agent::tail::LetterCase::sensitive);
  }
  void fresh_outbox() {
    outbox.reset();
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    outbox = std::make_unique<agent::outbox::Outbox>(open());
  }

  // Steps until all is read and committed. `restart`: a new Capture whenever nothing is being settled, which
  // takes two looks of one and the same follower.
  void settle(std::unique_ptr<Capture>& running, bool restart = false) {
    for (int i = 0; i < 500; ++i) {
      ASSERT_TRUE(running->refresh());
      const auto step = running->step();
      if (!step) {
        if (restart) running = capture();
        continue;
      }
      const bool rests = !step->more && !step->settling;
      if (restart && !step->settling) running = capture();
      if (rests) return;
    }
    FAIL() << "capture does not come to rest";
  }

  std::vector<wire::Fact> facts() {
    std::vector<wire::Fact> all;
    for (const auto& record : outbox_tests::all_records(*outbox)) {
      EXPECT_TRUE(all.emplace_back().ParseFromString(record.body));
    }
    return all;
  }
  // The last state of each session, by its key.
  std::map<std::string, std::string> sealed() {
    std::map<std::string, std::string> last;
    for (const auto& fact : facts()) {
      if (fact.has_session()) last[fact.session().session_key()] = fact.session().SerializeAsString();
    }
    return last;
  }
  std::vector<wire::GapFact> gaps() {
    std::vector<wire::GapFact> all;
    for (const auto& fact : facts()) {
      if (fact.has_gap()) all.push_back(fact.gap());
    }
    return all;
  }
  std::int64_t counter(const std::string& name) {
    const auto all = outbox->counters().value();
    const auto found = all.find(name);
    return found == all.end() ? 0 : found->second;
  }

  MemoryFiles files;
  LockedFiles locked{files};
  support::ManualClock clock;
  std::unique_ptr<agent::outbox::Outbox> outbox = std::make_unique<agent::outbox::Outbox>(open());
};

// What reading `text` from its beginning to its end gives, as it would be sealed.
inline std::map<std::string, std::string> parsed(const std::string& text,
                                                 const std::string& source = kTrace) {
  agent::session::Batch batch{source};
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    std::erase(line, '\0');
    if (line.ends_with('\r')) line.pop_back();
    batch.line(line, at);
    at = end + 1;
  }
  std::map<std::string, std::string> all;
  for (const auto& snapshot : std::move(batch).sessions()) {
    wire::Fact fact;
    EXPECT_TRUE(fact.ParseFromString(agent::seal::fact_of(snapshot, {})));
    all[fact.session().session_key()] = fact.session().SerializeAsString();
  }
  return all;
}

inline std::map<std::string, std::string> shipped_traces() {
  std::map<std::string, std::string> all;
  const auto folder = std::filesystem::path{SOURCE_ROOT} / "tests" / "data" / "traces";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".trace") continue;
    std::ifstream in{entry.path(), std::ios::binary};
    all[entry.path().stem().string()] = {std::istreambuf_iterator<char>{in}, {}};
  }
  return all;
}

}  // namespace capture_tests
