#include "tests/collector/ingest/power.h"

#include <soci/soci.h>
#include <sqlite3.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>

#include "collector/store/agents.h"
#include "collector/store/migrate.h"
#include "collector/store/records.h"
#include "collector/store/session.h"
#include "common/record/chain.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::ingest {

using Ack = record::v1::Ack;
using support::power::Disk;
using support::power::For;
using support::power::Vfs;

namespace {

std::string body_of(const std::string& agent, std::uint64_t seq) {
  return "record " + std::to_string(seq) + " of " + std::to_string(int{agent.back()}) + " " +
         std::string(seq * 7919 % 900, 'x');
}

// The answers to batches that were submitted together. Shared with the committer's thread, whoever ends last.
struct Answers {
  std::mutex mutex;
  std::condition_variable changed;
  bool all_submitted = false;
  std::vector<std::optional<base::Result<Answer>>> come;
  std::size_t missing = 0;

  void put(std::size_t i, base::Result<Answer> answer) {
    std::unique_lock lock{mutex};
    // What is submitted meanwhile shares the next commit.
    if (i == 0) changed.wait(lock, [&] { return all_submitted; });
    come[i] = std::move(answer);
    --missing;
    changed.notify_all();
  }
  void wait() {
    std::unique_lock lock{mutex};
    all_submitted = true;
    changed.notify_all();
    changed.wait(lock, [&] { return missing == 0; });
  }
};

std::int64_t number(store::Transaction& tx, const std::string& sql) {
  std::int64_t value = -1;
  tx.session().soci() << sql, soci::into(value);
  return value;
}

std::vector<sqlite3*> open_connections;

int remember(sqlite3* db, const char**, const sqlite3_api_routines*) {
  open_connections.push_back(db);
  return SQLITE_OK;
}

}  // namespace

base::Result<std::unique_ptr<Running>> Running::start(const std::string& url) {
  auto write = store::Connection::open(url);
  if (!write) return std::unexpected{write.error()};
  if (auto done = store::migrate(*write, store::at(1)); !done) return std::unexpected{done.error()};
  auto read = store::Connection::open(url);
  if (!read) return std::unexpected{read.error()};
  return std::unique_ptr<Running>{new Running{std::move(*read), std::move(*write)}};
}

Load::Load(std::uint64_t seed, int agents) : random_{seed} {
  for (int n = 1; n <= agents; ++n) agents_.push_back({.sender = Sender{n}, .hashes = {}, .last = {}});
}

base::Status Load::enrol_all(Running& running) {
  for (auto& agent : agents_) {
    const auto id = agent.sender.id();
    const auto done = running.reading.transaction([&](store::Transaction& tx) -> base::Status {
      const auto known = store::find_agent(tx, id);
      if (!known) return std::unexpected{known.error()};
      if (*known) return {};
      if (agent.enrolled) return base::fail(base::ErrorCode::internal, "an enrolment was forgotten");
      const auto token = store::create_token(
          tx,
          {.secret_hash = "of " + id, .workstation = "ws", .created = store::at(1), .expires = store::at(2)});
      if (!token) return std::unexpected{token.error()};
      auto row = store::agent_row(*token, id);
      row.record_key = agent.sender.public_key().bytes();
      return store::enrol(tx, row);
    });
    if (!done) return done;
    agent.enrolled = true;
  }
  return {};
}

Load::Offer Load::new_batch(Agent& agent) {
  std::vector<std::string> bodies;
  const auto count = 1 + random(random(10) == 0 ? 80 : 6);
  for (std::uint64_t i = 1; i <= count; ++i)
    bodies.push_back(body_of(agent.sender.id(), agent.sender.seq + i));
  auto incoming = agent.sender.batch(agent.sender.seq + 1, agent.sender.head, bodies);
  agent.hashes.resize(agent.sender.seq);
  agent.hashes.insert(agent.hashes.end(), incoming.batch.hashes.begin(), incoming.batch.hashes.end());
  agent.sender.seq += count;
  agent.sender.head = incoming.batch.head;
  agent.tried = std::max(agent.tried, agent.sender.seq);
  agent.last = incoming;
  return {.agent = &agent, .incoming = std::move(incoming), .expected = Ack::ACCEPTED};
}

