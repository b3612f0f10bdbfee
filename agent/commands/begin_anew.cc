#include "agent/commands/begin_anew.h"

#include <ostream>

#include "agent/commands/config.h"
#include "agent/commands/single.h"
#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"
#include "agent/outbox/quarantine.h"

namespace agent::commands {

namespace {

struct Standing {
  std::filesystem::path outbox;
  outbox::ChainState chain;
  std::uint64_t pending = 0;
};

base::Result<Standing> look(const std::filesystem::path& directory) {
  if (const auto identity = identity::load(directory); !identity) return std::unexpected{identity.error()};
  Standing standing{.outbox = directory / "outbox.db", .chain = {}};
  const auto outbox = outbox::Outbox::open_to_read(standing.outbox);
  if (!outbox) return std::unexpected{outbox.error()};
  standing.chain = outbox->chain();
  standing.pending = outbox->pending();
  return standing;
}

void tell(const Standing& standing, std::ostream& out) {
  out << "The outbox " << standing.outbox.string() << " has sealed " << standing.chain.next_seq - 1
      << " records in epoch " << standing.chain.epoch << "; " << standing.pending
      << " of them the collector has not acknowledged.\n"
         "It is kept beside the new one. Epoch "
      << standing.chain.epoch + 1
      << " begins: AnyDesk's traces are read from their beginning, and the collector knows the sessions it "
         "has.\n"
         "What stands in no trace any more, and was not acknowledged, is then only in the file that is "
         "kept.\n";
}

}  // namespace

int run_begin_anew(const BeginAnewOptions& options, std::ostream& out, std::ostream& err) {
  const auto refuse = [&](const base::Error& error) {
    err << "deskledger-agent: " << error.message << '\n';
    return 1;
  };
  const auto config = load_config(options.config);
  if (!config) return refuse(config.error());
  const auto directory = options.data_directory.value_or(config->data_directory);
  const auto standing = look(directory);
  if (!standing) return refuse(standing.error());
  tell(*standing, out);
  if (!options.yes) {
    out << "Nothing was changed. To do it: deskledger-agent begin-anew --yes\n";
    return 0;
  }
  const auto alone = Single::take(directory);
  if (!alone) {
    return refuse(
        {alone.error().code, alone.error().message + "; stop the agent first, then run this again"});
  }
  outbox::mark_damaged(standing->outbox, "set aside by `begin-anew`");
  if (outbox::expect_unmarked(standing->outbox)) {
    return refuse({base::ErrorCode::unavailable, "cannot write into " + directory.string()});
  }
  out << "Marked. Start the agent; it begins anew. Until then, to undo: remove " << standing->outbox.string()
      << ".damaged\n";
  return 0;
}

}  // namespace agent::commands
