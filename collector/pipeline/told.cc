#include "collector/pipeline/told.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "collector/ledger/entry.h"
#include "collector/pipeline/mail_why.h"
#include "collector/pipeline/statement.h"
#include "collector/rating/money.h"
#include "collector/store/decisions.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/notices.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

mail::Work work_of(const store::SessionRow& session) {
  if (!session.agent_id.empty()) return mail::Work::remote;
  if (session.kind == "on_site") return mail::Work::on_site;
  return session.kind == "phone" ? mail::Work::phone : mail::Work::remote;
}

// The terminal's description, else the remote ID.
std::string place_of(const directory::Terminal* terminal, const store::SessionRow& session) {
  if (terminal != nullptr && !terminal->description.empty()) return terminal->description;
  return session.agent_id.empty() ? "" : session.remote_id;
}

timing::UtcMs start_of(const ToldSession& told) {
  return told.attribution.stated_start.value_or(told.session.started.value_or(timing::UtcMs{}));
}

// Without what it costs.
mail::SessionLine line_of(const ToldSession& told, const directory::Directory& directory) {
  const auto* terminal = row_of(directory.terminals, told.attribution.terminal_id);
  const auto* technician = row_of(directory.technicians, told.attribution.technician_id);
  mail::SessionLine line;
  line.started = start_of(told);
  line.ended = told.attribution.stated_end.value_or(told.session.ended.value_or(timing::UtcMs{}));
  line.seconds = told.seconds;
  line.no_charge = told.attribution.no_charge;
  line.terminal = place_of(terminal, told.session);
  line.technician = technician == nullptr ? "" : technician->name;
  line.text = told.attribution.text;
  line.work = work_of(told.session);
  return line;
}

base::Result<std::vector<ToldSession>> sessions_of(store::Transaction& tx, const store::ChargeRow& charge) {
  std::vector<ToldSession> sessions;
  for (const auto& part : charge.parts) {
    auto session = store::find_session(tx, part.session_id);
    if (!session) return std::unexpected{session.error()};
    auto attribution = store::latest_attribution(tx, part.session_id);
    if (!attribution) return std::unexpected{attribution.error()};
    if (!*session || !*attribution)
      return fail(ErrorCode::internal,
                  "charge " + std::to_string(charge.id) + " is of a session that is not whole");
    sessions.push_back(
        {.session = std::move(**session), .attribution = std::move(**attribution), .seconds = part.seconds});
  }
  std::ranges::sort(sessions, {},
                    [](const ToldSession& one) { return std::pair{start_of(one), one.session.id}; });
  return sessions;
}

// Whether a person still has to decide, or a comment may come. What a person took back is decided.
base::Result<bool> is_undecided(store::Transaction& tx, const store::AttributionRow& now) {
  if (now.disposition == "ready") return false;
  const auto decisions = store::decisions_of(tx, now.session_id);
  if (!decisions) return std::unexpected{decisions.error()};
  return std::ranges::none_of(*decisions, &store::DecisionRow::withdrawn);
}

// Whether nothing of the session is charged to the customer any more, and nobody is asked about it.
base::Result<bool> is_gone(store::Transaction& tx, const store::AttributionRow& now,
                           std::int64_t customer_id) {
  const auto undecided = is_undecided(tx, now);
  if (!undecided) return std::unexpected{undecided.error()};
  if (*undecided) return false;
  const auto charge = store::charge_of(tx, now.session_id);
  if (!charge) return std::unexpected{charge.error()};
  if (!*charge) return true;
  const auto entries = store::open_entries_of_session(tx, (*charge)->session_id);
  if (!entries) return std::unexpected{entries.error()};
  return std::ranges::none_of(*entries,
                              [&](const store::EntryRow& entry) { return entry.customer_id == customer_id; });
}

