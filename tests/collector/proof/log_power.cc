#include "tests/collector/proof/log_power.h"

#include "collector/proof/verify.h"
#include "collector/store/log.h"
#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {

using support::power::Disk;
using support::power::Files;
using support::power::For;
using support::power::Vfs;

namespace {

const std::filesystem::path kFile = std::filesystem::path{Files::kFolder} / "checkpoint.txt";

crypto::SigningKey log_key() {
  return crypto::SigningKey::from_seed(std::string(32, 'z')).value();
}

NoteKey note_key() {
  return {.name = kOrigin, .key = log_key().public_key()};
}

}  // namespace

Logged::Logged(Disk& disk, const std::string& name, std::uint64_t seed)
    : files_{disk}, load_{seed, 3}, url_{ingest::url_on_disk(name)} {}

base::Status Logged::start() {
  auto running = ingest::Running::start(url_);
  if (!running) return std::unexpected{running.error()};
  auto people = store::Connection::open(url_);
  if (!people) return std::unexpected{people.error()};
  auto database = store::Connection::open(url_);  // The newest one.
  if (!database) return std::unexpected{database.error()};
  started_.emplace(Started{.running = *std::move(running),
                           .people = *std::move(people),
                           .database = *std::move(database),
                           .log = Log{kOrigin, log_key(), kFile}});
  if (auto done = connect_again(); !done) return done;
  return load_.enrol_all(*started_->running);
}

base::Status Logged::take_batches() {
  const auto before = load_.acknowledged();
  base::Status done;
  while (done && load_.acknowledged() == before) done = load_.step(*started_->running);
  if (!done) return done;
  done = started_->people.transaction([&](store::Transaction& tx) -> base::Status {
    const auto number = store::note_change(tx, change_of(noted_ + 1), store::at(now_));
    return number ? base::Status{} : std::unexpected{number.error()};
  });
  if (done) ++noted_;
  return done;
}

// What is in the file now. A reader never sees a part of a checkpoint.
std::optional<Checkpoint> Logged::in_file() {
  const auto note = files_.seen(kFile);
  if (!note) return std::nullopt;
  const auto checkpoint = open_checkpoint(*note, note_key());
  if (!checkpoint) damage_ += "the file has no whole checkpoint; ";
  return checkpoint ? std::optional{*checkpoint} : std::nullopt;
}

base::Status Logged::keep_log() {
  const auto stepped = started_->log.step(started_->database, store::at(now_++));
  const auto visible = in_file();
  if (visible && (seen_.empty() || seen_.back().checkpoint != *visible)) {
    seen_.push_back({.source = "the witness", .checkpoint = *visible});
  }
  if (!stepped) return std::unexpected{stepped.error()};
  if (visible) told_ = visible->size;
  return {};
}

std::string Logged::damage_of_log() {
  const auto report = verify_database(started_->database, {.log = note_key(), .kept = seen_});
  if (!report) return report.error().message;
  std::string damage = told(*report);
  if (report->counts.changes.value_or(0) < noted_) damage += "a change is missing; ";
  const auto visible = in_file();
  const auto read = started_->database.read([&](store::Transaction& tx) -> base::Status {
    const auto newest = store::newest_checkpoint(tx);
    if (!newest) return std::unexpected{newest.error()};
    const auto moved = store::streams_to_log(tx, 1);
    if (!moved) return std::unexpected{moved.error()};
    if (!moved->empty()) damage += "a stream moved that is not in the log; ";
    if (visible.has_value() != newest->has_value()) {
      damage += "one of file and database has a checkpoint; ";
    } else if (visible && files_.seen(kFile) != (*newest)->note) {
      damage += "file and database have different checkpoints; ";
    }
    return {};
  });
  return read ? damage : damage + read.error().message;
}

std::string Logged::look_for_damage() {
  const auto before = in_file();
  if (told_ > 0 && (!before || before->size < told_)) damage_ += "the file lost what was told; ";
  const auto done = keep_log();
  if (!done) return damage_ + "the log does not go on: " + done.error().message;
  return damage_ + damage_of_log() + load_.look_for_damage(*started_->running);
}

namespace {

LogLife end_of(const Logged& logged, int cuts, std::string damage) {
  return {.cuts = cuts, .checkpoints = logged.seen(), .damage = std::move(damage)};
}

// The power is back: what is wrong now.
std::string start_again(Disk& disk, Logged& logged) {
  logged.end();
  disk.start_again();
  const auto started = logged.start();
  return started ? logged.look_for_damage() : "the collector does not start: " + started.error().message;
}

// Of every second seed each commit also copies SQLite's own log into the database, which is more calls.
void choose_commits(std::uint64_t seed) {
  if (seed % 2 == 0) ingest::EveryConnection::tell("PRAGMA wal_autocheckpoint = 1");
}

}  // namespace

LogLife cut_at_every_call_of_a_step(std::uint64_t seed, bool careless) {
  Disk disk{seed};
  const Vfs vfs{disk, For::everyone};
  Logged logged{disk, "log-step", seed};
  for (int cuts = 0;; ++cuts) {
    const ingest::EveryConnection connections;
    auto done = logged.start();
    if (done && careless) ingest::EveryConnection::tell_newest("PRAGMA synchronous = NORMAL");
    if (!careless) choose_commits(seed);
    if (done) done = logged.take_batches();
    if (!done) return end_of(logged, cuts, done.error().message);
    disk.cut_power_at(static_cast<std::uint64_t>(cuts) + 1);
    done = logged.keep_log();
    if (disk.has_power()) return end_of(logged, cuts, done ? "" : done.error().message);
    if (auto damage = start_again(disk, logged); !damage.empty()) return end_of(logged, cuts + 1, damage);
    logged.end();
  }
}

LogLife cut_log_anywhere(std::uint64_t seed, int cuts) {
  std::mt19937_64 random{seed};
  Disk disk{seed};
  const Vfs vfs{disk, For::everyone};
  Logged logged{disk, "log-anywhere", seed};
  for (int cut = 1; cut <= cuts; ++cut) {
    const ingest::EveryConnection connections;
    disk.cut_power_at(1 + random() % (random() % 4 == 0 ? 3'000 : 150));
    auto done = logged.start();
    choose_commits(seed);
    while (done) {
      done = logged.take_batches();
      if (done) done = logged.keep_log();
    }
    if (disk.has_power()) return end_of(logged, cut, done.error().message);
    if (auto damage = start_again(disk, logged); !damage.empty()) return end_of(logged, cut, damage);
    logged.end();
  }
  return end_of(logged, cuts, "");
}

}  // namespace collector::proof
