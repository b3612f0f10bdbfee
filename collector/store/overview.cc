#include "collector/store/overview.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/session_columns.h"

namespace collector::store {

base::Result<std::vector<OverviewRow>> session_overview(Transaction& transaction,
                                                        const SessionFilter& filter) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_overview);
    query.with("outcome", filter.outcome).with("remote_id", filter.remote_id);
    query.with("from_ms", filter.from).with("to_ms", filter.to).with("limit", filter.limit);
    OverviewRow row;
    read_session(query, row.session);
    query.into(row.attribution_id).into(row.disposition).into(row.reasons).into(row.text);
    query.into(row.technician_rule).into(row.no_charge);
    query.into(row.technician_id).into(row.customer_id).into(row.terminal_id);
    query.into(row.technician_number)
        .into(row.technician_name)
        .into(row.customer_code)
        .into(row.customer_name);
    query.into(row.terminal_description).into(row.contract_name);
    query.into(row.charge_id)
        .into(row.seconds)
        .into(row.minutes)
        .into(row.entry_id)
        .into(row.entry_kind)
        .into(row.mail_state);
    query.into(row.stated_start).into(row.stated_end).into(row.work_type).into(row.changed);
    query.into(row.document).into(row.series_id).into(row.withdrawn);
    query.into(row.adjustment_reasons);
    std::vector<OverviewRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
