#include "tests/e2e/replay.h"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>

#include "collector/ingest/ingest.h"
#include "collector/pipeline/steps.h"
#include "collector/store/migrate.h"
#include "common/base/path.h"
#include "tests/collector/store/store_fixture.h"

namespace e2e {

namespace store = collector::store;
using store::must;
using support::trace::Day;
using support::trace::SharedFile;
using support::trace::Write;

namespace {

// A migrated database, made once: each Desk begins with a copy.
const std::filesystem::path& empty_database() {
  static const Scratch scratch;
  static const std::filesystem::path path = [] {
    const auto file = scratch.path() / "empty.db";
    auto connection = must(store::Connection::open("sqlite:" + file.string()));
    must(store::migrate(connection, store::at(0)));
    return file;
  }();
  return path;
}

std::string copy_of_empty_database(const std::filesystem::path& folder) {
  const auto file = folder / "collector.db";
  std::filesystem::copy_file(empty_database(), file);
  return "sqlite:" + file.string();
}

}  // namespace

Scratch::Scratch() {
  const std::filesystem::path memory{"/dev/shm"};
  std::error_code none;
  const bool in_memory = std::filesystem::is_directory(memory, none);
  std::string pattern =
      ((in_memory ? memory : std::filesystem::temp_directory_path()) / "replay.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no folder " + pattern};
  path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Desk::Desk(const std::filesystem::path& folder)
    : connection_{must(store::Connection::open(copy_of_empty_database(folder)))} {
  must(connection_.transaction([&](store::Transaction& tx) -> base::Status {
    collector::ingest::enrol(tx, sender_);
    return {};
  }));
}

void Desk::receive(agent::outbox::Outbox& outbox, std::size_t records_max, bool answer_lost) {
  for (;;) {
    std::uint64_t arrived = 0;
    must(connection_.read([&](store::Transaction& tx) -> base::Status {
      arrived = must(collector::ingest::where_stands(tx, agent(), outbox.chain().epoch)).committed_seq;
      return {};
    }));
    // An answer that was lost is given again when the agent connects.
    if (arrived > outbox.chain().acked_seq) must(outbox.acknowledge(arrived));
    const auto records = must(outbox.records_after(arrived, records_max, 1 << 20));
    if (records.empty()) return;
    std::vector<std::string> bodies;
    for (const auto& record : records) bodies.push_back(record.body);
    const auto incoming = sender_.batch(records.front().seq, must(outbox.hash_of(arrived)), bodies);
    collector::ingest::Answer answer;
    must(connection_.transaction([&](store::Transaction& tx) -> base::Status {
      answer = must(collector::ingest::take(tx, incoming, store::at(1'000)));
      return {};
    }));
    if (answer.outcome != record::v1::Ack::ACCEPTED) {
      throw std::runtime_error{
          "a batch was not taken: " + std::string{collector::ingest::to_string(answer.outcome)} + " " +
          answer.detail};
    }
    if (answer_lost) return;
    must(outbox.acknowledge(answer.committed_seq));
  }
}

void Desk::assemble() {
  for (std::int64_t rows = 1; rows > 0;) {
    must(connection_.transaction([&](store::Transaction& tx) -> base::Status {
      rows = must(collector::pipeline::assemble(tx));
      return {};
    }));
  }
}

std::vector<store::SessionRow> Desk::sessions() {
  std::vector<store::SessionRow> rows;
  must(connection_.read([&](store::Transaction& tx) -> base::Status {
    rows = must(
        store::list_sessions(tx, {.limit = 1'000'000, .outcome = {}, .remote_id = {}, .from = {}, .to = {}}));
    return {};
  }));
  return rows;
}

std::vector<store::GapRow> Desk::gaps() {
  std::vector<store::GapRow> rows;
  must(connection_.read([&](store::Transaction& tx) -> base::Status {
    rows = must(store::list_gaps(tx, 1'000));
    return {};
  }));
  return rows;
}

std::size_t Desk::undecoded() {
  std::size_t rows = 0;
  must(connection_.read([&](store::Transaction& tx) -> base::Status {
    rows = must(store::list_undecoded(tx, 1'000)).size();
    return {};
  }));
  return rows;
}

Workstation::Workstation(std::filesystem::path folder, const std::vector<std::string>& traces,
                         const record::AgentId& agent, agent::tail::CutShape shape)
    : folder_{std::move(folder)}, agent_{agent}, shape_{shape} {
  for (const std::string& trace : traces) patterns_.push_back((folder_ / trace).string());
}

Workstation::~Workstation() = default;

void Workstation::start() {
  capture_.reset();
  outbox_.reset();
  outbox_ = std::make_unique<agent::outbox::Outbox>(
      must(agent::outbox::Outbox::open(folder_ / "outbox.db", agent_, 1)));
  capture_ = std::make_unique<agent::capture::Capture>(files, *outbox_, clock, patterns_,
                                                       agent::tail::LetterCase::sensitive, shape_);
  must(capture_->refresh());
}

std::vector<std::string> Workstation::refresh() {
  return must(capture_->refresh());
}

agent::capture::Step Workstation::step() {
  must(capture_->refresh());
  return must(capture_->step());
}

void Workstation::rest() {
  for (int i = 0; i < 2'000; ++i) {
    const auto done = step();
    if (!done.more && !done.settling) return;
  }
  throw std::runtime_error{"capture does not come to rest"};
}

std::int64_t Workstation::counter(const std::string& name) {
  const auto all = must(outbox_->counters());
  const auto found = all.find(name);
  return found == all.end() ? 0 : found->second;
}

namespace {

class Run {
 public:
  Run(const Day& day, agent::tail::CutShape shape, std::uint64_t seed, const std::filesystem::path& folder,
      Workstation& workstation, Desk& desk)
      : day_{day}, shape_{shape}, random_{seed}, workstation_{workstation}, desk_{desk} {
    for (const std::string& file : day.files) {
      files_.push_back(std::make_unique<SharedFile>(
          (folder / file).string(),
          support::trace::CutRule{.at_bytes = shape.limit_bytes, .keep_bytes = shape.keep_bytes}));
    }
    // How lively the agent is differs from day to day.
    static constexpr std::array<std::uint64_t, 5> kPauses{2, 10, 40, 150, 600};
    pause_ = kPauses[below(kPauses.size())];
    restarts_every_ = 100 + below(2'000);
    cuts_freeze_ = one_in(4);
    written_since_rest_.resize(files_.size());
    last_.resize(files_.size());
  }

  Replayed run();

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  void let_time_pass(const Write& write);
  void put(const Write& write);
  void write_piece(const Write& write, std::string_view bytes);
  void cut(const Write& write);
  void between_writes();
  void rest();
  void restart();
  void step() {
    workstation_.step();
    ++told_.steps;
  }

  const Day& day_;
  agent::tail::CutShape shape_;
  std::mt19937_64 random_;
  Workstation& workstation_;
  Desk& desk_;
  std::vector<std::unique_ptr<SharedFile>> files_;
  std::uint64_t pause_ = 1;
  std::uint64_t restarts_every_ = 1;
  // AnyDesk is stopped in the middle of a cut, and the agent looks again and again. Not together with holes:
  // then one half-done cut cannot be told from a finished one (agent/tail/follower.h).
  bool cuts_freeze_ = false;
  std::vector<std::uint64_t> written_since_rest_;
  std::vector<std::set<std::uint32_t>> last_;  // Who has written to each file.
  std::optional<timing::UtcMs> now_;
  int boots_ = 1;
  std::optional<std::int64_t> lines_ = 0;  // Written; none once some became NUL or were lost.
  Replayed told_;
};

void Run::let_time_pass(const Write& write) {
  if (now_) workstation_.clock.advance(write.at - *now_);
  workstation_.clock.set_utc(write.shown);
  now_ = write.at;
}

void Run::restart() {
  workstation_.start();
  ++told_.restarts;
}

void Run::rest() {
  workstation_.rest();
  std::ranges::fill(written_since_rest_, 0);
  if (!lines_) return;
  // Each line that was written was read, and none twice.
  const std::int64_t read = workstation_.counter("lines");
  if (read == *lines_) return;
  std::string where = std::to_string(read) + " lines were read of " + std::to_string(*lines_) +
                      " written, after " + std::to_string(told_.writes) + " writes";
  for (const auto& file : files_) where += ", " + std::to_string(file->cuts()) + " cuts";
  throw std::runtime_error{where};
}

// In pieces, with the agent looking between any two of them.
void Run::cut(const Write& write) {
  SharedFile& file = *files_[write.file];
  const bool by_other = !cuts_freeze_ && last_[write.file].size() > 1 && one_in(3);
  const std::uint64_t before = file.size();
  const std::uint64_t piece = one_in(3) ? shape_.keep_bytes : shape_.keep_bytes / (2 + below(5));
  while (file.cut_due()) {
    must(file.cut_piece(piece, by_other));
    if (write.blind) continue;
    // Looks are kSettleDelay apart and a cut takes less, so that no two of them see the same half of it.
    for (std::uint64_t looks = below(cuts_freeze_ ? 4 : 2); looks > 0; --looks) step();
    if (one_in(60)) restart();
  }
  if (by_other) written_since_rest_[write.file] += before - file.size();
}

void Run::write_piece(const Write& write, std::string_view bytes) {
  SharedFile& file = *files_[write.file];
  must(file.write(write.writer, bytes));
  if (lines_) *lines_ += std::ranges::count(bytes, '\n');
  last_[write.file].insert(write.writer);
  written_since_rest_[write.file] += bytes.size();
  if (file.cut_due()) cut(write);
}

void Run::put(const Write& write) {
  if (write.what == Write::What::power_cut) {
    must(files_[write.file]->blank_end(write.nul_bytes));
    lines_.reset();
    workstation_.clock.restart("boot-" + std::to_string(++boots_));
    restart();
    return;
  }
  const std::string_view bytes = write.bytes;
  // A line that is only half there when the agent looks.
  if (!write.blind && bytes.size() > 2 && one_in(40)) {
    const std::size_t half = 1 + below(bytes.size() - 1);
    // AnyDesk cuts behind a whole line (traces.md section 1.5).
    if (files_[write.file]->size() + bytes.size() <= shape_.limit_bytes) {
      write_piece(write, bytes.substr(0, half));
      step();
      return write_piece(write, bytes.substr(half));
    }
  }
  write_piece(write, bytes);
}

void Run::between_writes() {
  if (one_in(pause_)) step();
  if (one_in(restarts_every_)) restart();
  // More unread than this, and a cut or two could take away what nobody has read.
  const std::uint64_t unread_max = shape_.keep_bytes / 3;
  if (std::ranges::any_of(written_since_rest_, [&](std::uint64_t bytes) { return bytes > unread_max; }))
    rest();
  if (one_in(300)) desk_.receive(workstation_.outbox(), 1 + below(20), one_in(3));
  if (one_in(1'000)) desk_.assemble();
}

Replayed Run::run() {
  workstation_.start();
  bool flooded = false;
  for (const Write& write : day_.writes) {
    let_time_pass(write);
    if (write.blind && !flooded) {
      rest();
      lines_.reset();
    }
    flooded = write.blind;
    put(write);
    ++told_.writes;
    if (!write.blind) between_writes();
  }
  rest();
  desk_.receive(workstation_.outbox(), 100, false);
  desk_.assemble();
  for (const auto& file : files_) {
    told_.cuts += file->cuts();
    told_.holes += file->holes();
  }
  return told_;
}

}  // namespace

Replayed replay(const Day& day, agent::tail::CutShape shape, std::uint64_t seed,
                const std::filesystem::path& folder, Workstation& workstation, Desk& desk) {
  return Run{day, shape, seed, folder, workstation, desk}.run();
}

}  // namespace e2e
