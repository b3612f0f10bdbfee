#include "tests/collector/ledger/story.h"

#include <algorithm>
#include <map>
#include <regex>
#include <stdexcept>

#include "collector/ledger/notice.h"
#include "collector/rating/money.h"
#include "common/timing/zone.h"
#include "tests/support/story/case_lines.h"

namespace collector::ledger {

namespace {

using directory::Contract;
using directory::Model;

template <class T>
T must(const base::Result<T>& result) {
  if (!result) throw std::runtime_error{result.error().message};
  return *result;
}

void need(const base::Status& status) {
  if (!status) throw std::runtime_error{status.error().message};
}

// The numbers of a phrase that has one or two.
std::vector<std::int64_t> numbers(const std::smatch& m) {
  std::vector<std::int64_t> all{std::stoll(m[1])};
  if (m[2].matched) all.push_back(std::stoll(m[2]));
  return all;
}

std::int64_t money(const Contract& contract, const std::string& text) {
  return must(rating::money_from(text, contract.terms.currency));
}

// One thing agreed: "split at 60.00 an hour", "each month", "fee 300.00", ...
void agree(Contract& contract, const std::string& words) {
  auto& terms = contract.terms;
  using directory::Exhaustion;
  const std::vector<std::pair<std::regex, std::function<void(const std::smatch&)>>> phrases{
      {std::regex{"negative"}, [&](auto&) { terms.exhaustion = Exhaustion::negative; }},
      {std::regex{R"(split at ([\d.]+) an hour)"},
       [&](auto& m) {
         terms.exhaustion = Exhaustion::split;
         terms.overage_per_hour = money(contract, m[1]);
       }},
      {std::regex{"next"}, [&](auto&) { terms.exhaustion = Exhaustion::next; }},
      {std::regex{"hold"}, [&](auto&) { terms.exhaustion = Exhaustion::hold; }},
      {std::regex{R"(costs ([\d.]+) an hour)"},
       [&](auto& m) { contract.rule.rate_per_hour = money(contract, m[1]); }},
      {std::regex{R"(beyond at ([\d.]+) an hour)"},
       [&](auto& m) { terms.overage_per_hour = money(contract, m[1]); }},
      {std::regex{"each (month|quarter|year)"},
       [&](auto& m) { terms.period = directory::period_from(m[1].str()).value(); }},
      {std::regex{R"(fee ([\d.]+))"}, [&](auto& m) { terms.fee = money(contract, m[1]); }},
      {std::regex{R"((\d+) min included)"}, [&](auto& m) { terms.included_min = std::stoll(m[1]); }},
      {std::regex{R"(rolls over (\d+) min)"}, [&](auto& m) { terms.roll_over_min = std::stoll(m[1]); }},
      {std::regex{"rolls over all"}, [&](auto&) { terms.roll_over_min.reset(); }},
      {std::regex{R"((\d+) units)"}, [&](auto& m) { terms.units = std::stoll(m[1]); }},
      {std::regex{R"(tells at (\d+) %(?: and (\d+) %)?)"},
       [&](auto& m) { terms.notice_percent = numbers(m); }},
      {std::regex{R"(tells at (\d+) min left(?: and (\d+) min left)?)"},
       [&](auto& m) { terms.notice_left = numbers(m); }},
      {std::regex{R"(tells (\d+)(?: and (\d+))? days before)"},
       [&](auto& m) { terms.notice_days = numbers(m); }},
  };
  std::smatch m;
  for (const auto& [form, act] : phrases) {
    if (std::regex_match(words, m, form)) return act(m);
  }
  throw std::runtime_error{"nobody can agree on '" + words + "'"};
}

void read_contract(const std::smatch& m, Book& book, std::vector<std::string>& names) {
  Contract one;
  one.id = static_cast<std::int64_t>(names.size()) + 1;
  one.customer_id = 1;
  one.name = m[1];
  one.model = directory::model_from(m[2].str()).value();
  if (m[7].matched) one.terms.currency = m[7];
  if (m[6].matched) one.time_zone = m[6];
  one.start_day = day(m[3]);
  one.valid_from = must(timing::start_of_day(one.start_day, one.time_zone));
  if (m[4].matched || m[5].matched) {
    one.end_day = m[4].matched
                      ? day(m[4])
                      : directory::last_day(one.start_day, must(directory::duration_from(m[5].str() + "m")));
    one.valid_to = must(timing::start_of_day(plus_days(*one.end_day, 1), one.time_zone));
  }
  one.terms.notice_percent.clear();
  one.terms.notice_days.clear();
  const std::string rest = m[8];
  for (std::size_t at = 0; at < rest.size();) {
    const auto comma = std::min(rest.find(", ", at + 2), rest.size());
    agree(one, rest.substr(at + 2, comma - at - 2));
    at = comma;
  }
  need(directory::check(one.model, one.terms));
  names.push_back(one.name);
  book.contracts.push_back(std::move(one));
}

std::int64_t id_of(const std::vector<std::string>& names, const std::string& name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) throw std::runtime_error{"no contract is called '" + name + "'"};
  return at - names.begin() + 1;
}

void read_line(const std::string& line, Book& book, std::vector<std::string>& names) {
  static const std::regex contract{
      R"(Contract (\w+): (\w+), from (\S{10})(?: to (\S{10})| for (\d+) months?)?(?:, in (\S+?/\w+))?(?:, in ([A-Z]{3}))?((?:, .+)?))"};
  static const std::regex sold{R"(Sold (\S{10})(?: until (\S{10}))?: (-?[\d.]+)(?: min)? of (\w+))"};
  static const std::regex corrected{R"(Corrected (\S{10}): (-?[\d.]+)( min)? of (\w+))"};
  static const std::regex completed{R"(Completed (\S{10}): (\w+))"};
  static const std::regex today{R"(Today: (\S{10}(?: \S{5})?))"};
  static const std::regex released{R"(Released: (\S{10} \S{5}))"};
  static const std::regex session{R"((\S{10} \S{5}) (\w+) (\d+) min)"};
  std::smatch m;
  const auto stand = [&](Entry entry) {
    entry.id = static_cast<std::int64_t>(book.standing.size()) + 1;
    book.standing.push_back(std::move(entry));
  };
  if (std::regex_match(line, m, contract)) {
    read_contract(m, book, names);
  } else if (std::regex_match(line, m, sold)) {
    const auto id = id_of(names, m[4]);
    const auto& one = book.of(id);
    const auto quantity = one.model == Model::prepaid_money ? money(one, m[3]) : std::stoll(m[3]);
    book.grant(id, m[1], quantity, m[2].matched ? m[1].str() : "", m[2]);
  } else if (std::regex_match(line, m, corrected)) {
    const auto& one = book.of(id_of(names, m[4]));
    const auto unit = m[3].matched ? std::string{kMinutes} : one.terms.currency;
    stand(
        must(adjust(one, moment(m[1]), unit, m[3].matched ? std::stoll(m[2]) : money(one, m[2]), "agreed")));
  } else if (std::regex_match(line, m, completed)) {
    stand(complete(book.of(id_of(names, m[2])), moment(m[1]), "accepted"));
  } else if (std::regex_match(line, m, today)) {
    book.now = moment(m[1]);
  } else if (std::regex_match(line, m, released)) {
    const auto at = std::ranges::find(book.charges, moment(m[1]), &Charge::at);
    if (at == book.charges.end()) throw std::runtime_error{"no session began then"};
    at->may_exceed = true;
  } else if (std::regex_match(line, m, session)) {
    book.charge(id_of(names, m[2]), m[1], std::stoll(m[3]));
  } else {
    throw std::runtime_error{"this is no sentence of a ledger's story"};
  }
}

void read_file(const std::filesystem::path& path, std::vector<Story>& stories) {
  Book common;
  std::vector<std::string> names;
  bool in_story = false;
  bool below = false;
  support::story::each_line(path, [&](int number, const std::string& line) {
    const auto text = line.substr(line.find_first_not_of(' '));
    if (line.starts_with("Story: ")) {
      in_story = true;
      below = false;
      stories.push_back({.file = path.stem().string(),
                         .line = number,
                         .title = line.substr(7),
                         .book = common,
                         .names = names,
                         .expected = {}});
    } else if (!in_story) {
      read_line(text, common, names);
    } else if (text.find_first_not_of("- ") == std::string::npos) {
      below = true;
    } else if (text.starts_with("Shows: ")) {
      // Criteria of the requirements: tests/stories reads them.
    } else if (below) {
      stories.back().expected.push_back(text);
    } else {
      read_line(text, stories.back().book, stories.back().names);
    }
  });
}

std::string quantity_text(std::int64_t quantity, const std::string& unit) {
  if (unit == kMinutes) return std::to_string(quantity) + " min";
  return rating::money_text(quantity, unit) + " " + unit;
}

// Only what the customer has or owes; the accounts that stand against it say the same again.
std::string entry_text(const Story& story, const Entry& entry) {
  auto text = timing::to_rfc3339(entry.at).substr(0, 16) + " " +
              story.names.at(static_cast<std::size_t>(entry.contract_id - 1)) + ": " +
              std::string{to_string(entry.kind)};
  text[10] = ' ';
  for (const auto& line : entry.lines) {
    const auto kind = line.account.kind;
    if (kind != AccountKind::left && kind != AccountKind::due && kind != AccountKind::covered) continue;
    text += ", " + std::string{to_string(kind)} +
            (line.account.lot.empty() ? "" : " [" + line.account.lot + "]") + " " +
            quantity_text(line.quantity, line.account.unit);
  }
  return text;
}

// Of contracts that tell anything.
std::vector<std::string> noticed(const Story& story, const std::vector<Entry>& books) {
  std::vector<std::string> all;
  for (const auto& one : story.book.contracts) {
    const auto& terms = one.terms;
    if (terms.notice_percent.empty() && terms.notice_left.empty() && terms.notice_days.empty()) continue;
    std::vector<Entry> of_it;
    std::ranges::copy_if(books, std::back_inserter(of_it),
                         [&](const Entry& entry) { return entry.contract_id == one.id; });
    for (const auto& notice : must(notices_of_all(one, of_it, story.book.now)).all) {
      auto line = "Notice: " + timing::to_rfc3339(notice.at).substr(0, 16) + " " + one.name + ": " +
                  text(notice) + (notice.over ? " (over)" : "");
      line[18] = ' ';
      all.push_back(std::move(line));
    }
  }
  return all;
}

}  // namespace

