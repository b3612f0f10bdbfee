#include "collector/commands/token.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/agents.h"
#include "collector/commands/duration_text.h"
#include "collector/commands/person.h"
#include "collector/identity/pki.h"
#include "collector/store/agents.h"
#include "collector/store/text.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"
#include "common/crypto/enroll_token.h"
#include "common/timing/clock.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

// What agents are to be given: the first name of the port's certificate, and the port of the configuration.
std::string collector_address(const Workspace& workspace, const identity::PkiState& pki) {
  const auto& listen = workspace.config.listen_agents;
  const auto names = pki.server.names();
  std::string host = names.empty() ? "HOST" : names.front();
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return host + listen.substr(std::min(listen.rfind(':'), listen.size()));
}

const char* state_of(const store::TokenRow& token, timing::UtcMs now) {
  if (token.revoked) return "revoked";
  if (token.uses >= token.uses_max) return "used";
  return now > token.expires ? "expired" : "open";
}

base::Status check(const TokenWish& wish) {
  for (const auto& text : {wish.label, wish.workstation}) {
    if (!store::is_storable(text) || text.size() > 255) {
      return base::fail(base::ErrorCode::invalid_argument, "a label or a name has at most 255 bytes of text");
    }
  }
  if (!wish.workstation.empty() && wish.workstation.find_first_not_of(' ') == std::string::npos) {
    return base::fail(base::ErrorCode::invalid_argument, "a workstation needs a name");
  }
  if (!wish.workstation.empty() && wish.uses > 1) {
    return base::fail(
        base::ErrorCode::invalid_argument,
        "--workstation names one machine: a token of several uses takes the host names instead");
  }
  return {};
}

json::object to_json(const store::TokenRow& token, timing::UtcMs now) {
  return {
      {"id", token.id},
      {"label", token.label},
      {"workstation", token.workstation},
      {"state", state_of(token, now)},
      {"uses", token.uses},
      {"uses_max", token.uses_max},
      {"uses_left", std::string_view{state_of(token, now)} == "open" ? token.uses_max - token.uses : 0},
      {"created_utc", timing::to_rfc3339(token.created)},
      {"expires_utc", timing::to_rfc3339(token.expires)},
      {"revoked_utc", token.revoked ? json::value(timing::to_rfc3339(*token.revoked)) : json::value(nullptr)},
      {"replaces_agent", token.replaces ? json::value(base::to_hex(*token.replaces)) : json::value(nullptr)}};
}

base::Result<std::vector<store::TokenRow>> list(Workspace& workspace, std::int64_t limit) {
  std::vector<store::TokenRow> tokens;
  const auto read = workspace.database.read([&](store::Transaction& tx) -> base::Status {
    auto found = store::list_tokens(tx, limit);
    if (!found) return std::unexpected{found.error()};
    tokens = *std::move(found);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return tokens;
}

void print_token(const MadeToken& made, const TokenCreateOptions& options, std::ostream& out,
                 std::ostream& err) {
  if (options.json) {
    out << json::object{{"id", made.id},
                        {"token", made.text},
                        {"label", options.label},
                        {"workstation", options.workstation},
                        {"uses_max", options.uses},
                        {"collector", made.collector},
                        {"expires_utc", timing::to_rfc3339(made.expires)}}
        << '\n';
    return;
  }
  out << made.text << '\n' << std::flush;
  err << "Token " << made.id << ", for "
      << (options.uses > 1 ? std::to_string(options.uses) + " workstations, each by its host name"
          : options.workstation.empty() ? std::string{"one workstation, by its host name"}
                                        : "workstation " + options.workstation + ", once")
      << ", until " << timing::to_rfc3339(made.expires) << ".\n"
      << "There: deskledger-agent enroll --collector " << made.collector << " --token THE-LINE-ABOVE\n";
}

}  // namespace

base::Result<MadeToken> make_token(Workspace& workspace, const TokenWish& wish) {
  if (auto good = check(wish); !good) return std::unexpected{good.error()};
  std::chrono::minutes ttl{workspace.config.token_minutes};
  if (!wish.ttl.empty()) {
    const auto parsed = parse_duration(wish.ttl);
    if (!parsed) return std::unexpected{parsed.error()};
    ttl = *parsed;
  }
  const auto pki = identity::read_pki(workspace.config.pki_directory);
  if (!pki) return std::unexpected{pki.error()};
  const auto token = crypto::EnrollToken::generate(pki->issuing.digest());
  if (!token) return std::unexpected{token.error()};
  const auto actor = this_actor(wish.reason);
  MadeToken made{.id = 0,
                 .text = token->text(),
                 .collector = collector_address(workspace, *pki),
                 .expires = actor.now + ttl};
  const auto done = workspace.database.transaction([&](store::Transaction& tx) -> base::Status {
    const auto id = actions::create_token(tx, actor,
                                          {.secret_hash = std::string{crypto::sha256(token->secret).bytes()},
                                           .workstation = wish.workstation,
                                           .label = wish.label,
                                           .uses_max = wish.uses,
                                           .replaces = wish.replaces,
                                           .created = actor.now,
                                           .expires = made.expires});
    if (!id) return std::unexpected{id.error()};
    made.id = *id;
    return {};
  });
  if (!done) return std::unexpected{done.error()};
  return made;
}

int run_token_create(const TokenCreateOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto made = make_token(*workspace, {.ttl = options.ttl,
                                            .uses = options.uses,
                                            .label = options.label,
                                            .workstation = options.workstation,
                                            .replaces = {},
                                            .reason = options.reason});
  if (!made) return report(err, made.error());
  print_token(*made, options, out, err);
  return 0;
}

int run_token_list(const TokenListOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto tokens = list(*workspace, options.limit);
  if (!tokens) return report(err, tokens.error());
  const auto now = timing::system_clock().utc();
  if (options.json) {
    json::array all;
    for (const auto& token : *tokens) all.push_back(to_json(token, now));
    out << json::serialize(json::object{{"tokens", std::move(all)}}) << '\n';
    return 0;
  }
  base::TextTable table{{{.heading = "ID", .align = base::TextTable::Align::right},
                         {.heading = "LABEL"},
                         {.heading = "WORKSTATION"},
                         {.heading = "USES", .align = base::TextTable::Align::right},
                         {.heading = "STATE"},
                         {.heading = "EXPIRES (UTC)"}}};
  for (const auto& token : *tokens) {
    table.add({std::to_string(token.id), token.label,
               token.workstation.empty() ? "(host name)" : token.workstation,
               std::to_string(token.uses) + "/" + std::to_string(token.uses_max), state_of(token, now),
               timing::to_rfc3339(token.expires).substr(0, 19)});
  }
  out << (table.empty() ? "No token was made. Make one: deskledger-collector token create\n" : table.text());
  return 0;
}

int run_token_revoke(const TokenRevokeOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto revoked = actions::revoke_token(tx, this_actor(options.reason), options.token);
    if (revoked || revoked.error().code != base::ErrorCode::not_found) return revoked;
    return base::fail(base::ErrorCode::not_found,
                      revoked.error().message + "; see: deskledger-collector token list");
  });
  if (!done) return report(err, done.error());
  if (options.json) {
    out << json::object{{"id", options.token}, {"state", "revoked"}} << '\n';
  } else {
    out << "Token " << options.token << " enrols nobody any more. Agents it enrolled stay as they are.\n";
  }
  return 0;
}

}  // namespace collector::commands
