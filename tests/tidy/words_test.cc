// Style that a machine can keep: headers guard themselves, every file ends its
// thoughts, no call is made that has a better replacement in the house.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/source_root.h"
#include "tests/tidy/source_tree.h"

namespace {

// Word -> what to do instead.
const std::map<std::string, std::string> kBanned = {
    {"std::cout", "write to the stream the command was given"},
    {"using namespace std;", "name what you use"},
    {"strcpy(", "std::string"},
    {"sprintf(buf", "snprintf with sizeof, or std::to_string"},
    {"std::regex", "a parser: std::regex is slow and recurses on foreign input"},
    {"system(\"", "a library call"},
    {"sleep_for", "a wait with an owner and a limit (common/async)"},
    {"::detached", "an owner: async::TaskGroup"},
    {"std::endl", "'\\n'"},
};

std::vector<tidy::SourceFile> shipped() {
  return tidy::read_tree(SOURCE_ROOT, {"agent", "collector", "common"}, {".h", ".cc"});
}
std::vector<tidy::SourceFile> all() {
  return tidy::read_tree(SOURCE_ROOT, {"agent", "collector", "common", "tests"}, {".h", ".cc"});
}

TEST(Words, BannedCallsAreNotMade) {
  for (const auto& file : shipped()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto code = file.lines[i].substr(0, file.lines[i].find("//"));
      for (const auto& [word, instead] : kBanned) {
        // Only main.cc, and its parts, hand the process's own streams to the commands.
        if (word == "std::cout" && file.path.find("/main") != std::string::npos) continue;
        EXPECT_EQ(code.find(word), std::string::npos)
            << file.path << ":" << i + 1 << ": instead: " << instead;
      }
    }
  }
}

// What a person changes goes through collector/actions, which notes it in the chain of changes: no command
// calls what writes rows.
TEST(Words, CommandsChangeNothingBesideTheChainOfChanges) {
  const std::set<std::string> verbs{"add",     "append", "bump",   "close", "create", "enrol",
                                    "note",    "plan",   "put",    "set",   "use",    "quarantine",
                                    "release", "remove", "revoke", "touch", "upsert"};
  const std::string store = "store::";
  for (const auto& file : tidy::read_tree(SOURCE_ROOT, {"collector/commands"}, {".h", ".cc"})) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto& line = file.lines[i];
      for (auto at = line.find(store); at != std::string::npos; at = line.find(store, at + 1)) {
        const auto begin = at + store.size();
        const auto end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz", begin);
        const bool is_call = end != std::string::npos && (line[end] == '_' || line[end] == '(');
        EXPECT_FALSE(is_call && verbs.contains(line.substr(begin, end - begin)))
            << file.path << ":" << i + 1 << ": instead: a function of collector/actions";
      }
    }
  }
}

TEST(Words, NothingIsLeftForLater) {
  // Split, so that this file does not find itself.
  const std::string marks[] = {std::string{"TO"} + "DO", std::string{"FIX"} + "ME", std::string{"XX"} + "X"};
  for (const auto& file : all()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (file.lines[i].find("XXXX") != std::string::npos) continue;  // The pattern of mkdtemp.
      for (const auto& mark : marks) {
        EXPECT_EQ(file.lines[i].find(mark), std::string::npos) << file.path << ":" << i + 1;
      }
    }
  }
}

TEST(Words, HeadersGuardThemselvesAndSayWhatTheyAreFor) {
  for (const auto& file : shipped()) {
    if (!file.path.ends_with(".h")) continue;
    bool guarded = false;
    for (const auto& line : file.lines) guarded = guarded || line == "#pragma once";
    EXPECT_TRUE(guarded) << file.path;
    ASSERT_FALSE(file.lines.empty()) << file.path;
    EXPECT_TRUE(file.lines[0].starts_with("//")) << file.path << " does not begin with its purpose";
  }
}

TEST(Words, FilesHoldOneIdea) {
  for (const auto& file : all()) EXPECT_LE(file.lines.size(), 450u) << file.path;
}

}  // namespace
