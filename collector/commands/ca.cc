#include "collector/commands/ca.h"

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <ostream>

#include "collector/commands/person.h"
#include "collector/commands/serve_parts.h"
#include "collector/commands/workspace.h"
#include "collector/identity/pki.h"
#include "collector/identity/rotation.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"
#include "common/timing/clock.h"

namespace collector::commands {

namespace json = boost::json;
using identity::PkiState;
using identity::Rotation;

namespace {

constexpr std::size_t kNamedMax = 20;

struct Picture {
  PkiState pki;
  std::size_t agents = 0;  // Not revoked.
  std::vector<identity::LeftBehind> left;
  std::size_t open_tokens = 0;
};

base::Result<Picture> look(Workspace& workspace, timing::UtcMs now) {
  auto pki = identity::read_pki(workspace.config.pki_directory);
  if (!pki) return std::unexpected{pki.error()};
  Picture picture{.pki = *std::move(pki), .agents = 0, .left = {}, .open_tokens = 0};
  const auto read = workspace.database.read([&](store::Transaction& tx) -> base::Status {
    const auto agents = store::list_agents(tx);
    if (!agents) return std::unexpected{agents.error()};
    const auto tokens = store::list_tokens(tx, 10'000);
    if (!tokens) return std::unexpected{tokens.error()};
    for (const auto& agent : *agents) picture.agents += agent.revoked ? 0 : 1;
    for (const auto& token : *tokens) {
      picture.open_tokens += !token.revoked && token.uses < token.uses_max && now <= token.expires ? 1 : 0;
    }
    picture.left = identity::left_behind(picture.pki, *agents);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return picture;
}

std::string other_role(Rotation rotation) {
  return rotation == Rotation::announced ? "next" : "former";
}

json::object to_json(const std::string& role, const crypto::Certificate& ca) {
  return {{"role", role},
          {"name", ca.common_name()},
          {"sha256", ca.digest().hex()},
          {"not_before_utc", timing::to_rfc3339(ca.not_before())},
          {"not_after_utc", timing::to_rfc3339(ca.not_after())}};
}

json::object to_json(const Picture& picture) {
  const auto& pki = picture.pki;
  json::array authorities{to_json("issuing", pki.issuing)};
  for (const auto& other : pki.others) authorities.push_back(to_json(other_role(pki.rotation), other));
  json::array names, left;
  for (const auto& name : pki.server.names()) names.emplace_back(name);
  for (const auto& one : picture.left) {
    left.push_back(json::object{{"agent", base::to_hex(one.agent.agent_id)},
                                {"workstation", one.agent.workstation},
                                {"reason", one.reason}});
  }
  return {{"rotation", identity::to_string(pki.rotation)},
          {"authorities", std::move(authorities)},
          {"trust_digest", pki.digest().hex()},
          {"server", json::object{{"names", std::move(names)},
                                  {"not_after_utc", timing::to_rfc3339(pki.server.not_after())}}},
          {"agents", picture.agents},
          {"open_tokens", picture.open_tokens},
          {"left_behind", std::move(left)}};
}

void print_left(const Picture& picture, std::ostream& out) {
  for (std::size_t i = 0; i < std::min(picture.left.size(), kNamedMax); ++i) {
    const auto& one = picture.left[i];
    out << "  " << base::cell_text(one.agent.workstation, 80) << " (" << base::to_hex(one.agent.agent_id)
        << ") " << one.reason
        << (one.agent.last_seen ? ", last seen " + timing::to_rfc3339(*one.agent.last_seen).substr(0, 19)
                                : ", never seen")
        << '\n';
  }
  if (picture.left.size() > kNamedMax) {
    out << "  and " << picture.left.size() - kNamedMax << " more; see: deskledger-collector ca show --json\n";
  }
}

// What is left to do, for the person who looks.
void print_next_step(const Picture& picture, std::ostream& out) {
  const char* const step = picture.pki.rotation == Rotation::announced ? "switch" : "finish";
  if (!picture.pki.is_complete()) {
    out << "The change to the CA that issues was cut off. Complete it: deskledger-collector ca switch\n";
  } else if (picture.pki.rotation == Rotation::whole) {
    out << "No CA is being replaced. To begin: deskledger-collector ca rotate\n";
  } else if (picture.left.empty()) {
    out << "All " << picture.agents << " agents are ready. Next: deskledger-collector ca " << step << '\n';
  } else {
    out << picture.left.size() << " of " << picture.agents << " agents would be shut out by `ca " << step
        << "` now:\n";
    print_left(picture, out);
    out << "An agent learns what it needs when it connects or renews its certificate (within five days).\n";
  }
}

void print_picture(const Picture& picture, std::ostream& out) {
  base::TextTable table{{{.heading = "ROLE"},
                         {.heading = "NAME", .width_max = 60},
                         {.heading = "UNTIL (UTC)"},
                         {.heading = "SHA-256", .width_max = 64}}};
  const auto row = [&](const std::string& role, const crypto::Certificate& certificate) {
    table.add({role, certificate.common_name(), timing::to_rfc3339(certificate.not_after()).substr(0, 10),
               certificate.digest().hex()});
  };
  row("issuing", picture.pki.issuing);
  for (const auto& other : picture.pki.others) row(other_role(picture.pki.rotation), other);
  row("port", picture.pki.server);
  out << table.text();
  print_next_step(picture, out);
}

// One command that changes the folder.
struct Step {
  const char* name;
  std::function<base::Result<identity::FileChanges>(const std::filesystem::path&, timing::UtcMs)> changes;
  // When the step itself shuts agents out; one that was cut off and is completed later did so already.
  std::optional<Rotation> shuts_out_when = {};
  Rotation leads_to;
  std::function<std::string(const Picture&)> what;  // Whole sentences, for before and after.
};

int refuse(const Step& step, const Picture& picture, const CaOptions& options, std::ostream& out,
           std::ostream& err) {
  if (options.json) out << json::serialize(to_json(picture)) << '\n';
  err << "deskledger-collector: " << picture.left.size() << " of " << picture.agents
      << " agents would be shut out; nothing was changed:\n";
  print_left(picture, err);
  err << "Wait until they have connected, revoke those that are gone, or give --leave-behind: they then need "
         "a "
         "new token each (deskledger-collector agents re-enrol, "
      << "after `ca " << step.name << "`).\n";
  return 1;
}

// Before the folder is touched: a step that was cut off must not be one that nobody knows of. Completing it
// is noted again.
base::Status note_step(store::Connection& database, const Step& step, const Picture& picture,
                       const CaOptions& options) {
  const json::object before{{"rotation", identity::to_string(picture.pki.rotation)},
                            {"issuing", picture.pki.issuing.common_name()},
                            {"issuing_sha256", picture.pki.issuing.digest().hex()}};
  json::array left;
  if (step.shuts_out_when == picture.pki.rotation) {
    for (const auto& one : picture.left) left.emplace_back(base::to_hex(one.agent.agent_id));
  }
  const json::object after{{"rotation", identity::to_string(step.leads_to)},
                           {"agents_left_behind", std::move(left)}};
  return database.transaction([&](store::Transaction& tx) {
    return actions::note(tx, this_actor(options.reason), step.name, "ca", picture.pki.issuing.common_name(),
                         json::serialize(before), json::serialize(after));
  });
}

int run_step(const Step& step, const CaOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto& folder = workspace->config.pki_directory;
  const auto lock = FileLock::take(ca_lock_file(folder),
                                   "another `deskledger-collector ca` is at work in " + folder.string());
  if (!lock) return report(err, lock.error());
  const auto now = timing::system_clock().utc();
  const auto before = look(*workspace, now);
  if (!before) return report(err, before.error());
  const auto changes = step.changes(folder, now);
  if (!changes) return report(err, changes.error());
  if (step.shuts_out_when == before->pki.rotation && !before->left.empty() && !options.leave_behind) {
    return refuse(step, *before, options, out, err);
  }
  if (!options.preview) {
    if (const auto noted = note_step(workspace->database, step, *before, options); !noted) {
      return report(err, noted.error());
    }
    if (const auto done = identity::carry_out(*changes); !done) {
      err << "The change was cut off; the folder can be used as it is. Give the command again to complete "
             "it.\n";
      return report(err, done.error());
    }
  }
  const auto after = look(*workspace, now);
  if (!after) return report(err, after.error());
  if (options.json) {
    auto value = to_json(*after);
    value["preview"] = options.preview;
    out << json::serialize(value) << '\n';
    return 0;
  }
  out << (options.preview ? "This would happen (nothing was changed): " : "") << step.what(*before) << '\n';
  if (!options.preview) {
    out << "A running `serve` takes it over within a minute.\n";
    print_next_step(*after, out);
  }
  return 0;
}

}  // namespace

int run_ca_show(const CaOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto picture = look(*workspace, timing::system_clock().utc());
  if (!picture) return report(err, picture.error());
  if (options.json) {
    out << json::serialize(to_json(*picture)) << '\n';
  } else {
    print_picture(*picture, out);
  }
  return 0;
}

int run_ca_rotate(const CaOptions& options, std::ostream& out, std::ostream& err) {
  return run_step({.name = "rotate",
                   .changes = identity::announce,
                   .shuts_out_when = {},
                   .leads_to = Rotation::announced,
                   .what =
                       [](const Picture& before) {
                         return "The next CA is made and trusted beside '" +
                                before.pki.issuing.common_name() + "', which goes on issuing. " +
                                std::to_string(before.agents) +
                                " agents do not know the next one yet; each learns of it when it connects or "
                                "renews. To drop the next one again: deskledger-collector ca cancel.";
                       }},
                  options, out, err);
}

int run_ca_switch(const CaOptions& options, std::ostream& out, std::ostream& err) {
  return run_step(
      {.name = "switch",
       .changes = identity::switch_over,
       .shuts_out_when = Rotation::announced,
       .leads_to = Rotation::switched,
       .what =
           [](const Picture& before) {
             return "The next CA issues from now on, also the certificate of the port; the key of '" +
                    before.pki.issuing.common_name() +
                    "' is destroyed, its certificates stay good until `ca finish`. " +
                    std::to_string(before.left.size()) + " agents are left behind." +
                    (before.open_tokens == 0
                         ? ""
                         : " Open tokens name the former CA and enrol nobody any more, " +
                               std::to_string(before.open_tokens) + " of them: make new ones.");
           }},
      options, out, err);
}

int run_ca_finish(const CaOptions& options, std::ostream& out, std::ostream& err) {
  return run_step({.name = "finish",
                   .changes = identity::finish,
                   .shuts_out_when = Rotation::switched,
                   .leads_to = Rotation::whole,
                   .what =
                       [](const Picture& before) {
                         return "The former CA is trusted no more. " + std::to_string(before.left.size()) +
                                " agents are left behind.";
                       }},
                  options, out, err);
}

int run_ca_cancel(const CaOptions& options, std::ostream& out, std::ostream& err) {
  const auto cancel = [](const std::filesystem::path& folder, timing::UtcMs) {
    return identity::cancel(folder);
  };
  return run_step({.name = "cancel",
                   .changes = cancel,
                   .shuts_out_when = {},
                   .leads_to = Rotation::whole,
                   .what =
                       [](const Picture& before) {
                         return "The next CA is dropped; '" + before.pki.issuing.common_name() +
                                "' goes on issuing.";
                       }},
                  options, out, err);
}

}  // namespace collector::commands
