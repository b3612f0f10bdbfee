// The hash tree of RFC 6962 section 2.1 over the leaves of a log, built leaf by leaf.
//
// Only the roots of the complete subtrees are kept, at most 64, so that a log of any length costs the same.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/crypto/digest.h"

namespace collector::proof {

// SHA-256(0x00 || text).
crypto::Digest leaf_hash(std::string_view text);
// SHA-256(0x01 || left || right).
crypto::Digest node_hash(const crypto::Digest& left, const crypto::Digest& right);

class Tree {
 public:
  void append(const crypto::Digest& leaf);
  std::uint64_t size() const { return size_; }
  // Of all leaves so far; of none: SHA-256 of nothing, as RFC 6962 says.
  crypto::Digest root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<crypto::Digest> subtrees_;  // One for each bit of size_ that is set, the largest first.
};

}  // namespace collector::proof
