#include "collector/proof/change_check.h"

#include "collector/store/changes.h"
#include "common/base/hex.h"
#include "common/record/signed_text.h"

namespace collector::proof {

namespace {

using std::to_string;

std::string name(std::int64_t number) {
  return "change " + to_string(number);
}

std::string range(std::int64_t first, std::int64_t last) {
  return first == last ? name(first) : "changes " + to_string(first) + " to " + to_string(last);
}

std::string are_missing(std::int64_t first, std::int64_t last) {
  return range(first, last) + (first == last ? " is" : " are") + " missing";
}

std::size_t bytes_of(const store::AuditChange& row) {
  return row.who.size() + row.action.size() + row.object.size() + row.key.size() + row.before.size() +
         row.after.size() + row.why.size();
}

// What the row's hash has to be at `number`, behind `before`.
crypto::Digest hash_of(std::int64_t number, const crypto::Digest& before, const store::AuditChange& row) {
  return crypto::sha256(record::change_text({.number = static_cast<std::uint64_t>(number),
                                             .previous = before,
                                             .changed_utc_ms = static_cast<std::uint64_t>(row.changed_ms),
                                             .who = row.who,
                                             .action = row.action,
                                             .object = row.object,
                                             .key = row.key,
                                             .before = row.before,
                                             .after = row.after,
                                             .why = row.why}));
}

bool fits(std::int64_t number, const crypto::Digest& before, const store::AuditChange& row,
          std::string_view hash) {
  return hash_of(number, before, row).bytes() == hash;
}

}  // namespace

void ChangeCheck::found(Finding finding) {
  if (!finding_) finding_ = std::move(finding);
}

void ChangeCheck::reached(std::int64_t number) {
  if (state_ && state_->number == number) state_fits_ = state_->head == head_.bytes();
}

void ChangeCheck::state(const std::optional<store::AuditChangeState>& row) {
  state_ = row;
  reached(0);
}

void ChangeCheck::change(const store::AuditChange& row) {
  ++changes_;
  if (finding_) return look_for_it(row);
  if (!is_next(row)) return;
  const auto hash = hash_of(next_, head_, row);
  if (hash.bytes() != row.hash) return find_out(row, hash);
  head_before_ = head_;
  head_ = hash;
  reached(next_++);
}

// False, and it is told, if the row cannot be the next one, whatever it says.
bool ChangeCheck::is_next(const store::AuditChange& row) {
  if (!row.damaged.empty()) {
    found(
        {.kind = Kind::change_changed, .change = row.number, .what = name(row.number) + ": " + row.damaged});
  } else if (bytes_of(row) > store::change_bytes_max) {
    found({.kind = Kind::change_changed,
           .change = row.number,
           .what = name(row.number) + " is larger than any that was ever noted",
           .expected = "at most " + to_string(store::change_bytes_max) + " bytes",
           .found = to_string(bytes_of(row)) + " bytes"});
  } else if (row.number < 1) {
    found({.kind = Kind::change_changed,
           .change = row.number,
           .what = "a change has the number " + to_string(row.number) + "; the first is 1"});
  } else if (row.number < next_) {
    found({.kind = Kind::change_duplicated,
           .change = row.number,
           .what = name(row.number) + " is stored twice"});
  } else if (row.number > next_) {
    break_ = Break{.number = next_, .before = head_, .row = {}};
    found({.kind = Kind::change_missing, .change = next_, .what = are_missing(next_, row.number - 1)});
    look_for_it(row);
  }
  return !finding_;
}

// The row does not follow from the one before.
void ChangeCheck::find_out(const store::AuditChange& row, const crypto::Digest& hash) {
  Finding finding{
      .kind = Kind::change_changed, .change = next_, .expected = base::to_hex(row.hash), .found = hash.hex()};
  if (row.hash == head_.bytes() && next_ > 1) {
    finding.kind = Kind::change_duplicated;
    finding.what = name(next_) + " is a copy of " + name(next_ - 1);
    return found(std::move(finding));
  }
  if (next_ > 1 && fits(next_ - 1, head_before_, row, row.hash)) {
    finding.kind = Kind::change_inserted;
    finding.change = next_ - 1;
    finding.what = name(next_ - 1) + " was put in: what is now " + name(next_) + " was in its place";
    return found(std::move(finding));
  }
  finding.what = name(next_) + " was changed";
  // The log knows what was in front of it; else that may have been changed just as well.
  if (last_leaf_number_ != next_ - 1) {
    finding.what += ", or " + name(next_ - 1) + " in front of it was changed and hashed anew";
  }
  break_ = Break{.number = next_, .before = head_, .row = row};
  found(std::move(finding));
}

// Is this the change that should stand where the chain breaks?
void ChangeCheck::look_for_it(const store::AuditChange& row) {
  if (!break_ || !row.damaged.empty() || bytes_of(row) > store::change_bytes_max) return;
  if (!break_->row) {
    if (!fits(break_->number, break_->before, row, row.hash)) return;
    finding_->kind = Kind::change_changed;
    finding_->what = name(break_->number) + " has another number now: " + to_string(row.number);
    return break_.reset();
  }
  const auto hash = hash_of(break_->number, break_->before, row);
  if (hash.bytes() != row.hash && hash.bytes() != break_->row->hash) {
    if (row.number == break_->number + 1) look_behind_wrong_one(row);
    return;
  }
  finding_->kind = Kind::change_swapped;
  finding_->what = name(break_->number) + " was exchanged with " + name(row.number);
  finding_->expected = hash.hex();
  // Directly behind: does the wrong one belong here, or nowhere?
  const auto& wrong = *break_->row;
  if (row.number == break_->number + 1 && !fits(row.number, hash, wrong, wrong.hash) &&
      !fits(row.number, hash, wrong, row.hash)) {
    finding_->kind = Kind::change_inserted;
    finding_->what =
        name(break_->number) + " was put in: what is now " + name(row.number) + " was in its place";
  }
  break_.reset();
}

// If the two follow from each other as what they were one number later, one was taken out in front of them.
void ChangeCheck::look_behind_wrong_one(const store::AuditChange& row) {
  const auto before = crypto::Digest::from_bytes(break_->row->hash);
  if (!before || !fits(row.number + 1, *before, row, row.hash)) return;
  finding_->kind = Kind::change_missing;
  finding_->what = name(break_->number) + " is missing, and those behind it were numbered anew";
  break_.reset();
}

void ChangeCheck::leaf(const store::AuditLeaf& row) {
  if (finding_) return;
  const auto last = next_ - 1;
  const auto leaf = "leaf " + to_string(row.index) + " of the log";
  Finding finding{.kind = Kind::leaf_changed, .leaf = row.index, .change = row.committed_seq};
  if (!row.damaged.empty()) {
    finding.what = leaf + ": " + row.damaged;
  } else if (row.committed_seq > last) {
    finding.kind = Kind::changes_cut;
    finding.change = next_;
    finding.what = "the log says that the chain went up to " + name(row.committed_seq) + ": " +
                   are_missing(next_, row.committed_seq) + " at its end, or " + leaf + " was changed";
    finding.expected = to_string(row.committed_seq);
    finding.found = to_string(last);
  } else if (row.committed_seq != last || last <= last_leaf_number_ || row.index <= last_leaf_index_) {
    finding.what = leaf + " says that the chain stood at " + name(row.committed_seq) +
                   ", where it did not or another leaf stands";
  } else if (row.head != head_.bytes()) {
    finding.kind = Kind::changes_rewritten;
    finding.change = last_leaf_number_ + 1;
    finding.what =
        "the log had another head behind " + name(last) + ": " +
        (last == last_leaf_number_ + 1 ? "it was"
                                       : "some of " + range(last_leaf_number_ + 1, last) + " were") +
        " changed and hashed anew, or " + leaf + " was changed";
    finding.expected = base::to_hex(row.head);
    finding.found = head_.hex();
  } else {
    last_leaf_number_ = last;
    last_leaf_index_ = row.index;
    return;
  }
  found(std::move(finding));
}

void ChangeCheck::end() {
  if (finding_) return;
  const auto last = next_ - 1;
  Finding finding{.kind = Kind::changes_state, .change = last};
  const auto differs = [&](const std::string& column, std::string expected, std::string was) {
    finding.what = "where the chain stands was changed: " + column;
    finding.expected = std::move(expected);
    finding.found = std::move(was);
    found(finding);
  };
  if (!state_ || !state_->damaged.empty()) {
    finding.what = state_ ? "where the chain stands: " + state_->damaged
                          : "the row that says where the chain stands is missing";
    return found(std::move(finding));
  }
  const bool is_head = state_->head == head_.bytes();
  if (state_->number > last && !is_head) {
    finding.kind = Kind::changes_cut;
    finding.change = next_;
    finding.what = "the chain went up to " + name(state_->number) + ": " +
                   are_missing(next_, state_->number) + " at its end";
    finding.expected = to_string(state_->number);
    finding.found = to_string(last);
    return found(std::move(finding));
  }
  if (state_->number < last && state_fits_ && state_->number >= last_leaf_number_) {
    finding.kind = Kind::change_inserted;
    finding.change = state_->number + 1;
    finding.what = "the chain is said to end with " + name(state_->number) + ": " +
                   range(state_->number + 1, last) + " behind it " +
                   (state_->number + 1 == last ? "was" : "were") + " put in, or its end was set back";
    return found(std::move(finding));
  }
  if (state_->number != last) return differs("number", to_string(last), to_string(state_->number));
  if (!is_head && last > last_leaf_number_) {
    finding.kind = Kind::change_changed;
    finding.what = name(last) + ", the newest, was changed and hashed anew, or the head of the chain was";
    finding.expected = base::to_hex(state_->head);
    finding.found = head_.hex();
    return found(std::move(finding));
  }
  if (!is_head) return differs("head", head_.hex(), base::to_hex(state_->head));
  if (state_->logged_number != last_leaf_number_) {
    finding.change = last_leaf_number_ + 1;
    differs("logged_number", to_string(last_leaf_number_), to_string(state_->logged_number));
  }
}

}  // namespace collector::proof
