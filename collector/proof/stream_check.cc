#include "collector/proof/stream_check.h"

#include <algorithm>

#include "common/base/hex.h"
#include "common/record/chain.h"
#include "common/record/limits.h"

namespace collector::proof {

namespace {

using std::to_string;

// A batch that was changed must not make a check hold more than this of its records.
constexpr std::size_t kMembersBytesMax = 4 * record::kBatchBytesMax;

}  // namespace

StreamCheck::StreamCheck(const record::AgentId& agent, std::int64_t epoch, const crypto::PublicKey& key)
    : agent_{agent},
      epoch_{static_cast<std::uint32_t>(epoch)},
      key_{key},
      key_id_{key.id().bytes()},
      head_{record::kChainStart} {
  if (epoch >= 0 && epoch <= kEpochMax) return;
  found({.kind = Kind::stream_changed, .what = "epoch " + to_string(epoch) + " cannot be: it was changed"});
}

void StreamCheck::found(Finding finding) {
  if (!finding_) finding_ = std::move(finding);
}

crypto::Digest StreamCheck::hash_of(std::int64_t seq, const crypto::Digest& before, std::string_view body) {
  sha_.update(record::record_text_head(agent_, epoch_, static_cast<std::uint64_t>(seq), before,
                                       static_cast<std::uint32_t>(body.size())));
  return sha_.update(body).finish();
}

void StreamCheck::batch(const store::AuditBatch& row) {
  if (batch_) close_batch();
  ++batches_;
  if (finding_) return;
  if (!row.damaged.empty()) {
    return found({.kind = Kind::batch_changed,
                  .seq = row.first_seq,
                  .batch = row.id,
                  .what = "batch " + to_string(row.id) + ": " + row.damaged});
  }
  batch_ = row;
  member_count_ = 0;
  members_bytes_ = 0;
}

void StreamCheck::record(store::AuditRecord& row) {
  ++records_;
  if (finding_) return look_for_it(row);
  if (!row.damaged.empty()) {
    return found({.kind = Kind::record_changed,
                  .seq = row.seq,
                  .batch = row.batch_id,
                  .what = record_name(row.seq) + ": " + row.damaged});
  }
  members_bytes_ += row.body.size();
  if (row.body.size() > record::kRecordBytesMax || members_bytes_ > kMembersBytesMax) {
    return found({.kind = Kind::record_changed,
                  .seq = row.seq,
                  .batch = row.batch_id,
                  .what = record_name(row.seq) + " is larger than any agent may send",
                  .expected = "at most " + to_string(record::kRecordBytesMax) + " bytes",
                  .found = to_string(row.body.size()) + " bytes"});
  }
  if (row.seq < 1) {
    return found({.kind = Kind::record_changed,
                  .seq = row.seq,
                  .batch = row.batch_id,
                  .what = "a record has the number " + to_string(row.seq) + "; the first is 1"});
  }
  const auto expected = next_seq_ + (batch_ ? static_cast<std::int64_t>(member_count_) : 0);
  if (row.seq < expected) {
    return found({.kind = Kind::record_duplicated,
                  .seq = row.seq,
                  .batch = row.batch_id,
                  .what = record_name(row.seq) + " is stored twice"});
  }
  if (!batch_) {
    return found({.kind = Kind::record_unsigned,
                  .seq = row.seq,
                  .batch = row.batch_id,
                  .what = record_name(row.seq) + " stands behind the last batch: no signature covers it"});
  }
  if (member_count_ == members_.size()) members_.emplace_back();
  std::swap(members_[member_count_++], row);
}

// The signature is checked with the columns as they are; only then the records, so that the first thing named
// is the first thing that is wrong.
void StreamCheck::close_batch() {
  if (!finding_ && check_key() && check_signature() && check_place()) check_records();
  if (!finding_) check_company();
  if (!finding_) {
    next_seq_ = batch_->first_seq + batch_->record_count;
    head_ = crypto::Digest::from_bytes(batch_->head).value_or(head_);
    last_batch_id_ = batch_->id;
  }
  batch_.reset();
}

bool StreamCheck::check_key() {
  if (batch_->key_id == key_id_) return true;
  const auto text = [&]() -> std::optional<record::BatchText> {
    const auto prev_head = crypto::Digest::from_bytes(batch_->prev_head);
    const auto head = crypto::Digest::from_bytes(batch_->head);
    if (!prev_head || !head) return std::nullopt;
    return record::BatchText{.agent = agent_,
                             .epoch = epoch_,
                             .first_seq = static_cast<std::uint64_t>(batch_->first_seq),
                             .count = static_cast<std::uint32_t>(batch_->record_count),
                             .prev_head = *prev_head,
                             .head = *head};
  }();
  Finding finding{.kind = Kind::batch_other_key,
                  .seq = batch_->first_seq,
                  .batch = batch_->id,
                  .what = "batch " + to_string(batch_->id) + " is signed with another key than the agent's",
                  .expected = base::to_hex(key_id_),
                  .found = base::to_hex(batch_->key_id)};
  if (text && is_signed(*text)) {
    finding.kind = Kind::batch_changed;
    finding.what = "key_id of batch " + to_string(batch_->id) + " was changed: the signature is the agent's";
  }
  found(std::move(finding));
  return false;
}

bool StreamCheck::is_signed(const record::BatchText& text) const {
  return crypto::verify(key_, record::batch_text(text), batch_->sig);
}

bool StreamCheck::check_signature() {
  const auto prev_head = crypto::Digest::from_bytes(batch_->prev_head);
  const auto head = crypto::Digest::from_bytes(batch_->head);
  if (!prev_head || !head) {
    const char* const column = prev_head ? "head" : "prev_head";
    found({.kind = Kind::batch_changed,
           .seq = batch_->first_seq,
           .batch = batch_->id,
           .what = std::string{column} + " of batch " + to_string(batch_->id) + " is no SHA-256"});
    return false;
  }
  const record::BatchText text{.agent = agent_,
                               .epoch = epoch_,
                               .first_seq = static_cast<std::uint64_t>(batch_->first_seq),
                               .count = static_cast<std::uint32_t>(batch_->record_count),
                               .prev_head = *prev_head,
                               .head = *head};
  const bool in_range =
      batch_->first_seq >= 1 && batch_->record_count >= 1 && batch_->record_count <= record::kBatchRecordsMax;
  if (in_range && is_signed(text)) return true;
  explain_signature(text);
  return false;
}

// If one column is put right and the signature then holds, that column was changed.
void StreamCheck::explain_signature(const record::BatchText& text) {
  Finding finding{.kind = Kind::batch_changed, .seq = batch_->first_seq, .batch = batch_->id};
  const auto changed = [&](const char* column, std::string expected, std::string was) {
    finding.what = std::string{column} + " of batch " + to_string(batch_->id) + " was changed";
    finding.expected = std::move(expected);
    finding.found = std::move(was);
    found(finding);
  };
  auto trial = text;
  trial.first_seq = static_cast<std::uint64_t>(next_seq_);
  if (is_signed(trial)) {
    finding.seq = next_seq_;
    return changed("first_seq", to_string(next_seq_), to_string(batch_->first_seq));
  }
  trial = text;
  trial.prev_head = head_;
  if (is_signed(trial)) return changed("prev_head", head_.hex(), text.prev_head.hex());
  trial = text;
  auto last = text.prev_head;
  for (std::size_t i = 0; i < member_count_; ++i) last = hash_of(members_[i].seq, last, members_[i].body);
  trial.head = last;
  if (is_signed(trial)) return changed("head", last.hex(), text.head.hex());
  trial = text;
  for (trial.count = 1; trial.count <= record::kBatchRecordsMax; ++trial.count) {
    if (is_signed(trial)) {
      return changed("record_count", to_string(trial.count), to_string(batch_->record_count));
    }
  }
  finding.kind = Kind::batch_signature;
  finding.what = "the signature of batch " + to_string(batch_->id) + " (" +
                 record_range(batch_->first_seq,
                              batch_->first_seq + std::max<std::int64_t>(batch_->record_count, 1) - 1) +
                 ") does not hold: the signature or several columns were changed";
  found(std::move(finding));
}

// The batch is the agent's own; does it stand where it belongs?
bool StreamCheck::check_place() {
  if (batch_->first_seq < next_seq_) {
    found({.kind = Kind::batch_duplicated,
           .seq = batch_->first_seq,
           .batch = batch_->id,
           .what = "batch " + to_string(batch_->id) + " begins with " + record_name(batch_->first_seq) +
                   ", which an earlier batch holds"});
    return false;
  }
  if (batch_->first_seq > next_seq_) {
    const bool records_there = member_count_ > 0 && members_[0].seq == next_seq_;
    found({.kind = Kind::batch_missing,
           .seq = next_seq_,
           .what = "the batch of " + record_range(next_seq_, batch_->first_seq - 1) + " is missing" +
                   (records_there ? "" : ", with its records"),
           .expected = to_string(next_seq_),
           .found = to_string(batch_->first_seq)});
    return false;
  }
  if (batch_->prev_head != head_.bytes()) {
    found({.kind = Kind::head_changed,
           .seq = batch_->first_seq,
           .batch = batch_->id,
           .what = "batch " + to_string(batch_->id) +
                   " does not go on where the records before it end: " + "one of the two was signed anew",
           .expected = head_.hex(),
           .found = base::to_hex(batch_->prev_head)});
    return false;
  }
  return true;
}

void StreamCheck::check_records() {
  for (std::size_t i = 0; i < static_cast<std::size_t>(batch_->record_count); ++i) {
    const auto seq = batch_->first_seq + static_cast<std::int64_t>(i);
    if (i < member_count_ && members_[i].seq == seq) continue;
    if (i < member_count_ && members_[i].seq < seq) {
      return found({.kind = Kind::record_duplicated,
                    .seq = members_[i].seq,
                    .batch = batch_->id,
                    .what = record_name(members_[i].seq) + " is stored twice"});
    }
    return found({.kind = Kind::record_missing,
                  .seq = seq,
                  .batch = batch_->id,
                  .what = record_name(seq) + " of batch " + to_string(batch_->id) + " is missing"});
  }
  if (member_count_ > static_cast<std::size_t>(batch_->record_count)) {
    return found({.kind = Kind::record_duplicated,
                  .seq = members_[member_count_ - 1].seq,
                  .batch = batch_->id,
                  .what = record_name(members_[member_count_ - 1].seq) + " is stored twice"});
  }
  hashes_.clear();
  bool same = true;
  auto last = head_;
  for (std::size_t i = 0; i < member_count_; ++i) {
    last = hash_of(members_[i].seq, last, members_[i].body);
    same = same && members_[i].hash == last.bytes();
    hashes_.push_back(last);
  }
  if (same && last.bytes() == batch_->head) return;
  if (last.bytes() != batch_->head) return find_first_wrong();
  for (std::size_t i = 0; i < member_count_; ++i) {
    if (members_[i].hash == hashes_[i].bytes()) continue;
    return found(
        {.kind = Kind::record_changed,
         .seq = members_[i].seq,
         .batch = batch_->id,
         .what = "the hash of " + record_name(members_[i].seq) + " was changed; its body is what was signed",
         .expected = hashes_[i].hex(),
         .found = base::to_hex(members_[i].hash)});
  }
}

// The bodies do not lead to the signed head. The stored hashes tell where they stop doing so.
void StreamCheck::find_first_wrong() {
  auto before = head_;
  for (std::size_t i = 0; i < member_count_; ++i) {
    const auto& row = members_[i];
    const auto hash = hash_of(row.seq, before, row.body);
    if (row.hash == hash.bytes()) {
      before = hash;
      continue;
    }
    wanted_ = Wanted{.seq = row.seq, .before = before, .hash = row.hash};
    found({.kind = Kind::record_changed,
           .seq = row.seq,
           .batch = batch_->id,
           .what = record_name(row.seq) + " was changed",
           .expected = base::to_hex(row.hash),
           .found = hash.hex()});
    for (std::size_t j = i + 1; j < member_count_; ++j) look_for_it(members_[j]);
    return;
  }
  found({.kind = Kind::record_changed,
         .seq = batch_->first_seq,
         .batch = batch_->id,
         .what = "one of " + record_range(batch_->first_seq, batch_->first_seq + batch_->record_count - 1) +
                 " was changed and the hashes were computed anew: they do not lead to the signed head",
         .expected = base::to_hex(batch_->head),
         .found = before.hex()});
}

// Is this the record that should stand where the first wrong one stands?
void StreamCheck::look_for_it(const store::AuditRecord& row) {
  if (!wanted_ || row.body.size() > record::kRecordBytesMax) return;
  const auto hash = hash_of(wanted_->seq, wanted_->before, row.body);
  if (hash.bytes() != row.hash && hash.bytes() != wanted_->hash) return;
  finding_->kind = Kind::record_swapped;
  finding_->what = record_name(wanted_->seq) + " was exchanged with " + record_name(row.seq);
  finding_->expected = hash.hex();
  wanted_.reset();
}

// What no signature covers must at least agree with itself: numbers and times of rows stored together.
void StreamCheck::check_company() {
  const auto differs = [&](auto column, std::int64_t expected) {
    return static_cast<std::size_t>(
        std::count_if(members_.begin(), members_.begin() + static_cast<std::ptrdiff_t>(member_count_),
                      [&](const store::AuditRecord& row) { return column(row) != expected; }));
  };
  const auto compare = [&](const char* name, auto column, std::int64_t expected) {
    const auto others = differs(column, expected);
    if (others == 0 || finding_) return;
    Finding finding{.kind = Kind::record_changed, .batch = batch_->id, .expected = to_string(expected)};
    const auto first = std::find_if(members_.begin(), members_.end(),
                                    [&](const auto& row) { return column(row) != expected; });
    finding.seq = first->seq;
    finding.found = to_string(column(*first));
    finding.what = std::string{name} + " of " + record_name(first->seq) + " is not that of its batch";
    if (others == member_count_ && member_count_ > 1) {
      finding.kind = Kind::batch_changed;
      finding.what = std::string{name} + " of batch " + to_string(batch_->id) + " is not that of its records";
      std::swap(finding.expected, finding.found);
    }
    found(std::move(finding));
  };
  compare("batch_id", [](const auto& row) { return row.batch_id; }, batch_->id);
  compare("received_ms", [](const auto& row) { return row.received_ms; }, batch_->received_ms);
  if (finding_) return;
  if (batch_->id <= last_batch_id_) {
    return found({.kind = Kind::batch_changed,
                  .seq = batch_->first_seq,
                  .batch = batch_->id,
                  .what = "the number of batch " + to_string(batch_->id) + " does not grow: it was changed",
                  .expected = "more than " + to_string(last_batch_id_),
                  .found = to_string(batch_->id)});
  }
  for (std::size_t i = 0; i < member_count_; ++i) {
    const auto& row = members_[i];
    if (row.id <= last_record_id_) {
      return found({.kind = Kind::record_changed,
                    .seq = row.seq,
                    .batch = batch_->id,
                    .what = "record_id of " + record_name(row.seq) + " does not grow: it was changed",
                    .expected = "more than " + to_string(last_record_id_),
                    .found = to_string(row.id)});
    }
    last_record_id_ = row.id;
  }
}

}  // namespace collector::proof
