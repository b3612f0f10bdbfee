#include "agent/commands/status.h"

#include <ostream>
#include <utility>

#include "agent/commands/config.h"
#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"
#include "agent/tail/position.h"
#include "common/base/json_text.h"
#include "common/base/text_table.h"

namespace agent::commands {

namespace {

struct Status {
  identity::Identity identity;
  outbox::ChainState chain;
  std::uint64_t pending = 0;
  std::map<std::string, std::int64_t> counters;
  std::map<std::string, outbox::StatusRow> notes;
  std::vector<outbox::SourceState> sources;
};

base::Result<Status> load(const std::filesystem::path& directory) {
  const auto identity = identity::load(directory);
  if (!identity) return std::unexpected{identity.error()};
  auto outbox = outbox::Outbox::open_to_read(directory / "outbox.db");
  if (!outbox && outbox.error().code == base::ErrorCode::not_found) {
    // Enrolled and never run: nothing was captured yet.
    return Status{
        .identity = *identity, .chain = {}, .pending = 0, .counters = {}, .notes = {}, .sources = {}};
  }
  if (!outbox) return std::unexpected{outbox.error()};
  auto counters = outbox->counters();
  if (!counters) return std::unexpected{counters.error()};
  auto notes = outbox->status();
  if (!notes) return std::unexpected{notes.error()};
  auto sources = outbox->sources();
  if (!sources) return std::unexpected{sources.error()};
  return Status{.identity = *identity,
                .chain = outbox->chain(),
                .pending = outbox->pending(),
                .counters = std::move(*counters),
                .notes = std::move(*notes),
                .sources = std::move(*sources)};
}

std::uint64_t read_up_to(const outbox::SourceState& source) {
  const auto position = tail::decode(source.position);
  return position ? position->logical() : 0;
}

void print_json(const Status& status, std::ostream& out) {
  const auto quote = [](std::string_view text) { return base::json_quote(text); };
  out << "{\"agent\":" << quote(status.identity.agent_id.hex())
      << ",\"workstation\":" << quote(status.identity.workstation) << ",\"collector\":"
      << quote(status.identity.collector_host + ":" + std::to_string(status.identity.collector_port))
      << ",\"epoch\":" << status.chain.epoch << ",\"records_sealed\":" << status.chain.next_seq - 1
      << ",\"records_acknowledged\":" << status.chain.acked_seq << ",\"records_pending\":" << status.pending;
  out << ",\"counters\":{";
  bool first = true;
  for (const auto& [name, value] : status.counters) {
    out << (std::exchange(first, false) ? "" : ",") << quote(name) << ':' << value;
  }
  out << "},\"notes\":{";
  first = true;
  for (const auto& [name, note] : status.notes) {
    out << (std::exchange(first, false) ? "" : ",") << quote(name) << ":{\"value\":" << quote(note.value)
        << ",\"at_utc\":" << quote(timing::to_rfc3339(note.at)) << '}';
  }
  out << "},\"sources\":[";
  first = true;
  for (const auto& source : status.sources) {
    out << (std::exchange(first, false) ? "" : ",") << "{\"trace\":" << quote(source.name)
        << ",\"read_bytes\":" << read_up_to(source) << '}';
  }
  out << "]}\n";
}

void print_text(const Status& status, std::ostream& out) {
  out << "workstation   " << base::cell_text(status.identity.workstation, 100) << "  (agent "
      << status.identity.agent_id.hex() << ")\n"
      << "collector     " << status.identity.collector_host << ':' << status.identity.collector_port << '\n';
  for (const auto& [name, note] : status.notes) {
    // The value may quote the collector or a file name.
    out << name << std::string(name.size() < 14 ? 14 - name.size() : 1, ' ')
        << base::cell_text(note.value, 200) << "  (since " << timing::to_rfc3339(note.at) << ")\n";
  }
  if (status.notes.empty()) out << "connection    never run: deskledger-agent run\n";
  out << "records       " << status.chain.next_seq - 1 << " sealed, " << status.pending
      << " not acknowledged yet\n\ntraces\n";
  for (const auto& source : status.sources) {
    out << "  " << base::cell_text(source.name, 300) << "  read up to byte " << read_up_to(source) << '\n';
  }
  if (status.sources.empty()) out << "  none found yet\n";
  out << "\ncounters\n";
  for (const auto& [name, value] : status.counters) out << "  " << name << "  " << value << '\n';
  const auto gaps = status.counters.find("gaps");
  if (gaps != status.counters.end() && gaps->second > 0) {
    out << "\nLines of a trace were lost " << gaps->second
        << " time(s) before they were read; the collector was told.\n";
  }
}

}  // namespace

int run_status(const StatusOptions& options, std::ostream& out, std::ostream& err) {
  const auto config = load_config(options.config);
  if (!config) {
    err << "deskledger-agent: " << config.error().message << '\n';
    return 1;
  }
  const auto status = load(options.data_directory.value_or(config->data_directory));
  if (!status) {
    err << "deskledger-agent: " << status.error().message << '\n';
    return 1;
  }
  options.json ? print_json(*status, out) : print_text(*status, out);
  return 0;
}

}  // namespace agent::commands
