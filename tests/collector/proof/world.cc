#include "tests/collector/proof/world.h"

#include <unistd.h>

#include "collector/ingest/ingest.h"
#include "collector/proof/bundle.h"
#include "collector/proof/log.h"
#include "collector/store/agents.h"
#include "collector/store/migrate.h"
#include "collector/store/session.h"
#include "common/base/hex.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "common/record/signed_text.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {

using store::must;

namespace {

crypto::SigningKey key_of(char fill) {
  return crypto::SigningKey::from_seed(std::string(32, fill)).value();
}

Sender make_sender(int n) {
  record::AgentId agent;
  agent.value.fill(static_cast<char>(0x10 + n));
  return {.agent = agent,
          .workstation = n == 0 ? "anna" : "ben",
          .key = key_of(static_cast<char>('a' + n)),
          .batches = {}};
}

void enrol(store::Transaction& tx, const Sender& sender) {
  const auto token = must(store::create_token(tx, {.secret_hash = "secret of " + sender.workstation,
                                                   .workstation = sender.workstation,
                                                   .created = store::at(1),
                                                   .expires = store::at(2)}));
  auto row = store::agent_row(token, std::string{sender.agent.bytes()});
  row.workstation = sender.workstation;
  row.record_key = sender.key.public_key().bytes();
  must(store::enrol(tx, row));
}

struct End {
  std::uint64_t seq = 0;
  crypto::Digest head = record::kChainStart;
};

End end_of(const Sender& sender) {
  End end;
  record::Chain chain{sender.agent, 1, 1, record::kChainStart};
  for (const auto& batch : sender.batches) {
    for (const auto& body : batch) chain.append(body);
    end.seq += batch.size();
  }
  end.head = chain.head();
  return end;
}

std::string quoted_hex(std::string_view bytes) {
  return "'" + base::to_hex(bytes) + "'";
}

}  // namespace

World::World(const std::string& url, std::filesystem::path folder)
    : folder_{std::move(folder)}, log_key_{key_of('z')} {
  for (int n = 0; n < kSenders; ++n) senders_.push_back(make_sender(n));
  auto database = must(store::Connection::open(url));
  must(store::migrate(database, store::at(0)));
  must(database.transaction([&](store::Transaction& tx) -> base::Status {
    for (const auto& sender : senders_) enrol(tx, sender);
    return {};
  }));
  for (int i = 0; i < kRounds; ++i) {
    round(database);
    log(database);
  }
}

void World::round(store::Connection& database) {
  for (auto& sender : senders_) {
    const auto end = end_of(sender);
    std::vector<std::string> bodies;
    for (int i = 0; i < kInBatch; ++i) {
      bodies.push_back(sender.workstation + " " + std::to_string(end.seq + static_cast<unsigned>(i) + 1));
    }
    const record::Position position{
        .agent = sender.agent, .epoch = 1, .first_seq = end.seq + 1, .prev_head = end.head};
    const auto batch = must(record::make_batch(position, bodies, sender.key));
    auto opened = record::open_batch(
        batch, sender.agent, [&](const crypto::Digest&) { return std::optional{sender.key.public_key()}; });
    const ingest::Incoming incoming{
        .batch = std::move(opened.value()), .key_id = batch.key_id(), .sig = batch.sig()};
    must(database.transaction([&](store::Transaction& tx) -> base::Status {
      const auto answer = must(ingest::take(tx, incoming, store::at(now_++)));
      if (answer.outcome != record::v1::Ack::ACCEPTED) throw std::runtime_error(answer.detail);
      return {};
    }));
    sender.batches.push_back(std::move(bodies));
  }
}

void World::note(store::Connection& database, int n) {
  must(database.transaction([&](store::Transaction& tx) -> base::Status {
    for (int i = 0; i < n; ++i) must(store::note_change(tx, change_of(++noted_), store::at(now_++)));
    return {};
  }));
}

store::Change change_of(std::int64_t number) {
  const auto n = std::to_string(number);
  return {.who = "mary",
          .action = "change",
          .object = "customer",
          .key = "bakery" + n,
          .before = R"({"name":"Old Mill )" + n + "\"}",
          .after = R"({"name":"New Mill )" + n + "\"}",
          .why = "Renamed " + n};
}

crypto::Digest chained(const store::ChangeRow& row, const std::string& previous) {
  return crypto::sha256(record::change_text(
      {.number = static_cast<std::uint64_t>(row.number),
       .previous = previous.empty() ? crypto::Digest{} : must(crypto::Digest::from_bytes(previous)),
       .changed_utc_ms = static_cast<std::uint64_t>(timing::to_ms(row.changed)),
       .who = row.change.who,
       .action = row.change.action,
       .object = row.change.object,
       .key = row.change.key,
       .before = row.change.before,
       .after = row.change.after,
       .why = row.change.why}));
}