// Of what was taken back what is gone for good, by the words it was charged under: what another customer, or
// nobody, is told of it now is not this one's.
base::Status keep_what_is_gone(store::Transaction& tx, Told& told) {
  std::vector<ToldSession> gone;
  for (auto& one : told.sessions) {
    const auto is_so = is_gone(tx, one.attribution, told.item.customer_id);
    if (!is_so) return std::unexpected{is_so.error()};
    if (!*is_so) continue;
    const auto all = store::attributions_of(tx, one.session.id);
    if (!all) return std::unexpected{all.error()};
    const auto part = std::ranges::find(told.charge.parts, one.session.id, &store::ChargePart::session_id);
    const auto known = std::ranges::find(*all, part->attribution_id, &store::AttributionRow::id);
    if (known != all->end()) one.attribution = *known;
    one.seconds = 0;
    gone.push_back(std::move(one));
  }
  told.sessions = std::move(gone);
  return {};
}

// In place of an entry that was reversed: those that speak for the same charge now, on whatever contracts,
// where none of them waits or was told, and they say something else than the reader knows. They were not
// queued because a mail had told the same, which a person gave up since.
base::Result<std::vector<store::EntryRow>> successors_of(store::Transaction& tx,
                                                         const store::EntryRow& reversed,
                                                         const store::MailItemRow& item) {
  using Entries = std::vector<store::EntryRow>;
  const auto open = store::open_entries_of_session(tx, item.session_id);
  if (!open) return std::unexpected{open.error()};
  const auto items = store::items_of_session(tx, item.session_id, item.kind);
  if (!items) return std::unexpected{items.error()};
  Statement statement;
  Entries successors;
  for (const auto& one : *open) {
    if (one.subject != reversed.subject || one.kind == ledger::to_string(ledger::Kind::hold)) continue;
    if (std::ranges::find(*items, one.id, &store::MailItemRow::entry_id) != items->end()) return Entries{};
    auto entry = store::find_entry(tx, one.id);
    if (!entry) return std::unexpected{entry.error()};
    add(statement.figures, **entry);
    successors.push_back(std::move(**entry));
  }
  if (successors.empty()) return successors;
  auto sessions = pipeline::sessions_of(tx, successors.front());
  if (!sessions) return std::unexpected{sessions.error()};
  statement.sessions = *std::move(sessions);
  const store::MailReader reader{
      .customer_id = item.customer_id, .kind = item.kind, .partner_id = item.partner_id};
  const auto known = was_told(tx, reader, statement);
  if (!known) return std::unexpected{known.error()};
  return *known ? Entries{} : std::move(successors);
}

// What the entry says of the sessions it charges, or does not charge any more; nothing if there are none of
// these.
base::Result<std::optional<Told>> told_by(store::Transaction& tx, const store::MailItemRow& item,
                                          store::EntryRow entry) {
  auto charge = store::find_charge(tx, entry.charge_id.value_or(0));
  if (!charge) return std::unexpected{charge.error()};
  if (!*charge || (*charge)->parts.empty())
    return fail(ErrorCode::internal, "mail item " + std::to_string(item.id) + " tells of no session");
  auto sessions = sessions_of(tx, **charge);
  if (!sessions) return std::unexpected{sessions.error()};
  Told told{.item = item,
            .entry = std::move(entry),
            .charge = std::move(**charge),
            .sessions = *std::move(sessions)};
  if (!told.is_taken_back()) return told;
  if (auto done = keep_what_is_gone(tx, told); !done) return std::unexpected{done.error()};
  if (told.sessions.empty()) return std::nullopt;
  return told;
}

// What is charged as one, for one reader: the entries of it that concern him, on however many contracts.
using Unit = std::vector<const Told*>;

Statement statement_of(const Unit& unit) {
  Statement statement;
  for (const auto& one : unit.front()->sessions) statement.sessions.insert(one.session.id);
  std::set<std::int64_t> entries;
  for (const auto* told : unit) {
    if (entries.insert(told->entry.id).second) add(statement.figures, told->entry);
  }
  return statement;
}

