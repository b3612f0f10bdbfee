// A folder of its own for each outbox test, and a second look at what is in the file.

#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "agent/outbox/outbox.h"
#include "common/record/chain.h"

namespace outbox_tests {

using agent::outbox::Outbox;
using agent::outbox::SourceState;
using agent::outbox::StoredRecord;

inline const record::AgentId kAgent = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();

class Files : public testing::Test {
 protected:
  Files() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder = std::filesystem::path{testing::TempDir()} /
             ("outbox_" + std::string{test->name()} + "_" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    path = folder / "outbox.db";
  }
  ~Files() override { std::filesystem::remove_all(folder); }

  Outbox open(std::uint32_t epoch = 1) const {
    auto outbox = Outbox::open(path, kAgent, epoch);
    EXPECT_TRUE(outbox) << outbox.error().message;
    return std::move(*outbox);
  }

  // SQL through a connection of its own; what it returned first, as text.
  std::string sql(const std::string& text) const {
    auto db = agent::outbox::open_database(path.string(), SQLITE_OPEN_READWRITE).value();
    auto statement = agent::outbox::Statement::prepare(db.get(), text).value();
    const auto row = statement.step();
    EXPECT_TRUE(row) << text << ": " << row.error().message;
    const std::string first = *row ? statement.bytes(0) : "";
    while (statement.step().value_or(false)) {
    }
    return first;
  }

  std::string bytes() const {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  void write(const std::string& contents) const { std::ofstream{path, std::ios::binary} << contents; }

  std::filesystem::path folder, path;
};

inline std::vector<std::string> bodies(int from, int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back("body " + std::to_string(from + i));
  return all;
}

inline std::vector<StoredRecord> all_records(Outbox& outbox) {
  return outbox.records_after(0, 1'000'000, 1'000'000'000).value();
}

// What is in the outbox is one unbroken chain, computed here afresh.
inline void expect_sound(Outbox& outbox) {
  record::Chain chain{kAgent, outbox.chain().epoch, 1, record::kChainStart};
  for (const auto& record : all_records(outbox)) {
    ASSERT_EQ(record.seq, chain.next_seq());
    ASSERT_EQ(record.hash, chain.append(record.body));
  }
  EXPECT_EQ(outbox.chain().next_seq, chain.next_seq());
  EXPECT_EQ(outbox.chain().head, chain.head());
}

}  // namespace outbox_tests
