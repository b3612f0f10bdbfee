#include "collector/store/overview.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {

base::Result<std::vector<OverviewRow>> session_overview(Transaction& transaction,
                                                        const SessionFilter& filter) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_overview);
    query.with("outcome", filter.outcome).with("remote_id", filter.remote_id);
    query.with("from_ms", filter.from).with("to_ms", filter.to).with("limit", filter.limit);
    OverviewRow row;
    auto& s = row.session;
    query.into(s.id).into_hex(s.agent_id).into(s.session_key).into(s.workstation).into(s.anydesk_id);
    query.into(s.remote_id).into(s.kind).into(s.outcome).into(s.requested).into(s.started).into(s.ended);
    query.into(s.last_seen)
        .into(s.end_reason)
        .into(s.clock_backwards)
        .into(s.revision)
        .into(s.last_record_id);
    query.into(row.attribution_id).into(row.disposition).into(row.reasons).into(row.text);
    query.into(row.technician_rule).into(row.no_charge);
    query.into(row.technician_number)
        .into(row.technician_name)
        .into(row.customer_code)
        .into(row.customer_name);
    query.into(row.terminal_description).into(row.contract_name);
    query.into(row.charge_id).into(row.seconds).into(row.minutes).into(row.entry_id).into(row.mail_state);
    std::vector<OverviewRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
