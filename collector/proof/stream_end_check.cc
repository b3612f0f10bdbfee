// What the log says about a stream, and where the stream is said to stand.

#include "collector/proof/stream_check.h"
#include "common/base/hex.h"

namespace collector::proof {

using std::to_string;

void StreamCheck::leaf(const store::AuditLeaf& row) {
  if (batch_) close_batch();
  if (finding_) return;
  Finding finding{.kind = Kind::leaf_changed, .seq = row.committed_seq, .leaf = row.index};
  const auto name = "leaf " + to_string(row.index) + " of the log";
  if (!row.damaged.empty()) {
    finding.what = name + ": " + row.damaged;
    return found(std::move(finding));
  }
  if (row.committed_seq >= next_seq_) {
    finding.kind = Kind::stream_cut;
    finding.seq = next_seq_;
    finding.what = "the log says that the stream went up to " + record_name(row.committed_seq) + ": " +
                   record_range(next_seq_, row.committed_seq) + " are missing at its end, or " + name +
                   " was changed";
    finding.expected = to_string(row.committed_seq);
    finding.found = to_string(next_seq_ - 1);
    return found(std::move(finding));
  }
  if (row.committed_seq != next_seq_ - 1 || row.committed_seq <= last_leaf_seq_ ||
      row.index <= last_leaf_index_) {
    finding.what = name + " says the stream stood at " + record_name(row.committed_seq) +
                   ", where no batch ends or another leaf stands";
    return found(std::move(finding));
  }
  if (row.head != head_.bytes()) {
    finding.kind = Kind::head_changed;
    finding.seq = last_leaf_seq_ + 1;
    finding.what = "the log had another head behind " + record_name(row.committed_seq) + ": of " +
                   record_range(last_leaf_seq_ + 1, row.committed_seq) +
                   " some were changed and signed anew, or " + name + " was changed";
    finding.expected = base::to_hex(row.head);
    finding.found = head_.hex();
    return found(std::move(finding));
  }
  last_leaf_seq_ = row.committed_seq;
  last_leaf_index_ = row.index;
}

void StreamCheck::end(const std::optional<store::AuditStream>& row) {
  if (batch_) close_batch();
  if (finding_) return;
  const auto last = next_seq_ - 1;
  if (!row) {
    return found({.kind = Kind::stream_changed,
                  .seq = last,
                  .what = "the row that says where the stream stands is missing"});
  }
  Finding finding{.kind = Kind::stream_changed, .seq = last};
  const auto differs = [&](const char* column, std::string expected, std::string was) {
    finding.what = std::string{"where the stream stands was changed: "} + column;
    finding.expected = std::move(expected);
    finding.found = std::move(was);
    found(finding);
  };
  if (!row->damaged.empty()) {
    finding.what = "where the stream stands: " + row->damaged;
    return found(std::move(finding));
  }
  if (row->committed_seq > last && row->head != head_.bytes()) {
    finding.kind = Kind::stream_cut;
    finding.seq = next_seq_;
    finding.what = "the stream went up to " + record_name(row->committed_seq) + ": " +
                   record_range(next_seq_, row->committed_seq) + " are missing at its end";
    finding.expected = to_string(row->committed_seq);
    finding.found = to_string(last);
    return found(std::move(finding));
  }
  if (row->committed_seq != last) {
    return differs("committed_seq", to_string(last), to_string(row->committed_seq));
  }
  if (row->head != head_.bytes()) return differs("head", head_.hex(), base::to_hex(row->head));
  if (row->logged_seq != last_leaf_seq_) {
    finding.seq = last_leaf_seq_ + 1;
    differs("logged_seq", to_string(last_leaf_seq_), to_string(row->logged_seq));
  }
}

}  // namespace collector::proof
