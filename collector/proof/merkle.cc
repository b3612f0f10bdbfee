#include "collector/proof/merkle.h"

#include <bit>

namespace collector::proof {

crypto::Digest leaf_hash(std::string_view text) {
  return crypto::Sha256{}.update(std::string_view{"\0", 1}).update(text).finish();
}

crypto::Digest node_hash(const crypto::Digest& left, const crypto::Digest& right) {
  return crypto::Sha256{}.update("\x01").update(left.bytes()).update(right.bytes()).finish();
}

void Tree::append(const crypto::Digest& leaf) {
  // As in a binary counter: each carry joins two subtrees of one size.
  auto joined = leaf;
  for (int carries = std::countr_one(size_); carries > 0; --carries) {
    joined = node_hash(subtrees_.back(), joined);
    subtrees_.pop_back();
  }
  subtrees_.push_back(joined);
  ++size_;
}

crypto::Digest Tree::root() const {
  if (subtrees_.empty()) return crypto::sha256({});
  auto root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) root = node_hash(subtrees_[i - 1], root);
  return root;
}

}  // namespace collector::proof
