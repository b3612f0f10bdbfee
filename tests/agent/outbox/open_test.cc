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
  sql("PRAGMA user_version=3");
  for (const auto& opened : {Outbox::open(path, kAgent, 1), Outbox::open_to_read(path)}) {
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::conflict);
    EXPECT_THAT(opened.error().message, HasSubstr("newer agent"));
  }
}

TEST_F(OpenOutbox, AnOlderSchemaGetsWhatIsMissing) {
  {
    Outbox outbox = open(4);
    ASSERT_TRUE(outbox.append(bodies(0, 3), {{.name = "/a", .position = "p", .builder = "b"}}, {}));
    ASSERT_TRUE(outbox.acknowledge(1));
  }
  // Version 1 had the same tables, but no memories.
  sql("DROP TABLE memory");
  sql("PRAGMA user_version=1");
  {
    Outbox outbox = open(9);
    EXPECT_EQ(outbox.chain().epoch, 4u);
    EXPECT_EQ(outbox.chain().acked_seq, 1u);
    EXPECT_EQ(outbox.source("/a").value()->position, "p");
    EXPECT_EQ(outbox.memory("m").value(), "");
    ASSERT_TRUE(outbox.append({"x"}, {}, {}, {{"m", "remembered"}}));
    expect_sound(outbox);
  }
  EXPECT_EQ(sql("PRAGMA user_version"), "2");
  EXPECT_EQ(open().memory("m").value(), "remembered");
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
#ifdef _WIN32  // An open takes long under wine; the bytes of the file are the same there.
  constexpr unsigned dense = 18, sparse = 1'303;
#else
  constexpr unsigned dense = 9, sparse = 331;
#endif
  // The tables' definitions stand at the end of the first page.
  const auto step = [](std::size_t at) { return at >= 3700 && at < 4096 ? dense : sparse; };
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
    std::size_t seen = 0;
    for (; seen < 300; ++seen) {
      const auto next = outbox->records_after(seen, 1, 1000);
      if (!next) {
        EXPECT_EQ(next.error().code, ErrorCode::corrupt) << at << ": " << next.error().message;
        ++refused;
        break;
      }
      ASSERT_EQ(next->size(), 1u) << at;
      ASSERT_EQ(next->front().body, "body " + std::to_string(seen)) << at;
    }
    // What is not handed out is found by the check, too.
    EXPECT_EQ(outbox->check_slice(1000, {}).has_value(), seen == 300) << at;
    outbox = std::unexpected{base::Error{}};
    std::filesystem::remove(path.string() + ".damaged");
  }
  EXPECT_GT(refused, 20);
}

// Too large to be looked through at the start, and damaged in the middle.
class LargeOutbox : public OpenOutbox {
 protected:
  static constexpr int kRecords = 3'000, kDamaged = 1'200;

