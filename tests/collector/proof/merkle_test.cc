// The tree beside the definition it must agree with (RFC 6962 section 2.1), and the known answers of the
// definition's smallest cases.

#include "collector/proof/merkle.h"

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "common/base/hex.h"

namespace collector::proof {
namespace {

// MTH as the RFC writes it: k is the largest power of two below n.
crypto::Digest naive(std::span<const std::string> leaves) {
  if (leaves.empty()) return crypto::sha256("");
  if (leaves.size() == 1) return crypto::sha256(std::string(1, '\0') + leaves[0]);
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  const auto left = naive(leaves.first(k));
  const auto right = naive(leaves.subspan(k));
  return crypto::sha256('\x01' + std::string{left.bytes()} + std::string{right.bytes()});
}

TEST(Merkle, EverySizeUpTo300HasTheRootOfTheDefinition) {
  std::vector<std::string> leaves;
  Tree tree;
  EXPECT_EQ(tree.root(), naive(leaves));
  for (int n = 1; n <= 300; ++n) {
    leaves.push_back("leaf " + std::to_string(n));
    tree.append(leaf_hash(leaves.back()));
    ASSERT_EQ(tree.size(), leaves.size());
    ASSERT_EQ(tree.root(), naive(leaves)) << n;
  }
}

// The leaves and roots that certificate-transparency implementations test with.
TEST(Merkle, TheKnownAnswers) {
  const std::vector<std::string> leaves{
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                       "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                       "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                       "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                       "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                       "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                       "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                       "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Tree tree;
  EXPECT_EQ(tree.root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    tree.append(leaf_hash(base::from_hex(leaves[i]).value()));
    EXPECT_EQ(tree.root().hex(), roots[i]) << i;
  }
}

TEST(Merkle, ALeafIsNoNode) {
  const auto left = leaf_hash("l");
  const auto right = leaf_hash("r");
  EXPECT_NE(leaf_hash(std::string{left.bytes()} + std::string{right.bytes()}), node_hash(left, right));
}

}  // namespace
}  // namespace collector::proof
