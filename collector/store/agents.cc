#include "collector/store/agents.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "common/base/hex.h"

namespace collector::store {
namespace {

void read_agent(Query& query, AgentRow& row) {
  query.into_hex(row.agent_id)
      .into(row.workstation)
      .into(row.token_id)
      .into_hex(row.record_key)
      .into(row.hostname);
  query.into(row.os).into(row.version).into(row.enrolled).into(row.revoked).into(row.last_seen);
  query.into(row.quarantined).into(row.quarantine_reason).into_hex(row.trust_digest);
  query.into(row.certificate_until).into_hex(row.replaces);
  query.into(row.held_until).into_hex(row.held_authority);
}

void read_token(Query& query, TokenRow& row) {
  query.into(row.id).into(row.workstation).into(row.label).into(row.uses_max).into(row.uses);
  query.into_hex(row.replaces).into(row.created).into(row.expires).into(row.revoked);
}

void read_alarm(Query& query, AlarmRow& row) {
  query.into(row.id).into_hex(row.agent_id).into(row.kind).into(row.epoch);
  query.into(row.seq).into(row.detail).into_hex(row.evidence).into(row.raised);
}

std::optional<std::string> hex_or_null(const std::optional<std::string>& bytes) {
  return bytes ? std::optional{base::to_hex(*bytes)} : std::nullopt;
}

void bump_trust(Transaction& transaction) {
  Query{transaction, sql::trust_bump}.run();
}

}  // namespace

base::Result<std::int64_t> create_token(Transaction& transaction, const NewToken& token) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::token_insert);
    query.with_hex("secret_hash", token.secret_hash).with("workstation", token.workstation);
    query.with("label", token.label).with("uses_max", token.uses_max);
    query.with("replaces", hex_or_null(token.replaces));
    query.with("created_ms", token.created).with("expires_ms", token.expires);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Result<std::optional<TokenRow>> find_token(Transaction& transaction, const std::string& secret_hash) {
  return attempt(transaction, [&]() -> std::optional<TokenRow> {
    Query query(transaction, sql::token_find);
    TokenRow row;
    query.with_hex("secret_hash", secret_hash);
    read_token(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::optional<TokenRow>> find_token_numbered(Transaction& transaction, std::int64_t token_id) {
  return attempt(transaction, [&]() -> std::optional<TokenRow> {
    Query query(transaction, sql::token_find_numbered);
    TokenRow row;
    query.with("token_id", token_id);
    read_token(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::vector<TokenRow>> list_tokens(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::token_list);
    TokenRow row;
    query.with("limit", limit);
    read_token(query, row);
    std::vector<TokenRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<bool> use_token(Transaction& transaction, std::int64_t token_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::token_use);
    return query.with("token_id", token_id).change() > 0;
  });
}

base::Result<bool> revoke_token(Transaction& transaction, std::int64_t token_id, timing::UtcMs when) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::token_revoke);
    return query.with("token_id", token_id).with("revoked_ms", when).change() > 0;
  });
}

base::Status enrol(Transaction& transaction, const AgentRow& agent) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_insert);
    query.with_hex("agent_id", agent.agent_id).with("workstation", agent.workstation);
    query.with("token_id", agent.token_id).with_hex("record_key", agent.record_key);
    query.with("hostname", agent.hostname).with("os", agent.os).with("version", agent.version);
    query.with("enrolled_ms", agent.enrolled).with("revoked_ms", agent.revoked);
    query.with("last_seen_ms", agent.last_seen).with("certificate_until_ms", agent.certificate_until);
    query.with("replaces", hex_or_null(agent.replaces)).run();
  });
}

base::Result<std::optional<AgentRow>> find_agent(Transaction& transaction, const std::string& agent_id) {
  return attempt(transaction, [&]() -> std::optional<AgentRow> {
    Query query(transaction, sql::agent_find);
    AgentRow row;
    query.with_hex("agent_id", agent_id);
    read_agent(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::optional<AgentRow>> find_agent_of_token(Transaction& transaction, std::int64_t token_id,
                                                          const std::string& record_key) {
  return attempt(transaction, [&]() -> std::optional<AgentRow> {
    Query query(transaction, sql::agent_find_of_token);
    AgentRow row;
    query.with("token_id", token_id).with_hex("record_key", record_key);
    read_agent(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::optional<timing::UtcMs>> newest_time(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_newest_time);
    std::optional<timing::UtcMs> newest;
    query.into(newest).run();
    return newest;
  });
}

base::Result<bool> is_workstation_taken(Transaction& transaction, const std::string& workstation) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_workstation_taken);
    std::int64_t n = 0;
    query.with("workstation", workstation).into(n).run();
    return n > 0;
  });
}

base::Result<std::vector<AgentRow>> list_agents(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_list);
    AgentRow row;
    read_agent(query, row);
    std::vector<AgentRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<bool> revoke(Transaction& transaction, const std::string& agent_id, timing::UtcMs when) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_revoke);
    const bool known = query.with_hex("agent_id", agent_id).with("revoked_ms", when).change() > 0;
    if (known) bump_trust(transaction);
    return known;
  });
}

