#include "collector/commands/session_rows.h"

#include <algorithm>
#include <limits>

#include "collector/attribution/review_reason.h"
#include "collector/commands/capture_text.h"
#include "collector/commands/session_overlaps.h"
#include "collector/commands/session_state.h"
#include "collector/commands/stored_json.h"
#include "collector/commands/zones.h"
#include "collector/rating/money.h"
#include "collector/store/directory.h"
#include "collector/store/session_page.h"

namespace collector::commands {

namespace {

// How many places are looked up at once in the list of all.
constexpr std::int64_t kPlacesAtOnce = 500;

bool wanted(const store::OverviewRow& row, const RowFilter& filter) {
  const auto state = state_of(row);
  // Who looks for what is under review looks for all that waits for a person.
  const bool adjusted = filter.state == "review" && row.adjustment_reasons;
  if (filter.state && state != *filter.state && !adjusted) return false;
  if (filter.waits && waits_for(row).empty()) return false;
  if (!filter.state && !filter.all && (state == "attempt" || state == "withdrawn")) return false;
  if (filter.customer && row.customer_code != filter.customer) return false;
  if (filter.technician && row.technician_number != filter.technician) return false;
  if (filter.contract && row.contract_name != filter.contract) return false;
  if (filter.billed && row.document.has_value() != *filter.billed) return false;
  const auto when = moment_of(row);
  if (filter.from && (!when || *when < *filter.from)) return false;
  return !filter.to || (when && *when < *filter.to);
}

// Which index finds the sessions that are wanted, and a few more.
class Search {
 public:
  Search(store::Transaction& tx, const RowFilter& filter) : tx_{tx}, filter_{filter} {}

  // None if nothing can be found: nobody has that code, number or name.
  base::Result<std::vector<store::PageFilter>> pages() {
    store::PageFilter page{.from = filter_.from.value_or(store::PageFilter{}.from)};
    const auto& state = filter_.state;
    if (filter_.waits)
      return each_of(page, {store::Among::unsettled, store::Among::held, store::Among::adjusted});
    if (state == "review") return each_of(page, {store::Among::unsettled, store::Among::adjusted});
    if (state == "pending_comment" || state == "new") {
      page.among = store::Among::unsettled;
    } else if (state == "held") {
      page.among = store::Among::held;
    } else if (state == "withdrawn") {
      page.among = store::Among::withdrawn;
    }
    if (page.among != store::Among::all) return std::vector{page};
    if (state == "active") page.outcome = "active";
    if (state == "attempt") page.outcome = "failed";
    page.billed = filter_.billed;
    if (!filter_.customer && !filter_.contract && !filter_.technician) return std::vector{page};
    const auto directory = store::load_directory(tx_, start_of_day_in_zone);
    if (!directory) return std::unexpected{directory.error()};
    return named(*directory, page);
  }

 private:
  static std::vector<store::PageFilter> each_of(store::PageFilter page,
                                                std::initializer_list<store::Among> places) {
    std::vector<store::PageFilter> pages;
    for (const auto among : places) {
      page.among = among;
      pages.push_back(page);
    }
    return pages;
  }

  std::vector<store::PageFilter> named(const directory::Directory& directory, store::PageFilter page) {
    if (filter_.technician) {
      const auto at =
          std::ranges::find(directory.technicians, *filter_.technician, &directory::Technician::number);
      if (at == directory.technicians.end()) return {};
      page.technician_id = at->id;
    }
    if (!filter_.customer && !filter_.contract) return {page};
    page.among = store::Among::customer;
    std::vector<store::PageFilter> pages;
    for (const auto& customer : directory.customers) {
      if (filter_.customer && customer.code != *filter_.customer) continue;
      page.customer_id = customer.id;
      if (!filter_.contract) pages.push_back(page);
      for (const auto& contract : directory.contracts) {
        if (!filter_.contract || contract.customer_id != customer.id || contract.name != *filter_.contract)
          continue;
        page.contract_id = contract.id;
        pages.push_back(page);
      }
    }
    return pages;
  }

