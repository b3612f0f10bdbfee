// Keeps the arrows of docs/architecture.md pointing one way: every #include in
// the tree must cross a boundary that the tables below allow.
//
// When this fails, the usual answer is to move the code, not to add a row. A
// new row needs a reason, because the reason is what the next reader inherits.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/source_root.h"
#include "tests/tidy/source_tree.h"

namespace {

using Rooms = std::set<std::string>;

// Room -> rooms it may include from. A room may always include from itself.
const std::map<std::string, Rooms> kAllowed = {
    {"common/base", {}},
    {"common/timing", {"common/base"}},
    {"common/async", {"common/base"}},
    {"common/crypto", {"common/base", "common/timing"}},
    {"common/sqlite", {}},
    {"common/record", {"common/base", "common/crypto"}},
    {"common/tls", {"common/base", "common/timing", "common/async", "common/crypto"}},
    {"common/websocket", {"common/base", "common/async", "common/tls"}},
    {"common/config", {"common/base"}},
    {"common/logging", {}},

    // The agent, in the order of the flow. trace and session are pure: values in, values out.
    {"agent/tail", {"common/base"}},
    {"agent/trace", {"common/base", "common/timing", "agent/tail"}},
    {"agent/session", {"common/base", "common/timing", "agent/trace"}},
    {"agent/seal",
     {"common/base", "common/timing", "common/crypto", "common/record", "agent/session", "agent/tail"}},
    {"agent/outbox",
     {"common/base", "common/timing", "common/crypto", "common/record", "common/sqlite", "agent/seal"}},
    {"agent/process", {"common/base"}},
    {"agent/capture",
     {"common/base", "common/timing", "common/record", "agent/tail", "agent/trace", "agent/session",
      "agent/seal", "agent/outbox", "agent/process"}},
    // What is on this machine, for `doctor` and for the places to watch.
    {"agent/discovery", {"common/base", "common/timing", "agent/tail", "agent/trace"}},
    {"agent/identity",
     {"common/base", "common/async", "common/config", "common/crypto", "common/record", "common/tls",
      "common/websocket"}},
    {"agent/uplink",
     {"agent/identity", "common/base", "common/timing", "common/async", "common/crypto", "common/record",
      "common/tls", "common/websocket", "common/logging", "agent/outbox"}},
    {"agent/platform", {"common/base", "agent/tail"}},

    // The collector. rating, attribution, ledger and directory are pure.
    {"collector/rating", {"common/base", "common/timing"}},
    // Rules as text: what the store keeps, people edit and other programs send.
    {"collector/rule_text", {"common/base", "common/timing", "collector/rating"}},
    {"collector/directory", {"common/base", "common/timing", "collector/rating"}},
    {"collector/attribution", {"common/base", "common/timing", "collector/directory", "collector/rating"}},
    {"collector/ledger", {"common/base", "common/timing", "collector/directory", "collector/rating"}},
    {"collector/store",
     {"common/base", "common/timing", "common/crypto", "common/record", "common/sqlite",
      "collector/directory", "collector/rating", "collector/ledger", "collector/rule_text"}},
    {"collector/identity",
     {"common/base", "common/timing", "common/crypto", "common/record", "common/tls", "collector/store"}},
    // What a person may do, whichever front end he uses.
    {"collector/actions",
     {"common/base", "common/timing", "collector/store", "collector/directory", "collector/rating",
      "collector/attribution", "collector/ledger", "collector/mail", "collector/rule_text"}},
    {"collector/import",
     {"common/base", "common/timing", "collector/store", "collector/directory", "collector/rating",
      "collector/ledger",
      // A file taken in is a change by a person, row by row.
      "collector/actions",
      // Which addresses a mail may go to is the mail room's rule, and a bad one is refused where it comes in.
      "collector/mail"}},
    {"collector/ingest",
     {"common/base", "common/timing", "common/crypto", "common/record", "collector/store"}},
    {"collector/proof",
     {"common/base", "common/timing", "common/crypto", "common/record", "common/logging", "collector/store"}},
    {"collector/pipeline",
     {"common/base", "common/timing", "common/logging", "collector/store", "collector/directory",
      "collector/attribution", "collector/rating", "collector/ledger", "collector/mail"}},
    {"collector/mail", {"common/base", "common/timing"}},
    {"collector/net",
     {"common/base", "common/timing", "common/async", "common/crypto", "common/record", "common/tls",
      "common/websocket", "common/logging", "collector/identity", "collector/ingest", "collector/store"}},
};

// Commands and main.cc wire everything of their own side together.
bool wires_everything(const std::string& from, const std::string& to) {
  for (const std::string side : {"agent", "collector"}) {
    if (from == side || from == side + "/commands")
      return to.starts_with("common/") || to.starts_with(side + "/");
  }
  return false;
}

// Beginning of an include -> the only rooms that may have it.
const std::map<std::string, Rooms> kGuests = {
    {"spdlog/", {"common/logging"}},
    {"toml++/", {"common/config"}},
    {"date/", {"common/timing"}},
    {"openssl/", {"common/crypto", "common/tls"}},
    {"boost/asio/ssl", {"common/tls", "common/async"}},
    {"boost/beast", {"common/websocket", "common/tls", "common/async"}},
    {"sqlite3.h", {"agent/outbox", "common/sqlite"}},
    {"soci/", {"collector/store"}},
    {"libpq", {"collector/store"}},
    {"gmime/", {"collector/mail"}},
    {"curl/", {"collector/mail"}},
    {"argon2.h", {"collector/identity"}},
    {"zstd.h", {"common/record"}},
    {"CLI/", {"agent", "collector", "agent/commands", "collector/commands"}},
    {"boost/json",
     {"collector/commands", "collector/actions", "collector/pipeline", "agent/commands",
      "collector/attribution", "collector/rule_text"}},
};

// Rooms that do no IO, read no clock and write no log.
const Rooms kPure = {"agent/trace",           "agent/session",    "collector/rating",
                     "collector/attribution", "collector/ledger", "collector/directory"};
const std::set<std::string> kImpure = {"fstream",  "cstdio",     "filesystem", "thread",   "mutex",
                                       "iostream", "sys/stat.h", "fcntl.h",    "unistd.h", "ctime"};

std::vector<tidy::SourceFile> sources() {
  return tidy::read_tree(SOURCE_ROOT, {"agent", "collector", "common"}, {".h", ".cc"});
}

TEST(Layers, EveryQuotedIncludeCrossesAnAllowedBoundary) {
  int seen = 0;
  for (const auto& file : sources()) {
    const auto from = tidy::room_of(file.path);
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto include = tidy::include_of(file.lines[i]);
      if (!include.quoted) continue;
      ++seen;
      const auto to = tidy::room_of(include.target);
      if (to == from || wires_everything(from, to)) continue;
      ASSERT_TRUE(kAllowed.contains(from)) << from << " is a room with no row in the table";
      if (!kAllowed.contains(to)) continue;  // A generated header of the room itself: build/<room>/...
      EXPECT_TRUE(kAllowed.at(from).contains(to))
          << file.path << ":" << i + 1 << ": " << from << " may not include from " << to;
    }
  }
  EXPECT_GT(seen, 100) << "looked in the wrong place";
}