std::vector<Load::Offer> Load::make_offers() {
  std::vector<Offer> offers;
  for (auto count = 1 + random(4); count > 0; --count) {
    auto& agent = agents_[random(agents_.size())];
    const auto roll = random(10);
    if (roll == 0 && agent.last) {
      offers.push_back({.agent = &agent, .incoming = *agent.last, .expected = Ack::DUPLICATE});
    } else if (roll == 1) {
      auto early = agent.sender.batch(agent.sender.seq + 3, agent.sender.head, {"too early"});
      offers.push_back({.agent = &agent, .incoming = std::move(early), .expected = Ack::GAP});
    } else {
      offers.push_back(new_batch(agent));
    }
  }
  return offers;
}

base::Status Load::step(Running& running) {
  const auto offers = make_offers();
  const auto answers = std::make_shared<Answers>();
  answers->come.resize(offers.size());
  answers->missing = offers.size();
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const auto put = [answers, i](base::Result<Answer> answer) { answers->put(i, std::move(answer)); };
    if (!running.committer.submit(offers[i].incoming, put))
      return base::fail(base::ErrorCode::internal, "busy");
  }
  answers->wait();
  base::Status status;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const auto& answer = *answers->come[i];
    if (!answer) {
      status = std::unexpected{answer.error()};
      continue;
    }
    auto& agent = *offers[i].agent;
    agent.told = std::max(agent.told, answer->committed_seq);
  }
  for (std::size_t i = 0; status && i < offers.size(); ++i) {
    const auto& answer = **answers->come[i];
    if (answer.outcome != offers[i].expected) {
      status = base::fail(base::ErrorCode::internal,
                          "expected " + std::string{to_string(offers[i].expected)} + ", came " +
                              std::string{to_string(answer.outcome)} + ": " + answer.detail);
    }
  }
  return status;
}

base::Status Load::connect_again(Running& running) {
  return running.reading.read([&](store::Transaction& tx) -> base::Status {
    for (auto& agent : agents_) {
      const auto stands = where_stands(tx, agent.sender.agent(), 1);
      if (!stands) return std::unexpected{stands.error()};
      const auto seq = stands->committed_seq;
      const std::string who = "agent " + std::to_string(int{agent.sender.id().back()}) + ": ";
      const auto stored = who + std::to_string(seq) + " records are stored, ";
      if (seq < agent.told) {
        return base::fail(base::ErrorCode::corrupt,
                          stored + std::to_string(agent.told) + " were acknowledged");
      }
      if (seq > agent.tried) {
        return base::fail(base::ErrorCode::corrupt, stored + std::to_string(agent.tried) + " were sent");
      }
      if (seq > 0 && agent.hashes[seq - 1] != stands->head) {
        return base::fail(base::ErrorCode::corrupt, who + "the head is none of its chain");
      }
      agent.sender.seq = seq;
      agent.sender.head = stands->head;
      agent.told = seq;
      if (agent.last && agent.last->batch.position.first_seq + agent.last->batch.bodies.size() - 1 > seq) {
        agent.last.reset();
      }
    }
    return {};
  });
}

std::string Load::damage_of(const std::vector<store::RecordRow>& rows, const Agent& agent) const {
  record::Chain chain{agent.sender.agent(), 1, 1, record::kChainStart};
  for (const auto& row : rows) {
    if (row.agent_id != agent.sender.id()) continue;
    const auto seq = chain.next_seq();
    const std::string which = "record " + std::to_string(seq);
    if (row.seq != static_cast<std::int64_t>(seq)) return which + " is missing or there twice";
    if (row.body != body_of(row.agent_id, seq)) return which + " has another body";
    if (row.hash != chain.append(row.body).bytes()) return which + " has another hash";
  }
  if (chain.next_seq() - 1 != agent.sender.seq)
    return "the records end at " + std::to_string(chain.next_seq() - 1);
  return chain.head() == agent.sender.head ? "" : "the records do not lead to the head";
}