// Those of one unit; a session that stands in an earlier mail with other figures, or with other sessions, is
// a correction.
base::Result<std::vector<mail::SessionLine>> lines_of(store::Transaction& tx, const Unit& unit,
                                                      const directory::Directory& directory, bool explain) {
  const auto& first = *unit.front();
  const auto statement = statement_of(unit);
  const auto& item = first.item;
  std::vector<mail::SessionLine> lines;
  for (const auto& one : first.sessions) {
    lines.push_back(line_of(one, directory));
    const auto before = last_statement(
        tx, {.customer_id = item.customer_id, .kind = item.kind, .partner_id = item.partner_id},
        one.session.id);
    if (!before) return std::unexpected{before.error()};
    lines.back().corrected = *before && **before != statement;
  }
  auto charged = std::ranges::find(lines, false, &mail::SessionLine::no_charge);
  if (charged == lines.end()) charged = lines.begin();
  if (!statement.figures.is_nothing()) charged->no_charge = false;
  charged->charged_min = statement.figures.minutes;
  for (const auto& [currency, amount] : statement.figures.money)
    charged->charged_money.push_back({.amount = amount, .currency = currency});
  if (explain && !first.is_taken_back()) charged->steps = charge_steps(first.charge.steps);
  for (auto& line : lines) line.together = &line != &*charged && !line.no_charge;
  return lines;
}

// The minutes or money that people look at, out of what the accounts hold.
base::Result<std::int64_t> balance_of(store::Transaction& tx, const directory::Contract& contract,
                                      std::string_view unit) {
  const auto accounts = store::accounts_of(tx, contract.id);
  if (!accounts) return std::unexpected{accounts.error()};
  ledger::Entry all;
  for (const auto& account : *accounts) {
    auto line = store::line_of(account);
    if (!line) return std::unexpected{line.error()};
    all.lines.push_back(std::move(*line));
  }
  return ledger::figure(contract.model, all, unit);
}

// Whether the customer does not know yet that nothing is left: something was at his last mail, or was granted
// since. A correction in between is no second exhaustion.
base::Result<bool> is_news(store::Transaction& tx, const directory::Contract& contract, std::int64_t balance,
                           const std::string& kind) {
  const auto told = store::last_told(tx, contract.id, kind);
  if (!told) return std::unexpected{told.error()};
  if (!*told) return true;
  const auto since = store::entries_behind(tx, contract.id, (*told)->entry_id);
  if (!since) return std::unexpected{since.error()};
  const bool of_money = contract.model == directory::Model::prepaid_money;
  std::int64_t known = balance;
  for (const auto& entry : *since) {
    if (entry.created >= (*told)->when && entry.kind != "grant")
      known -= of_money ? entry.amount : entry.minutes;
  }
  return known > 0;
}

// Whether a threshold of its notices is passed, and nothing raised what is left since. To be asked while
// something is left.
base::Result<bool> is_low(store::Transaction& tx, const directory::Contract& contract) {
  const auto notices = store::notices_of_contract(tx, contract.id);
  if (!notices) return std::unexpected{notices.error()};
  return std::ranges::any_of(*notices, [](const store::NoticeRow& row) {
    const auto kind = row.notice.kind;
    return !row.over && (kind == ledger::NoticeKind::used || kind == ledger::NoticeKind::left);
  });
}