void World::log(store::Connection& database) {
  Log log{kOrigin, key_of('z'), checkpoint_file()};
  must(log.step(database, store::at(now_++)));
}

Keys World::keys() const {
  Keys keys{.log = {.name = kOrigin, .key = log_key_.public_key()},
            .acknowledgements = key_of('k').public_key(),
            .agents = {}};
  for (const auto& sender : senders_) {
    keys.agents[sender.hex()] = {.key = sender.key.public_key(), .workstation = sender.workstation};
  }
  return keys;
}

std::filesystem::path own_folder(const std::string& name) {
  const auto folder =
      std::filesystem::path{testing::TempDir()} / ("proof." + std::to_string(::getpid()) + "." + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

void tamper(const std::string& url, const std::string& sql) {
  auto database = must(store::Connection::open(url));
  store::Session* session = nullptr;
  must(database.read([&](store::Transaction& tx) -> base::Status {
    session = &tx.session();
    return {};
  }));
  if (database.dialect() == store::Dialect::postgresql) {
    session->script("SET session_replication_role = replica");
  } else {
    session->script("PRAGMA foreign_keys = OFF");
    for (const std::string table : {"record", "batch", "log_leaf", "checkpoint", "change"}) {
      session->script("DROP TRIGGER IF EXISTS " + table + "_no_update");
      session->script("DROP TRIGGER IF EXISTS " + table + "_no_delete");
    }
  }
  session->script(sql);
}

std::string forge(const Sender& sender, const std::vector<std::vector<std::string>>& bodies,
                  const crypto::SigningKey& key) {
  std::string sql;
  const auto agent = quoted_hex(sender.agent.bytes());
  record::Position position{
      .agent = sender.agent, .epoch = 1, .first_seq = 1, .prev_head = record::kChainStart};
  for (const auto& batch : bodies) {
    const auto made = must(record::make_batch(position, batch, key));
    record::Chain chain{sender.agent, 1, position.first_seq, position.prev_head};
    for (const auto& body : batch) {
      const auto seq = std::to_string(chain.next_seq());
      const auto hash = chain.append(body);
      sql += "UPDATE record SET body = " + quoted_hex(body) + ", hash = " + quoted_hex(hash.bytes()) +
             " WHERE agent_id = " + agent + " AND seq = " + seq + ";";
    }
    sql += "UPDATE batch SET prev_head = " + quoted_hex(made.prev_head()) +
           ", head = " + quoted_hex(made.head()) + ", key_id = " + quoted_hex(made.key_id()) +
           ", sig = " + quoted_hex(made.sig()) + " WHERE agent_id = " + agent +
           " AND first_seq = " + std::to_string(position.first_seq) + ";";
    position.first_seq += batch.size();
    position.prev_head = chain.head();
  }
  return sql + "UPDATE stream SET head = " + quoted_hex(position.prev_head.bytes()) +
         " WHERE agent_id = " + agent;
}

std::string told(const Report& report) {
  std::string text;
  for (const auto& finding : report.findings) {
    text += to_string(finding.kind);
    if (!finding.workstation.empty()) text += " " + finding.workstation;
    if (finding.epoch) text += " " + std::to_string(*finding.epoch);
    if (finding.seq) text += "/" + std::to_string(*finding.seq);
    if (finding.leaf) text += " leaf " + std::to_string(*finding.leaf);
    if (finding.change) text += " change " + std::to_string(*finding.change);
    if (finding.checkpoint) text += " size " + std::to_string(*finding.checkpoint);
    text += '\n';
  }
  return text;
}

Report verify(const std::string& url, const VerifyOptions& options) {
  auto database = must(store::Connection::open(url));
  return must(verify_database(database, options));
}

Report verify_by_bundle(const std::string& url, const VerifyOptions& options, const Keys& keys,
                        const std::string& only_agent) {
  const auto file =
      std::filesystem::path{testing::TempDir()} / ("bundle." + std::to_string(::getpid()) + ".evidence");
  std::filesystem::remove(file);
  auto database = must(store::Connection::open(url));
  must(export_bundle(database, file, {.origin = kOrigin, .agent = only_agent, .created = store::at(7)}));
  auto with_keys = options;
  with_keys.keys = keys;
  auto report = must(verify_bundle(file, with_keys));
  std::filesystem::remove(file);
  return report;
}

}  // namespace collector::proof
