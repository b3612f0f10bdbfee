// Files as they may be found: damaged, newer, somebody else's, in use.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/agent/outbox/files.h"

namespace {

using namespace outbox_tests;
using base::ErrorCode;
using testing::HasSubstr;
using testing::SizeIs;

class OpenOutbox : public Files {};

#ifndef _WIN32  // There the access list of the folder counts, which enrolling sets.
TEST_F(OpenOutbox, IsForItsOwnerAlone) {
  write("");
  std::filesystem::permissions(path, std::filesystem::perms::all);
  Outbox outbox = open();
  ASSERT_TRUE(outbox.append({"x"}, {}, {}));
  for (const char* part : {"", "-wal", "-shm"}) {
    struct stat state{};
    ASSERT_EQ(::stat((path.string() + part).c_str(), &state), 0) << part;
    EXPECT_EQ(state.st_mode & 0777, 0600u) << part;
  }
}
#endif

TEST_F(OpenOutbox, NeedsItsFolder) {
  EXPECT_EQ(Outbox::open(folder / "none" / "outbox.db", kAgent, 1).error().code, ErrorCode::unavailable);
  EXPECT_EQ(Outbox::open_to_read(folder / "none" / "outbox.db").error().code, ErrorCode::not_found);
}

TEST_F(OpenOutbox, ANewerSchemaIsRefused) {
  {
    open();
  }
  sql("PRAGMA user_version=2");
  for (const auto& opened : {Outbox::open(path, kAgent, 1), Outbox::open_to_read(path)}) {
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::conflict);
    EXPECT_THAT(opened.error().message, HasSubstr("newer agent"));
  }
}

TEST_F(OpenOutbox, RubbishIsCorrupt) {
  for (const std::string& contents : {std::string(10'000, '\xaa'), std::string{"not a database at all\n"},
                                      "SQLite format 3" + std::string(9'000, '\0')}) {
    write(contents);
    EXPECT_EQ(Outbox::open(path, kAgent, 1).error().code, ErrorCode::corrupt) << contents.substr(0, 20);
    EXPECT_EQ(bytes(), contents) << "what is damaged is evidence";
  }
}

TEST_F(OpenOutbox, RecordsOfAnotherAgentAreCorrupt) {
  {
    Outbox outbox = open();
    ASSERT_TRUE(outbox.append({"x"}, {}, {}));
  }
  EXPECT_EQ(Outbox::open(path, record::AgentId{}, 1).error().code, ErrorCode::corrupt);
}

// Any byte of any page: the outbox is either refused or still holds the records that were put in.
TEST_F(OpenOutbox, AFlippedByteNeverChangesARecord) {
  {
    Outbox outbox = open();
    ASSERT_TRUE(
        outbox.append(bodies(0, 300), {{.name = "/a", .position = "p", .builder = "b"}}, {{"lines", 1}}));
  }
  const std::string whole = bytes();
  ASSERT_GT(whole.size(), 20'000u);
  // The tables' definitions stand at the end of the first page.
  const auto step = [](std::size_t at) { return at >= 3700 && at < 4096 ? 9u : 331u; };
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += step(at)) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
    for (const char* part : {"-wal", "-shm"}) std::filesystem::remove(path.string() + part);
    write(flipped);
    auto outbox = Outbox::open(path, kAgent, 1);
    if (!outbox) {
      ++refused;
      EXPECT_THAT(outbox.error().code, testing::AnyOf(ErrorCode::corrupt, ErrorCode::conflict))
          << at << ": " << outbox.error().message;
      continue;
    }
    const auto records = all_records(*outbox);
    ASSERT_EQ(records.size(), 300u) << at;
    for (std::size_t i = 0; i < records.size(); ++i)
      ASSERT_EQ(records[i].body, "body " + std::to_string(i)) << at;
  }
  EXPECT_GT(refused, 20);
}

TEST_F(OpenOutbox, ADamagedOneIsSetAside) {
  {
    Outbox outbox = open();
    ASSERT_TRUE(outbox.append({"x"}, {}, {}));
  }
  std::string damaged = bytes();
  damaged.replace(0, 100, std::string(100, 'x'));
  write(damaged);
  std::ofstream{path.string() + "-wal"} << "log";
  ASSERT_EQ(Outbox::open(path, kAgent, 1).error().code, ErrorCode::corrupt);
  const auto aside = agent::outbox::quarantine(path, timing::from_ms(1234));
  ASSERT_TRUE(aside) << aside.error().message;
  EXPECT_EQ(*aside, path.string() + ".damaged-1234");
  EXPECT_EQ(std::filesystem::file_size(*aside), damaged.size());
  EXPECT_TRUE(std::filesystem::exists(aside->string() + "-wal"));
  Outbox outbox = open(2);
  EXPECT_EQ(outbox.chain().epoch, 2u);
  EXPECT_EQ(outbox.chain().next_seq, 1u);
  ASSERT_TRUE(outbox.append({"y"}, {}, {}));
  expect_sound(outbox);
}

TEST_F(OpenOutbox, AReaderSeesWhatTheAgentWrites) {
  EXPECT_EQ(Outbox::open_to_read(path).error().code, ErrorCode::not_found);
  write("");
  EXPECT_EQ(Outbox::open_to_read(path).error().code, ErrorCode::not_found) << "nothing in it yet";
  Outbox agent = open();
  ASSERT_TRUE(agent.append({"x"}, {}, {{"lines", 1}}));
  auto reader = Outbox::open_to_read(path);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->pending(), 1u);
  ASSERT_TRUE(agent.append({"y"}, {}, {{"lines", 1}}));
  EXPECT_EQ(reader->counters().value().at("lines"), 2);
  EXPECT_FALSE(reader->append({"z"}, {}, {}));
  EXPECT_FALSE(reader->set_status("a", "b", {}));
  EXPECT_FALSE(reader->acknowledge(1));
  // In the middle of the agent's transaction.
  auto db = agent::outbox::open_database(path.string(), SQLITE_OPEN_READWRITE).value();
  ASSERT_TRUE(agent::outbox::execute(db.get(), "BEGIN IMMEDIATE; UPDATE counter SET value = 99"));
  auto meanwhile = Outbox::open_to_read(path);
  ASSERT_TRUE(meanwhile) << meanwhile.error().message;
  EXPECT_EQ(meanwhile->counters().value().at("lines"), 2);
}

TEST_F(OpenOutbox, AReaderLeavesTheFileAsItWas) {
  {
    Outbox outbox = open();
    ASSERT_TRUE(outbox.append(bodies(0, 50), {}, {}));
  }
  const std::string closed = bytes();
  {
    ASSERT_TRUE(Outbox::open_to_read(path));
  }
  EXPECT_EQ(bytes(), closed);
  // As a killed agent leaves it: with a log.
  Outbox outbox = open();
  ASSERT_TRUE(outbox.append(bodies(50, 50), {}, {}));
  const auto copy = folder / "copy.db";
  for (const char* part : {"", "-wal"})
    std::filesystem::copy_file(path.string() + part, copy.string() + part);
  const auto log_bytes = std::filesystem::file_size(copy.string() + "-wal");
  ASSERT_GT(log_bytes, 0u);
  {
    auto reader = Outbox::open_to_read(copy);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->pending(), 100u);
  }
  EXPECT_EQ(std::filesystem::file_size(copy.string() + "-wal"), log_bytes);
}

}  // namespace