base::Result<bool> quarantine(Transaction& transaction, const std::string& agent_id,
                              const std::string& reason, timing::UtcMs when) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_quarantine);
    query.with_hex("agent_id", agent_id).with("quarantined_ms", when).with("reason", reason);
    const bool changed = query.change() > 0;
    if (changed) bump_trust(transaction);
    return changed;
  });
}

base::Result<bool> release(Transaction& transaction, const std::string& agent_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_release);
    const bool changed = query.with_hex("agent_id", agent_id).change() > 0;
    if (changed) bump_trust(transaction);
    return changed;
  });
}

base::Result<std::int64_t> trust_version(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::trust_version);
    std::int64_t version = 0;
    query.into(version).run();
    return version;
  });
}

base::Result<std::vector<std::string>> silenced_agents(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_list_silenced);
    std::string agent_id;
    query.into_hex(agent_id);
    std::vector<std::string> ids;
    while (query.next()) ids.push_back(agent_id);
    return ids;
  });
}

base::Status add_alarm(Transaction& transaction, const AlarmRow& alarm) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::alarm_insert);
    query.with_hex("agent_id", alarm.agent_id).with("kind", alarm.kind).with("epoch", alarm.epoch);
    query.with("seq", alarm.seq).with("detail", alarm.detail).with_hex("evidence", alarm.evidence);
    query.with("raised_ms", alarm.raised).run();
  });
}

base::Result<std::vector<AlarmRow>> list_alarms(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::alarm_list);
    AlarmRow row;
    query.with("limit", limit);
    read_alarm(query, row);
    std::vector<AlarmRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<AlarmRow>> list_alarms_of(Transaction& transaction, const std::string& agent_id,
                                                   std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::alarm_list_of_agent);
    AlarmRow row;
    query.with_hex("agent_id", agent_id).with("limit", limit);
    read_alarm(query, row);
    std::vector<AlarmRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<AgentStreamRow>> list_streams_of(Transaction& transaction,
                                                          const std::string& agent_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::stream_list_of_agent);
    AgentStreamRow row;
    query.with_hex("agent_id", agent_id);
    query.into(row.epoch).into(row.committed_seq).into_hex(row.head);
    std::vector<AgentStreamRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status note_hello(Transaction& transaction, const HelloRow& hello) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_note_hello);
    query.with_hex("agent_id", hello.agent_id).with("last_seen_ms", hello.seen);
    query.with("hostname", hello.hostname).with("os", hello.os).with("version", hello.version);
    query.with_hex("trust_digest", hello.trust_digest);
    query.with("held_until_ms", hello.held_until).with_hex("held_authority", hello.held_authority).run();
  });
}

base::Status note_certificate(Transaction& transaction, const std::string& agent_id,
                              timing::UtcMs not_after) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_note_certificate);
    query.with_hex("agent_id", agent_id).with("certificate_until_ms", not_after).run();
  });
}

base::Status touch_last_seen(Transaction& transaction, const std::string& agent_id, timing::UtcMs when) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_touch);
    query.with_hex("agent_id", agent_id).with("last_seen_ms", when).run();
  });
}

base::Status count_outcome(Transaction& transaction, const std::string& agent_id, const std::string& outcome,
                           const std::string& detail, timing::UtcMs when, std::int64_t n) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::counter_add);
    query.with_hex("agent_id", agent_id).with("outcome", outcome).with("last_ms", when);
    query.with("n", n).with("last_detail", detail).run();
  });
}

base::Result<std::vector<CounterRow>> list_counters(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::counter_list);
    CounterRow row;
    query.into_hex(row.agent_id).into(row.outcome).into(row.n).into(row.last).into(row.last_detail);
    std::vector<CounterRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
