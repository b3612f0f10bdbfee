#include "collector/store/charges.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

void read_charge(Query& query, ChargeRow& row) {
  query.into(row.id).into(row.subject).into(row.customer_id).into(row.contract_id).into(row.template_id);
  query.into(row.rating_version).into(row.seconds).into(row.minutes).into(row.amount).into(row.at);
  query.into(row.tie).into(row.session_id).into(row.voided).into(row.steps).into(row.created);
  query.into(row.may_exceed).into(row.rerating_id).into(row.inputs);
}

std::vector<ChargeRow> all_rows(Query& query) {
  ChargeRow row;
  read_charge(query, row);
  std::vector<ChargeRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

std::vector<ChargePart> parts_of(Transaction& transaction, std::int64_t charge_id) {
  Query query(transaction, sql::charge_part_list);
  ChargePart part;
  query.with("charge_id", charge_id).into(part.session_id).into(part.attribution_id).into(part.seconds);
  std::vector<ChargePart> parts;
  while (query.next()) parts.push_back(part);
  return parts;
}

void read_parts(Transaction& transaction, std::vector<ChargeRow>& charges) {
  for (auto& charge : charges) charge.parts = parts_of(transaction, charge.id);
}

// The only row `query` has, with its parts.
std::optional<ChargeRow> only_row(Transaction& transaction, Query& query) {
  auto rows = all_rows(query);
  if (rows.empty()) return std::nullopt;
  read_parts(transaction, rows);
  return std::move(rows.front());
}

}  // namespace

base::Result<std::int64_t> add_charge(Transaction& transaction, const ChargeRow& charge) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_insert);
    query.with_key("subject", charge.subject).with("customer_id", charge.customer_id);
    query.with("contract_id", charge.contract_id).with("template_id", charge.template_id);
    query.with("rating_version", charge.rating_version).with("seconds", charge.seconds);
    query.with("minutes", charge.minutes).with("amount", charge.amount).with("at_ms", charge.at);
    query.with("tie", charge.tie).with("session_id", charge.session_id).with("voided", charge.voided);
    query.with("steps", charge.steps).with("created_ms", charge.created);
    query.with("may_exceed", charge.may_exceed).with("rerating_id", charge.rerating_id);
    query.with("inputs", charge.inputs);
    std::int64_t id = 0;
    query.into(id).run();
    Query insert(transaction, sql::charge_part_insert);
    for (const auto& part : charge.parts) {
      insert.with("session_id", part.session_id).with("charge_id", id);
      insert.with("attribution_id", part.attribution_id).with("seconds", part.seconds).run();
    }
    return id;
  });
}

base::Result<std::optional<ChargeRow>> newest_charge(Transaction& transaction, const std::string& subject) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_find_newest);
    query.with("subject", subject);
    return only_row(transaction, query);
  });
}

base::Result<std::optional<ChargeRow>> find_charge(Transaction& transaction, std::int64_t charge_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_find);
    query.with("charge_id", charge_id);
    return only_row(transaction, query);
  });
}

base::Result<std::optional<ChargeRow>> charge_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_find_of_session);
    query.with("session_id", session_id);
    return only_row(transaction, query);
  });
}

base::Result<std::vector<ChargeRow>> charges_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_list_of_session);
    query.with("session_id", session_id);
    auto rows = all_rows(query);
    read_parts(transaction, rows);
    return rows;
  });
}

base::Result<std::optional<std::string>> charge_billed_with(Transaction& transaction,
                                                            std::int64_t charge_id) {
  return attempt(transaction, [&]() -> std::optional<std::string> {
    Query query(transaction, sql::charge_find_document);
    std::string document;
    query.with("charge_id", charge_id).into(document);
    if (!query.run()) return std::nullopt;
    return document;
  });
}

base::Result<std::set<std::string>> subjects_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_list_subjects);
    std::string subject;
    query.with("session_id", session_id).into(subject);
    std::set<std::string> subjects;
    while (query.next()) subjects.insert(subject);
    return subjects;
  });
}

base::Result<std::vector<ChargeRow>> charges_from(Transaction& transaction, std::int64_t customer_id,
                                                  timing::UtcMs from) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_list_from);
    query.with("customer_id", customer_id).with("from_ms", from);
    return all_rows(query);
  });
}

base::Result<std::vector<ChargeRow>> charges_to_rerate(Transaction& transaction, const ReratingRow& rerating,
                                                       std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_list_to_rerate);
    query.with("contract_id", rerating.contract_id).with("from_ms", rerating.from);
    query.with("to_ms", rerating.to).with("rerating_id", rerating.id).with("limit", limit);
    auto rows = all_rows(query);
    read_parts(transaction, rows);
    return rows;
  });
}

base::Result<std::vector<RuledCharge>> charges_between(Transaction& transaction, std::int64_t contract_id,
                                                       timing::UtcMs from, timing::UtcMs to) {
  return attempt(transaction, [&] {
    std::vector<RuledCharge> rows;
    {
      Query query(transaction, sql::charge_list_between);
      RuledCharge row;
      query.with("contract_id", contract_id).with("from_ms", from).with("to_ms", to);
      read_charge(query, row.charge);
      query.into(row.template_name).into(row.template_version).into(row.document);
      while (query.next()) rows.push_back(row);
    }
    for (auto& row : rows) row.charge.parts = parts_of(transaction, row.charge.id);
    return rows;
  });
}

}  // namespace collector::store