// The contract's balance after these sessions; `exhausted` in the first mail after it was used up.
base::Result<mail::ContractBlock> block_of(store::Transaction& tx, const directory::Contract& contract,
                                           const std::string& kind) {
  const bool of_money = contract.model == directory::Model::prepaid_money;
  const std::string& currency = contract.terms.currency;
  const auto balance = balance_of(tx, contract, of_money ? std::string_view{currency} : ledger::kMinutes);
  if (!balance) return std::unexpected{balance.error()};
  const bool prepaid = of_money || contract.model == directory::Model::prepaid;
  mail::ContractBlock block{
      .name = contract.name, .prepaid = prepaid, .balance_min = of_money ? 0 : *balance, .exhausted = false};
  if (of_money) block.money_left = rating::money_text(*balance, currency) + " " + currency;
  const auto low = prepaid && *balance > 0 ? is_low(tx, contract) : base::Result<bool>{false};
  if (!low) return std::unexpected{low.error()};
  block.low = *low;
  if (!prepaid || *balance > 0) return block;
  const auto news = is_news(tx, contract, *balance, kind);
  if (!news) return std::unexpected{news.error()};
  block.exhausted = *news;
  return block;
}

}  // namespace

base::Result<std::vector<Told>> load_told(store::Transaction& tx, const store::MailItemRow& item) {
  auto entry = store::find_entry(tx, item.entry_id);
  if (!entry) return std::unexpected{entry.error()};
  if (!*entry) return fail(ErrorCode::internal, "mail item " + std::to_string(item.id) + " has no entry");
  const auto open = store::is_open(tx, item.entry_id);
  if (!open) return std::unexpected{open.error()};
  std::vector<store::EntryRow> speaking;
  if (*open || (*entry)->reverses_entry_id) {
    speaking.push_back(std::move(**entry));
  } else {
    auto successors = successors_of(tx, **entry, item);
    if (!successors) return std::unexpected{successors.error()};
    speaking = *std::move(successors);
  }
  std::vector<Told> all;
  for (auto& one : speaking) {
    auto told = told_by(tx, item, std::move(one));
    if (!told) return std::unexpected{told.error()};
    if (*told) all.push_back(std::move(**told));
  }
  return all;
}

bool is_told(const directory::Contract* contract, std::string_view kind,
             std::optional<std::int64_t> partner_id) {
  if (contract == nullptr) return false;
  if (kind != "partner_copy") return contract->mail_customer;
  return contract->partner && contract->partner->told && contract->partner->id == partner_id;
}

timing::UtcMs start_of(const Told& told) {
  return start_of(told.sessions.front());
}

base::Result<std::vector<mail::SessionLine>> lines_of(store::Transaction& tx, const std::vector<Told>& all,
                                                      const directory::Directory& directory, bool explain) {
  std::map<std::pair<std::string, bool>, Unit> by_subject;
  for (const auto& told : all) by_subject[{told.entry.subject, told.is_taken_back()}].push_back(&told);
  std::vector<Unit> units;
  for (auto& [subject, unit] : by_subject) units.push_back(std::move(unit));
  std::ranges::sort(units, {}, [](const Unit& unit) {
    return std::pair{start_of(*unit.front()), unit.front()->charge.session_id};
  });
  std::vector<mail::SessionLine> lines;
  for (const auto& unit : units) {
    auto some = lines_of(tx, unit, directory, explain);
    if (!some) return std::unexpected{some.error()};
    std::ranges::move(*some, std::back_inserter(lines));
  }
  return lines;
}

base::Result<std::vector<mail::ContractBlock>> blocks_of(store::Transaction& tx, const std::vector<Told>& all,
                                                         const directory::Directory& directory,
                                                         const std::string& kind) {
  std::set<std::int64_t> contracts;
  for (const auto& told : all) contracts.insert(told.entry.contract_id);
  std::vector<mail::ContractBlock> blocks;
  for (const auto contract_id : contracts) {
    const auto* contract = row_of(directory.contracts, contract_id);
    if (contract == nullptr)
      return fail(ErrorCode::internal, "an entry of contract " + std::to_string(contract_id));
    auto block = block_of(tx, *contract, kind);
    if (!block) return std::unexpected{block.error()};
    blocks.push_back(std::move(*block));
  }
  return blocks;
}

}  // namespace collector::pipeline