TEST(Layers, GuestLibrariesStayInTheirRooms) {
  for (const auto& file : sources()) {
    const auto from = tidy::room_of(file.path);
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto include = tidy::include_of(file.lines[i]);
      for (const auto& [guest, rooms] : kGuests) {
        if (include.target.starts_with(guest)) {
          EXPECT_TRUE(rooms.contains(from)) << file.path << ":" << i + 1 << ": " << include.target;
        }
      }
    }
  }
}

TEST(Layers, PureRoomsTouchNothing) {
  for (const auto& file : sources()) {
    if (!kPure.contains(tidy::room_of(file.path))) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(kImpure.contains(tidy::include_of(file.lines[i]).target)) << file.path << ":" << i + 1;
      EXPECT_EQ(file.lines[i].find("_clock::now"), std::string::npos) << file.path << ":" << i + 1;
    }
  }
}

TEST(Layers, AllowedRoomsHaveNoCircle) {
  // Removing rooms that need nothing left must remove them all.
  auto left = kAllowed;
  for (bool progress = true; progress;) {
    progress = false;
    for (auto it = left.begin(); it != left.end();) {
      bool free = true;
      for (const auto& need : it->second) free = free && !left.contains(need);
      if (free) {
        it = left.erase(it);
        progress = true;
      } else {
        ++it;
      }
    }
  }
  for (const auto& [room, needs] : left) ADD_FAILURE() << room << " is part of a circle";
}

TEST(Layers, TheReaderUnderstandsIncludes) {
  EXPECT_EQ(tidy::include_of("#include \"agent/trace/event.h\"").target, "agent/trace/event.h");
  EXPECT_TRUE(tidy::include_of("  # include \"x.h\"").quoted);
  EXPECT_FALSE(tidy::include_of("#include <vector>").quoted);
  EXPECT_EQ(tidy::include_of("// #include is a word").target, "");
  EXPECT_EQ(tidy::room_of("agent/trace/event.h"), "agent/trace");
  EXPECT_EQ(tidy::room_of("agent/main.cc"), "agent");
}

}  // namespace
