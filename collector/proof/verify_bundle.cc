// A bundle is fed to the same checks as a database. Its own form is checked beside them: the order of the
// items, and that what a stream shows as its leaves are the leaves the log's tree was built over.

#include <deskledger/v1/evidence.pb.h>

#include <map>
#include <memory>

#include "collector/proof/agent_book.h"
#include "collector/proof/bundle.h"
#include "collector/proof/bundle_file.h"
#include "collector/proof/change_check.h"
#include "collector/proof/stream_check.h"
#include "collector/proof/verify.h"

namespace collector::proof {

namespace {

// Which hash the log has at an index, without holding more than one place for each item.
class LogPlaces {
 public:
  void add(std::uint64_t first_index, std::size_t count, std::uint64_t position) {
    places_[first_index] = {.count = count, .position = position};
  }
  std::optional<crypto::Digest> find(std::uint64_t index, BundleReader& reader) const {
    auto place = places_.upper_bound(index);
    if (place == places_.begin()) return std::nullopt;
    --place;
    const auto within = index - place->first;
    if (within >= place->second.count) return std::nullopt;
    return reader.digest_at(place->second.position + within * crypto::Digest::kSize);
  }

 private:
  struct Place {
    std::size_t count;
    std::uint64_t position;
  };
  std::map<std::uint64_t, Place> places_;
};

class BundleCheck {
 public:
  BundleCheck(BundleReader& reader, const VerifyOptions& options)
      : reader_{reader}, options_{options}, book_{&*options.keys}, log_{options.log, options.kept} {}

  Report run() {
    v1::EvidenceItem item;
    while (damage_.empty() && reader_.next(item)) {
      ++items_;
      take(item);
    }
    if (damage_.empty()) damage_ = reader_.damage();
    const bool has_all = phase_ >= (report_.only_agent.empty() ? Phase::changes : Phase::log);
    if (damage_.empty() && (!has_all || check_)) damage_ = "it ends too early";
    finish();
    return std::move(report_);
  }

 private:
  enum class Phase { header, log, changes, streams };

  void take(v1::EvidenceItem& item) {
    using Item = v1::EvidenceItem;
    const bool first = phase_ == Phase::header;
    if (first != (item.kind_case() == Item::kHeader)) return out_of_place();
    switch (item.kind_case()) {
      case Item::kHeader: return header(item.header());
      case Item::kLog: return log(item.log());
      case Item::kCheckpoint: return checkpoint(item.checkpoint());
      case Item::kChangeState: return change_state(item.change_state());
      case Item::kChanges: return changes(*item.mutable_changes());
      case Item::kAgent: return agent(item.agent());
      case Item::kStream: return stream(item.stream());
      case Item::kBatch: return batch(item.batch());
      case Item::kRecords: return records(*item.mutable_records());
      case Item::kLeaf: return leaf(item.leaf());
      case Item::kStreamEnd: return stream_end(item.stream_end());
      default: return out_of_place();
    }
  }
  void out_of_place() { damage_ = "item " + std::to_string(items_) + " is out of place"; }

  void header(const v1::EvidenceHeader& row) {
    if (row.format() != kBundleFormat) {
      damage_ = "it is no bundle that this version knows";
      return;
    }
    report_.only_agent = row.agent();
    phase_ = Phase::log;
  }

  void log(const v1::EvidenceLog& row) {
    const auto count = static_cast<std::size_t>(row.logged_utc_ms_size());
    if (phase_ != Phase::log || row.hashes().size() != count * crypto::Digest::kSize) return out_of_place();
    places_.add(row.first_index(), count, reader_.position() - row.hashes().size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto bytes =
          std::string_view{row.hashes()}.substr(i * crypto::Digest::kSize, crypto::Digest::kSize);
      log_.leaf(static_cast<std::int64_t>(row.first_index() + i), crypto::Digest::from_bytes(bytes).value(),
                row.logged_utc_ms(static_cast<int>(i)));
    }
  }

  void checkpoint(const v1::EvidenceCheckpoint& row) {
    if (phase_ != Phase::log) return out_of_place();
    log_.checkpoint({.size = static_cast<std::int64_t>(row.size()),
                     .root = row.root(),
                     .note = row.note(),
                     .signed_ms = row.signed_utc_ms(),
                     .damaged = row.damaged()});
  }

