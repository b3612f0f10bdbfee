#include "common/record/chain.h"

#include "common/record/signed_text.h"

namespace record {

const crypto::Digest& Chain::append(std::string_view body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  hash_.update(record_text_head(agent_, epoch_, next_seq_, head_, size)).update(body);
  head_ = hash_.finish();
  ++next_seq_;
  return head_;
}

}  // namespace record
