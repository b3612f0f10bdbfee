#include "collector/pipeline/told.h"

#include <algorithm>
#include <set>

#include "collector/ledger/entry.h"
#include "collector/ledger/lot.h"
#include "collector/pipeline/mail_why.h"
#include "collector/rating/money.h"
#include "collector/store/ledger_rows.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

// The terminal's description, else the remote ID; "phone" or "on site" for what a person entered.
std::string place_of(const directory::Terminal* terminal, const store::SessionRow& session) {
  if (terminal != nullptr && !terminal->description.empty()) return terminal->description;
  if (!session.agent_id.empty()) return session.remote_id;
  return session.kind == "on_site" ? "on site" : session.kind;
}

mail::SessionLine line_of(const Told& told, const directory::Directory& directory) {
  const auto* terminal = row_of(directory.terminals, told.attribution.terminal_id);
  const auto* technician = row_of(directory.technicians, told.attribution.technician_id);
  const auto& stated = told.attribution;
  return {.started = start_of(told),
          .ended = stated.stated_end.value_or(told.session.ended.value_or(timing::UtcMs{})),
          .seconds = told.charge.seconds,
          .charged_min = told.charge.minutes,
          .no_charge = told.attribution.no_charge,
          .terminal = place_of(terminal, told.session),
          .technician = technician == nullptr ? "" : technician->name,
          .text = told.attribution.text};
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

// Whether a threshold of its notices is passed, and nothing raised what is left since.
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
  const auto low = prepaid ? is_low(tx, contract) : base::Result<bool>{false};
  if (!low) return std::unexpected{low.error()};
  block.low = *low;
  if (!prepaid || *balance > 0) return block;
  const auto news = is_news(tx, contract, *balance, kind);
  if (!news) return std::unexpected{news.error()};
  block.exhausted = *news;
  return block;
}

}  // namespace

base::Result<std::optional<Told>> load_told(store::Transaction& tx, const store::MailItemRow& item) {
  const auto open = store::is_open(tx, item.entry_id);
  if (!open) return std::unexpected{open.error()};
  if (!*open) return std::nullopt;
  const auto entry = store::find_entry(tx, item.entry_id);
  if (!entry) return std::unexpected{entry.error()};
  const auto session = store::find_session(tx, item.session_id);
  if (!session) return std::unexpected{session.error()};
  const auto attribution = store::latest_attribution(tx, item.session_id);
  if (!attribution) return std::unexpected{attribution.error()};
  const auto charge = store::find_charge(tx, *entry && (*entry)->charge_id ? *(*entry)->charge_id : 0);
  if (!charge) return std::unexpected{charge.error()};
  if (!*session || !*attribution || !*charge) {
    return fail(ErrorCode::internal,
                "mail item " + std::to_string(item.id) + " tells of a session that is not whole");
  }
  return Told{.item = item,
              .session = std::move(**session),
              .attribution = std::move(**attribution),
              .charge = std::move(**charge),
              .entry = std::move(**entry)};
}

bool is_told(const directory::Contract* contract, std::string_view kind,
             std::optional<std::int64_t> partner_id) {
  if (contract == nullptr) return false;
  if (kind != "partner_copy") return contract->mail_customer;
  return contract->partner && contract->partner->told && contract->partner->id == partner_id;
}

timing::UtcMs start_of(const Told& told) {
  return told.attribution.stated_start.value_or(told.session.started.value_or(timing::UtcMs{}));
}

std::vector<mail::SessionLine> lines_of(const std::vector<Told>& all, const directory::Directory& directory,
                                        bool explain) {
  std::vector<mail::SessionLine> lines;
  for (const auto& told : all) {
    lines.push_back(line_of(told, directory));
    if (explain) lines.back().steps = charge_steps(told.charge.steps);
  }
  std::ranges::sort(lines, {},
                    [](const mail::SessionLine& line) { return std::pair{line.started, line.ended}; });
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

mail::NoticeLine line_of(const store::NoticeRow& row, const directory::Contract& contract) {
  const auto& notice = row.notice;
  const bool of_money = notice.unit != ledger::kMinutes;
  const auto money = [&](std::int64_t amount) {
    return of_money ? rating::money_text(amount, notice.unit) + " " + notice.unit : std::string{};
  };
  mail::NoticeLine line;
  line.contract = contract.name;
  line.balance_min = of_money ? 0 : notice.left;
  line.balance_money = money(notice.left);
  switch (notice.kind) {
    case ledger::NoticeKind::used: line.used_percent = notice.threshold; break;
    case ledger::NoticeKind::left:
      if (!of_money) line.left_min = notice.threshold;
      line.left_money = money(notice.threshold);
      break;
    case ledger::NoticeKind::exhausted: line.kind = mail::NoticeKind::exhausted; break;
    case ledger::NoticeKind::contract_ends:
      line.kind = mail::NoticeKind::expiry;
      line.day = contract.end_day;
      break;
    case ledger::NoticeKind::lot_ends:
      line.kind = mail::NoticeKind::expiry;
      line.part = true;
      if (const auto lot = ledger::lot_from(notice.occasion)) line.day = lot->last_day;
      break;
  }
  return line;
}

}  // namespace collector::pipeline
