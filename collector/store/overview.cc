#include "collector/store/overview.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/session_columns.h"

namespace collector::store {

base::Result<std::optional<OverviewRow>> overview_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&]() -> std::optional<OverviewRow> {
    Query query(transaction, sql::session_overview);
    query.with("session_id", session_id);
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
    query.into(row.amount).into(row.currency).into(row.comment).into(row.charged_with);
    query.into(row.adjustment_reasons).into(row.steps_not_rated);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::vector<OverviewRow>> session_overview(Transaction& transaction,
                                                        const SessionFilter& filter) {
  const auto sessions = list_sessions(transaction, filter);
  if (!sessions) return std::unexpected{sessions.error()};
  std::vector<OverviewRow> rows;
  for (const auto& session : *sessions) {
    auto row = overview_of(transaction, session.id);
    if (!row) return std::unexpected{row.error()};
    if (*row) rows.push_back(std::move(**row));
  }
  return rows;
}

}  // namespace collector::store
