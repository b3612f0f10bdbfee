#include <map>
#include <regex>

#include "tests/collector/attribution/case_file.h"

namespace cases {

namespace {

using namespace collector;
using attribution::Decision;
using Change = std::function<void(Decision&)>;

Change taken_back(const std::string& what) {
  static const std::map<std::string, Change> all{
      {"the charge",
       [](Decision& d) {
         d.charge_min.reset();
         d.no_charge.reset();
       }},
      {"the technician", [](Decision& d) { d.technician_id.reset(); }},
      {"the customer",
       [](Decision& d) {
         d.customer_id.reset();
         d.terminal_id.reset();
       }},
      {"the comment", [](Decision& d) { d.comment.reset(); }},
      {"the release", [](Decision& d) { d.released.clear(); }}};
  return all.at(what);
}

Change named(const std::string& noun, const std::string& name, const directory::Directory& directory) {
  if (noun == "technician") {
    return [id = id_of(directory.technicians, name)](Decision& d) { d.technician_id = id; };
  }
  if (noun == "contract") {
    return [id = id_of(directory.contracts, name)](Decision& d) { d.contract_id = id; };
  }
  return [id = id_of(directory.customers, name)](Decision& d) { d.customer_id = id; };
}

std::vector<attribution::ReviewReason> reasons(std::string codes) {
  std::erase(codes, ' ');
  auto found = attribution::review_reasons_from(codes);
  if (attribution::to_codes(found) != codes) throw std::runtime_error{"there is no such reason"};
  return found;
}

}  // namespace

DecisionLine read_decision(const std::string& value, const directory::Directory& directory) {
  static const std::regex form{R"((\w+) (.+?)(?: \(([^()]+)\))?)"};
  static const std::regex released{R"(released ([a-z_, ]+))"};
  static const std::regex minutes{R"(charged (\d+) min)"};
  static const std::regex wrote{R"re(wrote "(.*)")re"};
  static const std::regex name{R"(named (technician|customer|contract) (\w+))"};
  static const std::regex stated{R"(stated the (start|end) (\S+ \S+))"};
  static const std::regex work{R"(said the work was (\w+))"};
  static const std::regex back{R"(took back (the \w+))"};
  std::smatch m;
  if (!std::regex_match(value, m, form)) throw std::runtime_error{"this is no decision"};
  DecisionLine line{.who = m[1], .why = m[3], .change = [](Decision&) {}};
  const std::string what = m[2];
  if (what == "released it") {
    line.releases_all = true;
  } else if (what == "held it") {
    line.change = [](Decision& d) { d.held = true; };
  } else if (what == "withdrew it") {
    line.change = [](Decision& d) { d.withdrawn = true; };
  } else if (what == "charged nothing" || what == "charged it") {
    line.change = [nothing = what == "charged nothing"](Decision& d) { d.no_charge = nothing; };
  } else if (std::regex_match(what, m, released)) {
    line.change = [codes = reasons(m[1])](Decision& d) {
      d.released.insert(d.released.end(), codes.begin(), codes.end());
    };
  } else if (std::regex_match(what, m, minutes)) {
    line.change = [n = std::stoll(m[1])](Decision& d) { d.charge_min = n; };
  } else if (std::regex_match(what, m, wrote)) {
    line.change = [text = m[1].str()](Decision& d) { d.comment = text; };
  } else if (std::regex_match(what, m, name)) {
    line.change = named(m[1], m[2], directory);
  } else if (std::regex_match(what, m, stated)) {
    line.change = [start = m[1] == "start", at = moment(m[2])](Decision& d) {
      (start ? d.started : d.ended) = at;
    };
  } else if (std::regex_match(what, m, work)) {
    line.change = [kind = m[1].str()](Decision& d) { d.work_type = kind; };
  } else if (std::regex_match(what, m, back)) {
    line.change = taken_back(m[1]);
  } else {
    throw std::runtime_error{"nobody can decide that"};
  }
  return line;
}

}  // namespace cases