  void change_state(const v1::EvidenceChangeState& row) {
    if (phase_ != Phase::log || !report_.only_agent.empty()) return out_of_place();
    phase_ = Phase::changes;
    std::optional<store::AuditChangeState> stored;
    if (row.stored()) {
      stored = store::AuditChangeState{.number = row.number(),
                                       .head = row.head(),
                                       .logged_number = row.logged_number(),
                                       .damaged = row.damaged()};
    }
    change_check_.state(stored);
  }

  void changes(v1::EvidenceChanges& rows) {
    if (phase_ != Phase::changes) return out_of_place();
    for (auto& row : *rows.mutable_change()) {
      change_.number = row.number();
      change_.changed_ms = row.changed_utc_ms();
      change_.who = std::move(*row.mutable_who());
      change_.action = std::move(*row.mutable_action());
      change_.object = std::move(*row.mutable_object());
      change_.key = std::move(*row.mutable_key());
      change_.before = std::move(*row.mutable_before());
      change_.after = std::move(*row.mutable_after());
      change_.why = std::move(*row.mutable_why());
      change_.hash = std::move(*row.mutable_hash());
      change_.damaged = std::move(*row.mutable_damaged());
      change_check_.change(change_);
    }
  }

  // Behind the log, and behind the changes of all persons where all agents are.
  bool begin_streams() {
    const auto before = report_.only_agent.empty() ? Phase::changes : Phase::log;
    if (phase_ == before) phase_ = Phase::streams;
    if (phase_ != Phase::streams) out_of_place();
    return phase_ == Phase::streams;
  }

  void agent(const v1::EvidenceAgent& row) {
    if (check_ || report_.counts.streams > 0) return out_of_place();
    if (!begin_streams()) return;
    book_.add({.agent = row.agent(),
               .workstation = row.workstation(),
               .record_key = row.record_key(),
               .damaged = row.damaged()});
  }

  void stream(const v1::EvidenceStream& row) {
    if (check_) return out_of_place();
    if (!begin_streams()) return;
    name_ = {.agent = row.agent(), .epoch = row.epoch()};
    ++report_.counts.streams;
    const auto agent = book_.find(name_.agent);
    const auto* known = std::get_if<AgentBook::Checked>(&agent);
    // Rows of an agent without a key are passed by; it is among the findings.
    const auto stranger = AgentBook::Checked{.id = {}, .key = {}};
    const auto& checked = known != nullptr ? *known : stranger;
    check_ = std::make_unique<StreamCheck>(checked.id, name_.epoch, checked.key);
    ignored_ = known == nullptr;
    if (ignored_ && !book_.contains(name_.agent)) add(std::get<Finding>(agent));
  }

  void batch(const v1::EvidenceBatch& row) {
    if (!check_) return out_of_place();
    check_->batch({.id = row.batch_id(),
                   .first_seq = row.first_seq(),
                   .record_count = row.record_count(),
                   .prev_head = row.prev_head(),
                   .head = row.head(),
                   .key_id = row.key_id(),
                   .sig = row.sig(),
                   .received_ms = row.received_utc_ms(),
                   .damaged = row.damaged()});
  }

  void records(v1::EvidenceRecords& rows) {
    if (!check_) return out_of_place();
    for (auto& row : *rows.mutable_record()) {
      record_.id = row.record_id();
      record_.batch_id = row.batch_id();
      record_.seq = row.seq();
      record_.hash = std::move(*row.mutable_hash());
      record_.body = std::move(*row.mutable_body());
      record_.received_ms = row.received_utc_ms();
      record_.damaged = std::move(*row.mutable_damaged());
      check_->record(record_);
    }
  }

