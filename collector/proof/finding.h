// What a check found to be wrong, for people and for programs.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace collector::proof {

// docs/operating/collector.md says what each one means and what to do.
enum class Kind {
  agent_unknown,      // A stream of an agent that is not enrolled, or not among the kept keys.
  agent_key_changed,  // The agent's key is not the one that was kept.
  batch_missing,      // Records no batch covers, in front of later ones.
  batch_changed,      // A column of a batch is not what was signed.
  batch_duplicated,
  batch_other_key,  // Signed with another key than the agent's.
  batch_signature,  // The signature does not hold, and no single column explains it.
  record_missing,
  record_changed,
  record_swapped,  // Another record of the stream stands in its place.
  record_duplicated,
  record_unsigned,  // Behind the last batch.
  stream_cut,       // The end of the stream is missing.
  stream_changed,   // The row that says where the stream stands does not fit.
  leaf_missing,
  leaf_changed,
  head_changed,  // The log says the stream had another head: signed anew, or the leaf was changed.
  checkpoint_missing,
  checkpoint_changed,
  checkpoint_signature,
  log_rewritten,  // A checkpoint kept elsewhere does not fit the log.
  change_missing,
  change_changed,
  change_swapped,   // Another change stands in its place.
  change_inserted,  // Was never noted there.
  change_duplicated,
  changes_cut,        // The end of the chain of changes is missing.
  changes_rewritten,  // The log says the chain had another head: hashed anew, or the leaf was changed.
  changes_state,      // The row that says where the chain stands does not fit.
  bundle_damaged,
};

// "record_changed".
std::string_view to_string(Kind kind);

// "record 7", "records 7 to 9".
std::string record_name(std::int64_t seq);
std::string record_range(std::int64_t first, std::int64_t last);

struct Finding {
  Kind kind;
  std::string agent = {};  // Hexadecimal id; empty: of the log.
  std::string workstation = {};
  std::optional<std::int64_t> epoch = {};
  std::optional<std::int64_t> seq = {};         // The first record that is concerned.
  std::optional<std::int64_t> batch = {};       // Its number in the table.
  std::optional<std::int64_t> leaf = {};        // Index in the log.
  std::optional<std::int64_t> checkpoint = {};  // Its size.
  std::optional<std::int64_t> change = {};      // The first change by a person that is concerned.
  std::string what = {};                        // One sentence without a full stop.
  std::string expected = {};
  std::string found = {};
};

}  // namespace collector::proof
