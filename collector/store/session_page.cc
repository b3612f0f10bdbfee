#include "collector/store/session_page.h"

#include <algorithm>
#include <functional>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {

namespace {

std::string_view statement_for(Among among) {
  switch (among) {
    case Among::all: return sql::session_page_by_moment;
    case Among::customer: return sql::session_page_of_customer;
    case Among::unsettled: return sql::session_page_unsettled;
    case Among::held: return sql::session_page_held;
    case Among::adjusted: return sql::session_page_adjusted;
    case Among::withdrawn: return sql::session_page_withdrawn;
  }
  return sql::session_page_by_moment;
}

// Adds the places that the statement finds.
void add_places(Query& query, const PageFilter& filter, const Place& behind, std::int64_t limit,
                std::vector<Place>& places) {
  Place place;
  query.with("from_ms", filter.from).with("place_ms", behind.moment).with("place_id", behind.session_id);
  query.with("limit", limit).into(place.session_id).into(place.moment);
  while (query.next()) places.push_back(place);
}

std::vector<ServedRow> all_served(Query& query) {
  ServedRow row;
  query.into(row.session_id).into(row.technician_id).into(row.begin).into(row.end);
  std::vector<ServedRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Result<std::vector<Place>> session_page(Transaction& transaction, const PageFilter& filter,
                                              const Place& behind, std::int64_t limit) {
  return attempt(transaction, [&] {
    std::vector<Place> places;
    Query query(transaction, statement_for(filter.among));
    if (filter.among == Among::customer) {
      query.with("customer_id", filter.customer_id).with("contract_id", filter.contract_id);
    }
    if (filter.among != Among::all) {
      add_places(query, filter, behind, limit, places);
      return places;
    }
    query.with("outcome", filter.outcome).with("technician_id", filter.technician_id);
    query.with("billed", filter.billed ? std::optional<std::int64_t>{*filter.billed ? 1 : 0} : std::nullopt);
    add_places(query, filter, behind, limit, places);
    // Two lists, each in order: what is behind the page in one of them is behind it in both.
    Query stated(transaction, sql::session_page_stated);
    add_places(stated, filter, behind, limit, places);
    std::ranges::sort(places, std::greater{});
    if (std::ssize(places) > limit) places.resize(static_cast<std::size_t>(limit));
    return places;
  });
}

base::Result<std::vector<ServedRow>> served_between(Transaction& transaction, timing::UtcMs from,
                                                    timing::UtcMs to) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_interval_list);
    query.with("from_ms", from).with("to_ms", to);
    return all_served(query);
  });
}

base::Result<std::vector<ServedRow>> served_oddly(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_interval_list_odd);
    return all_served(query);
  });
}

}  // namespace collector::store