  void fill_and_damage() {
    {
      Outbox outbox = open();
      std::vector<std::string> large;
      for (const auto& body : bodies(1, kRecords)) large.push_back(body + std::string(4'000, 'x'));
      ASSERT_TRUE(outbox.append(large, {}, {}));
    }
    std::string contents = bytes();
    const auto at = contents.find("body " + std::to_string(kDamaged) + "x");
    ASSERT_NE(at, std::string::npos);
    contents[at + 2000] ^= 1;
    write(contents);
  }
};

TEST_F(LargeOutbox, NeverSendsWhatDoesNotFit) {
  fill_and_damage();
  {
    Outbox outbox = open();
    std::uint64_t sent = 0;
    for (;;) {
      const auto next = outbox.records_after(sent, 100, 100'000'000);
      if (!next) {
        EXPECT_EQ(next.error().code, ErrorCode::corrupt);
        EXPECT_THAT(next.error().message, HasSubstr("record 1200 does not follow"));
        break;
      }
      ASSERT_FALSE(next->empty());
      sent = next->back().seq;
    }
    EXPECT_EQ(sent, static_cast<std::uint64_t>(kDamaged - 1)) << "all that is sound in front of it";
    EXPECT_TRUE(outbox.records_after(kDamaged, 100, 100'000'000));
  }
  // The start would not look there: the mark tells it.
  EXPECT_EQ(Outbox::open(path, kAgent, 1).error().code, ErrorCode::corrupt);
  EXPECT_THAT(Outbox::open(path, kAgent, 1).error().message, HasSubstr("record 1200 does not follow"));
  const auto aside = agent::outbox::quarantine(path, timing::from_ms(5));
  ASSERT_TRUE(aside);
  EXPECT_TRUE(std::filesystem::exists(aside->string() + ".reason"));
  EXPECT_EQ(open(2).chain().epoch, 2u);
}

TEST_F(LargeOutbox, IsCheckedInSlices) {
  fill_and_damage();
  Outbox outbox = open();
  for (std::uint64_t checked = 0;; checked += 100) {
    const auto slice = outbox.check_slice(100, {});
    if (!slice) {
      EXPECT_EQ(slice.error().code, ErrorCode::corrupt);
      EXPECT_EQ(checked, 1100u);
      break;
    }
    EXPECT_FALSE(slice->done);
    EXPECT_EQ(slice->records, checked + 100);
  }
  EXPECT_FALSE(outbox.status().value().contains("outbox"));
  EXPECT_TRUE(std::filesystem::exists(path.string() + ".damaged"));
}

TEST_F(LargeOutbox, AQuarantineThatWasKilledIsFinished) {
  fill_and_damage();
  agent::outbox::mark_damaged(path, "as planned");
  std::filesystem::remove(path);  // Moved, and the mark not yet.
  EXPECT_EQ(open(2).chain().epoch, 2u);
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".damaged"));
}

TEST_F(OpenOutbox, TheCheckKeepsUpWithWhatComesAndGoes) {
  Outbox outbox = open();
  const auto kept = static_cast<int>(Outbox::kKeptRecords);
  ASSERT_TRUE(outbox.append(bodies(0, kept + 500), {}, {}));
  ASSERT_EQ(outbox.check_slice(100, {}).value().records, 100u);
  ASSERT_TRUE(outbox.acknowledge(Outbox::kKeptRecords + 300));
  ASSERT_TRUE(outbox.append(bodies(kept + 500, 10), {}, {}));
  agent::outbox::CheckProgress progress;
  while (!progress.done) progress = outbox.check_slice(1000, timing::from_ms(7)).value();
  EXPECT_EQ(progress.records, 100u + Outbox::kKeptRecords + 510 - 300);
  EXPECT_EQ(outbox.status().value().at("outbox").value, "sound: 10310 records checked");
  EXPECT_EQ(outbox.check_slice(1000, timing::from_ms(9)).value().records, progress.records);
}

TEST_F(OpenOutbox, TheNextOneToBeSentMustBeThere) {
  {
    Outbox outbox = open();
    ASSERT_TRUE(outbox.append(bodies(0, 1000), {}, {}));
    ASSERT_TRUE(outbox.acknowledge(10));
  }
  sql("DELETE FROM record WHERE seq = 11");
  const auto opened = Outbox::open(path, kAgent, 1);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr("record 11, the next one to be sent, is missing"));
}

TEST_F(OpenOutbox, AMissingRecordIsNotPassedOver) {
  {
    Outbox outbox = open();
    ASSERT_TRUE(outbox.append(bodies(0, 1000), {}, {}));
  }
  sql("DELETE FROM record WHERE seq BETWEEN 100 AND 109");
  Outbox outbox = open();
  EXPECT_EQ(outbox.records_after(90, 100, 10'000).value().size(), 9u);
  for (const std::uint64_t after : {99u, 105u}) {
    EXPECT_EQ(outbox.records_after(after, 100, 10'000).error().code, ErrorCode::corrupt) << after;
  }
  EXPECT_EQ(outbox.check_slice(2000, {}).error().code, ErrorCode::corrupt);
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
  EXPECT_FALSE(reader->records_after(0, 1, 1));
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