  void leaf(const v1::EvidenceLeaf& row) {
    const bool of_changes = phase_ == Phase::changes;
    if (!check_ && !of_changes) return out_of_place();
    ++leaves_shown_;
    const store::AuditLeaf leaf{.index = static_cast<std::int64_t>(row.index()),
                                .stream = of_changes ? store::changes_in_log() : name_,
                                .committed_seq = row.committed_seq(),
                                .head = row.head(),
                                .logged_ms = row.logged_utc_ms(),
                                .damaged = row.damaged()};
    const auto hash = hash_of(leaf);
    const auto in_log = places_.find(row.index(), reader_);
    if (leaf.damaged.empty() && (!hash || !in_log || *hash != *in_log)) {
      Finding finding{.kind = Kind::leaf_changed,
                      .leaf = leaf.index,
                      .what = "leaf " + std::to_string(leaf.index) + ", as the " +
                              (of_changes ? "chain of changes" : "stream") + " shows it, is not in the log"};
      (of_changes ? finding.change : finding.seq) = leaf.committed_seq;
      of_changes ? add_of_changes(std::move(finding)) : add(std::move(finding));
    }
    of_changes ? change_check_.leaf(leaf) : check_->leaf(leaf);
  }

  void stream_end(const v1::EvidenceStreamEnd& row) {
    if (!check_) return out_of_place();
    std::optional<store::AuditStream> stored;
    if (row.stored()) {
      stored = store::AuditStream{.committed_seq = row.committed_seq(),
                                  .head = row.head(),
                                  .logged_seq = row.logged_seq(),
                                  .damaged = row.damaged()};
    }
    check_->end(stored);
    close_stream();
    if (options_.progress) options_.progress(report_.counts);
  }

  void close_stream() {
    report_.counts.records += check_->records();
    report_.counts.batches += check_->batches();
    if (check_->finding() && !ignored_) add(*check_->finding());
    check_.reset();
  }

  void add(Finding finding) {
    // One for each stream: a leaf that is wrong is told once.
    if (last_named_ == name_ && report_.counts.streams == last_stream_) return;
    last_named_ = name_;
    last_stream_ = report_.counts.streams;
    finding.agent = name_.agent;
    finding.workstation = book_.workstation(name_.agent);
    finding.epoch = name_.epoch;
    of_streams_.push_back(std::move(finding));
  }

  // One of the chain, too.
  void add_of_changes(Finding finding) {
    if (!of_changes_) of_changes_ = std::move(finding);
  }

  void close_changes() {
    change_check_.end();
    report_.counts.changes = change_check_.changes();
    if (change_check_.finding()) add_of_changes(*change_check_.finding());
  }

  void finish() {
    if (check_) close_stream();
    if (phase_ >= Phase::changes && report_.only_agent.empty()) close_changes();
    if (damage_.empty()) log_.end();
    report_.counts.leaves = log_.leaves();
    report_.counts.checkpoints = log_.checkpoints();
    if (!damage_.empty()) {
      report_.findings.push_back(
          {.kind = Kind::bundle_damaged, .what = "the bundle is cut off or was changed: " + damage_});
    } else if (report_.only_agent.empty() && leaves_shown_ != log_.leaves()) {
      report_.findings.push_back({.kind = Kind::leaf_missing,
                                  .what = "the bundle does not show whose every leaf of the log is",
                                  .expected = std::to_string(log_.leaves()),
                                  .found = std::to_string(leaves_shown_)});
    }
    const auto append = [&](const std::vector<Finding>& all) {
      report_.findings.insert(report_.findings.end(), all.begin(), all.end());
    };
    append(log_.findings());
    if (of_changes_) report_.findings.push_back(*of_changes_);
    append(book_.findings());
    append(of_streams_);
  }

  BundleReader& reader_;
  const VerifyOptions& options_;
  AgentBook book_;
  LogCheck log_;
  LogPlaces places_;
  Phase phase_ = Phase::header;
  std::uint64_t items_ = 0;
  std::string damage_;
  store::StreamName name_;
  ChangeCheck change_check_;
  store::AuditChange change_;
  std::optional<Finding> of_changes_;
  std::unique_ptr<StreamCheck> check_;
  bool ignored_ = false;
  store::AuditRecord record_;
  std::int64_t leaves_shown_ = 0;
  store::StreamName last_named_;
  std::int64_t last_stream_ = 0;
  std::vector<Finding> of_streams_;
  Report report_;
};

}  // namespace

base::Result<Report> verify_bundle(const std::filesystem::path& file, const VerifyOptions& options) {
  if (!options.keys) {
    return base::fail(base::ErrorCode::invalid_argument, "checking a bundle needs a file with public keys");
  }
  auto reader = BundleReader::open(file);
  if (!reader) return std::unexpected{reader.error()};
  BundleCheck check{*reader, options};
  return check.run();
}

}  // namespace collector::proof