  store::Transaction& tx_;
  const RowFilter& filter_;
};

// The places of all that several searches find, in the order of the list.
base::Result<std::vector<store::Place>> all_places(store::Transaction& tx,
                                                   const std::vector<store::PageFilter>& pages,
                                                   const store::Place& begin) {
  std::vector<store::Place> all;
  for (const auto& page : pages) {
    const auto places = store::session_page(tx, page, begin, std::numeric_limits<std::int64_t>::max());
    if (!places) return std::unexpected{places.error()};
    all.insert(all.end(), places->begin(), places->end());
  }
  std::ranges::sort(all, std::greater{});
  const auto again = std::ranges::unique(all);
  all.erase(again.begin(), again.end());
  return all;
}

// False if a visit ended it.
base::Result<bool> visit_all(store::Transaction& tx, const std::vector<store::Place>& places,
                             const RowFilter& filter, const Visit& visit) {
  for (const auto& place : places) {
    auto row = store::overview_of(tx, place.session_id);
    if (!row) return std::unexpected{row.error()};
    if (!*row || !wanted(**row, filter)) continue;
    const auto on = visit(std::move(**row));
    if (!on || !*on) return on;
  }
  return true;
}

}  // namespace

base::Status each_row(store::Transaction& tx, const RowFilter& filter, const Visit& visit) {
  const auto pages = Search{tx, filter}.pages();
  if (!pages) return std::unexpected{pages.error()};
  store::Place place;
  if (filter.to) place = {.moment = *filter.to, .session_id = std::numeric_limits<std::int64_t>::min()};
  const bool in_parts = pages->size() == 1 && pages->front().among == store::Among::all;
  while (!pages->empty()) {
    const auto places = in_parts ? store::session_page(tx, pages->front(), place, kPlacesAtOnce)
                                 : all_places(tx, *pages, place);
    if (!places) return std::unexpected{places.error()};
    const auto on = visit_all(tx, *places, filter, visit);
    if (!on) return std::unexpected{on.error()};
    if (!*on || !in_parts || std::ssize(*places) < kPlacesAtOnce) break;
    place = places->back();
  }
  return {};
}

base::Result<ListedPage> load_page(store::Transaction& tx, const RowFilter& filter, std::int64_t limit) {
  ListedPage page;
  SessionOverlaps overlaps{tx};
  const auto done = each_row(tx, filter, [&](store::OverviewRow&& row) -> base::Result<bool> {
    if (std::ssize(page.rows) == limit) return ++page.more < kMoreMax;
    const auto overlapping = overlaps.overlaps(row);
    if (!overlapping) return std::unexpected{overlapping.error()};
    page.rows.push_back({.row = std::move(row), .overlaps = *overlapping});
    return true;
  });
  if (!done) return std::unexpected{done.error()};
  return page;
}

std::string more_text(std::int64_t more, std::int64_t limit) {
  if (more == 0) return "";
  const auto at_least = more == kMoreMax ? "at least " : "";
  return at_least + std::to_string(more) + " more; see them with --limit " + std::to_string(limit + more) +
         '\n';
}

base::Result<store::OverviewRow> row_of(store::Transaction& tx, std::int64_t session_id) {
  auto row = store::overview_of(tx, session_id);
  if (!row) return std::unexpected{row.error()};
  if (*row) return std::move(**row);
  return base::fail(base::ErrorCode::not_found, "there is no session " + std::to_string(session_id) +
                                                    "; see: deskledger-collector sessions list");
}

std::optional<timing::UtcMs> started_of(const store::OverviewRow& row) {
  return row.stated_start ? row.stated_start : row.session.started;
}

std::optional<timing::UtcMs> ended_of(const store::OverviewRow& row) {
  return row.stated_end ? row.stated_end : row.session.ended;
}

std::optional<timing::UtcMs> moment_of(const store::OverviewRow& row) {
  for (const auto& time :
       {started_of(row), row.session.requested, row.session.ended, row.session.last_seen}) {
    if (time) return time;
  }
  return std::nullopt;
}

std::optional<std::int64_t> seconds_of(const store::OverviewRow& row) {
  const auto start = started_of(row), end = ended_of(row);
  if (!start || !end || *end < *start) return std::nullopt;
  return (*end - *start).count() / 1000;
}

bool is_manual(const store::OverviewRow& row) {
  return row.session.agent_id.empty();
}

std::string place_of(const store::OverviewRow& row) {
  if (row.terminal_description) return *row.terminal_description;
  if (!is_manual(row)) return remote_text(row.session);
  return row.session.kind == "on_site" ? "on site" : row.session.kind;
}

std::vector<std::string> review_codes_of(const store::OverviewRow& row) {
  const auto code = [](attribution::ReviewReason reason) {
    return std::string{attribution::to_string(reason)};
  };
  if (row.adjustment_reasons) {
    std::vector<std::string> codes{code(attribution::ReviewReason::comment_after_billing)};
    for (const auto reason : attribution::review_reasons_from(*row.adjustment_reasons))
      codes.push_back(code(reason));
    return codes;
  }
  if (state_of(row) == "held") {
    return {code(row.steps_not_rated ? attribution::ReviewReason::cannot_be_rated
                                     : attribution::ReviewReason::nothing_left)};
  }
  return row.reasons ? stored_strings(*row.reasons) : std::vector<std::string>{};
}

std::vector<std::string> waits_for(const store::OverviewRow& row) {
  const bool waits = row.adjustment_reasons || waits_for_a_person(state_of(row));
  return waits ? review_codes_of(row) : std::vector<std::string>{};
}

std::vector<std::string> notes_of(const store::OverviewRow& row, bool overlaps) {
  std::vector<std::string> notes;
  if (row.changed) notes.emplace_back("changed");
  if (row.document) notes.push_back("billed with " + *row.document);
  if (row.adjustment_reasons) notes.emplace_back("comment changed after billing");
  if (row.series_id) notes.push_back("series " + std::to_string(*row.series_id));
  if (overlaps) notes.emplace_back("overlaps another session of the technician");
  if (row.stated_start || row.stated_end) notes.emplace_back("its times were stated by a person");
  for (auto& note : capture_notes(row.session)) notes.push_back(std::move(note));
  return notes;
}

std::string clock_text(const std::optional<std::int64_t>& seconds) {
  if (!seconds) return "";
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(*seconds / 3600) + ":" + two(*seconds / 60 % 60) + ":" + two(*seconds % 60);
}

std::string charge_text(const store::OverviewRow& row) {
  if (!row.minutes) return "not charged yet";
  if (row.charged_with) return "0 min, charged with session " + std::to_string(*row.charged_with);
  const auto currency = row.currency.value_or("");
  const auto money =
      row.amount.value_or(0) == 0 ? "" : ", " + rating::money_text(*row.amount, currency) + " " + currency;
  return std::to_string(*row.minutes) + " min" + money;
}

}  // namespace collector::commands
