#include "collector/store/agents.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

void read_agent(Query& query, AgentRow& row) {
  query.into_hex(row.agent_id)
      .into(row.workstation)
      .into(row.token_id)
      .into_hex(row.record_key)
      .into(row.hostname);
  query.into(row.os).into(row.version).into(row.enrolled).into(row.revoked).into(row.last_seen);
}

}  // namespace

base::Result<std::int64_t> create_token(Transaction& transaction, const std::string& secret_hash,
                                        const std::string& workstation, timing::UtcMs created,
                                        timing::UtcMs expires) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::token_insert);
    query.with_hex("secret_hash", secret_hash).with("workstation", workstation);
    query.with("created_ms", created).with("expires_ms", expires);
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
    query.into(row.id).into(row.workstation).into(row.created).into(row.expires).into_hex(row.used_by);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Status enrol(Transaction& transaction, const AgentRow& agent) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_insert);
    query.with_hex("agent_id", agent.agent_id).with("workstation", agent.workstation);
    query.with("token_id", agent.token_id).with_hex("record_key", agent.record_key);
    query.with("hostname", agent.hostname).with("os", agent.os).with("version", agent.version);
    query.with("enrolled_ms", agent.enrolled).with("revoked_ms", agent.revoked);
    query.with("last_seen_ms", agent.last_seen).run();
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
    return query.with_hex("agent_id", agent_id).with("revoked_ms", when).change() > 0;
  });
}

base::Status touch_last_seen(Transaction& transaction, const std::string& agent_id, timing::UtcMs when) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_touch);
    query.with_hex("agent_id", agent_id).with("last_seen_ms", when).run();
  });
}

base::Status count_outcome(Transaction& transaction, const std::string& agent_id, const std::string& outcome,
                           const std::string& detail, timing::UtcMs when) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::counter_add);
    query.with_hex("agent_id", agent_id).with("outcome", outcome).with("last_ms", when);
    query.with("last_detail", detail).run();
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
