// Checks the chain of changes by persons (docs/formats/change.md): every row's number and hash, what the log
// says about the chain, and where it is said to stand.
//
// The rows come in one pass, in the order walk.h promises; one of them at most is kept. The first thing that
// is wrong ends the check, because what follows is then wrong as well; the rest is only looked through for
// where the first wrong change went.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "collector/proof/finding.h"
#include "collector/proof/walk.h"
#include "collector/store/audit.h"
#include "common/crypto/digest.h"

namespace collector::proof {

class ChangeCheck final : public ChangeSink {
 public:
  void state(const std::optional<store::AuditChangeState>& row) override;
  void change(const store::AuditChange& row) override;
  void leaf(const store::AuditLeaf& row) override;
  void end() override;

  // Nothing: the chain is clean as far as it was told.
  const std::optional<Finding>& finding() const { return finding_; }
  std::int64_t changes() const { return changes_; }

 private:
  void found(Finding finding);
  bool is_next(const store::AuditChange& row);
  void find_out(const store::AuditChange& row, const crypto::Digest& hash);
  void look_for_it(const store::AuditChange& row);
  void look_behind_wrong_one(const store::AuditChange& row);
  void reached(std::int64_t number);

  std::optional<store::AuditChangeState> state_;
  bool state_fits_ = false;  // The chain had the state's head at the state's number.

  // Where the chain stands after the changes that fitted.
  std::int64_t next_ = 1;
  crypto::Digest head_;
  crypto::Digest head_before_;  // In front of the last of them.
  std::int64_t last_leaf_number_ = 0;
  std::int64_t last_leaf_index_ = -1;
  std::int64_t changes_ = 0;

  std::optional<Finding> finding_;
  // The place where the chain breaks: what stands there (nothing: no change does), and the head in front of
  // it.
  struct Break {
    std::int64_t number;
    crypto::Digest before;
    std::optional<store::AuditChange> row;
  };
  std::optional<Break> break_;
};

}  // namespace collector::proof
