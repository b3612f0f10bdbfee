#include "collector/proof/finding.h"

namespace collector::proof {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::agent_unknown: return "agent_unknown";
    case Kind::agent_key_changed: return "agent_key_changed";
    case Kind::batch_missing: return "batch_missing";
    case Kind::batch_changed: return "batch_changed";
    case Kind::batch_duplicated: return "batch_duplicated";
    case Kind::batch_other_key: return "batch_other_key";
    case Kind::batch_signature: return "batch_signature";
    case Kind::record_missing: return "record_missing";
    case Kind::record_changed: return "record_changed";
    case Kind::record_swapped: return "record_swapped";
    case Kind::record_duplicated: return "record_duplicated";
    case Kind::record_unsigned: return "record_unsigned";
    case Kind::stream_cut: return "stream_cut";
    case Kind::stream_changed: return "stream_changed";
    case Kind::leaf_missing: return "leaf_missing";
    case Kind::leaf_changed: return "leaf_changed";
    case Kind::head_changed: return "head_changed";
    case Kind::checkpoint_missing: return "checkpoint_missing";
    case Kind::checkpoint_changed: return "checkpoint_changed";
    case Kind::checkpoint_signature: return "checkpoint_signature";
    case Kind::log_rewritten: return "log_rewritten";
    case Kind::change_missing: return "change_missing";
    case Kind::change_changed: return "change_changed";
    case Kind::change_swapped: return "change_swapped";
    case Kind::change_inserted: return "change_inserted";
    case Kind::change_duplicated: return "change_duplicated";
    case Kind::changes_cut: return "changes_cut";
    case Kind::changes_rewritten: return "changes_rewritten";
    case Kind::changes_state: return "changes_state";
    case Kind::bundle_damaged: return "bundle_damaged";
  }
  return "unknown";
}

std::string record_name(std::int64_t seq) {
  return "record " + std::to_string(seq);
}

std::string record_range(std::int64_t first, std::int64_t last) {
  if (first == last) return record_name(first);
  return "records " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace collector::proof