std::vector<Story> read_stories(const std::filesystem::path& folder) {
  std::vector<Story> stories;
  for (const auto& file : support::story::case_files(folder)) read_file(file, stories);
  return stories;
}

std::vector<std::string> told(const Story& story) {
  std::vector<std::string> all;
  const auto plan = story.book.plan();
  for (const auto& entry : plan) all.push_back(entry_text(story, entry));
  const auto books = stored(story.book, plan);
  for (auto& line : noticed(story, books)) all.push_back(std::move(line));
  for (const auto& one : story.book.contracts) {
    std::vector<Entry> of_it;
    std::ranges::copy_if(books, std::back_inserter(of_it),
                         [&](const Entry& entry) { return entry.contract_id == one.id; });
    if (of_it.empty()) continue;
    need(check(of_it));
    std::map<std::pair<AccountKind, std::string>, std::int64_t> sums;
    for (const auto& line : must(balances(of_it))) {
      const auto kind = line.account.kind;
      if (kind == AccountKind::left || kind == AccountKind::due)
        sums[{kind, line.account.unit}] += line.quantity;
    }
    std::string text;
    for (const auto& [account, sum] : sums) {
      if (sum == 0) continue;
      const bool due = account.first == AccountKind::due;
      text += (text.empty() ? " " : ", ") + quantity_text(due ? -sum : sum, account.second) +
              (due ? " to bill" : " left");
    }
    all.push_back(one.name + ":" + (text.empty() ? " nothing" : text));
  }
  return all;
}

}  // namespace collector::ledger