std::string Load::look_for_damage(Running& running) const {
  std::string damage;
  const auto done = running.reading.read([&](store::Transaction& tx) -> base::Status {
    const auto rows = store::records_after(tx, 0, 10'000'000);
    if (!rows) return std::unexpected{rows.error()};
    for (const auto& agent : agents_) damage += damage_of(*rows, agent);
    const auto accepted =
        number(tx, "SELECT coalesce(sum(n), 0) FROM ingest_counter WHERE outcome = 'accepted'");
    const auto batches = number(tx, "SELECT count(*) FROM batch");
    if (accepted != batches)
      damage += std::to_string(batches) + " batches, counted " + std::to_string(accepted);
    std::string sound;
    tx.session().soci() << "PRAGMA integrity_check", soci::into(sound);
    if (sound != "ok") damage += sound;
    return {};
  });
  return done ? damage : done.error().message;
}

std::uint64_t Load::acknowledged() const {
  std::uint64_t sum = 0;
  for (const auto& agent : agents_) sum += agent.told;
  return sum;
}

std::string url_on_disk(const std::string& name) {
  static const struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("deskledger-power-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
  } folder;
  return "sqlite:" + (folder.path / (name + ".db")).string();
}

EveryConnection::EveryConnection() {
  open_connections.clear();
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(&remember));
}

EveryConnection::~EveryConnection() {
  sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&remember));
  open_connections.clear();
}

void EveryConnection::tell(const std::string& pragma) {
  for (auto* db : open_connections) sqlite3_exec(db, pragma.c_str(), nullptr, nullptr, nullptr);
}

void EveryConnection::tell_newest(const std::string& pragma) {
  sqlite3_exec(open_connections.back(), pragma.c_str(), nullptr, nullptr, nullptr);
}

namespace {

// From a start to the cut. An error that is not the cut's is told.
std::string run_until_cut(Disk& disk, Load& load, const std::string& url, bool careless) {
  const EveryConnection connections;
  auto running = Running::start(url);
  base::Status status;
  if (!running) status = std::unexpected{running.error()};
  if (status && careless) EveryConnection::tell("PRAGMA synchronous = NORMAL");
  if (status) status = load.enrol_all(**running);
  while (status) status = load.step(**running);
  return disk.has_power() ? status.error().message : "";
}

}  // namespace

Life live_through_cuts(std::uint64_t seed, int cuts, bool careless) {
  std::mt19937_64 random{seed};
  Disk disk{seed};
  Vfs vfs{disk, For::everyone};
  Load load{seed, 3};
  const std::string url = url_on_disk("cuts");
  Life life;
  for (; life.cuts < cuts && life.damage.empty(); ++life.cuts) {
    // Mostly in a commit, sometimes after the log was copied into the file.
    disk.cut_power_at(1 + random() % (random() % 4 == 0 ? 3'000 : 80));
    life.damage = run_until_cut(disk, load, url, careless);
    disk.start_again();
    auto running = Running::start(url);
    if (!running) {
      life.damage += running.error().message;
      break;
    }
    life.acknowledged = load.acknowledged();
    const auto stands = load.connect_again(**running);
    life.damage += stands ? load.look_for_damage(**running) : stands.error().message;
  }
  return life;
}

Life cut_first_day_at_every(std::uint64_t (*next)(std::uint64_t)) {
  const std::string url = url_on_disk("first-day");
  Life life;
  bool cut = true;
  for (std::uint64_t n = 1; cut && life.damage.empty(); n = next(n)) {
    Disk disk{n};
    const Vfs vfs{disk, For::everyone};
    Load load{7, 2};
    disk.cut_power_at(n);
    if (auto running = Running::start(url)) {
      auto status = load.enrol_all(**running);
      for (int i = 0; status && i < 6; ++i) status = load.step(**running);
      if (!status && disk.has_power()) life.damage = status.error().message;
    }
    cut = !disk.has_power();
    life.cuts += cut ? 1 : 0;
    life.acknowledged = n;
    disk.start_again();
    auto running = Running::start(url);
    if (!running) return {.cuts = life.cuts, .acknowledged = n, .damage = running.error().message};
    auto status = load.connect_again(**running);
    if (status) life.damage += load.look_for_damage(**running);
    if (status) status = load.enrol_all(**running);
    for (int i = 0; status && i < 3; ++i) status = load.step(**running);
    life.damage += status ? load.look_for_damage(**running) : status.error().message;
  }
  return life;
}

}  // namespace collector::ingest
