#include "tests/collector/attribution/case_file.h"

#include <algorithm>
#include <regex>
#include <set>

#include "collector/directory/typed.h"
#include "common/timing/zone.h"
#include "tests/collector/attribution/case_rules.h"
#include "tests/support/story/case_lines.h"

namespace cases {

timing::UtcMs moment(const std::string& text) {
  const auto at = collector::directory::typed_moment(text);
  if (!at) throw std::runtime_error{at.error().message};
  return *at;
}

namespace {

using namespace collector;

std::optional<timing::UtcMs> maybe_moment(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{moment(text)};
}

std::chrono::year_month_day day(const std::string& text) {
  return std::chrono::floor<std::chrono::days>(moment(text));
}

// "34:12" or "1:04:12".
std::chrono::seconds length(const std::string& text) {
  std::int64_t seconds = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto colon = std::min(text.find(':', at), text.size());
    seconds = seconds * 60 + std::stoll(text.substr(at, colon - at));
    at = colon + 1;
  }
  return std::chrono::seconds{seconds};
}

template <class Row>
Row& add(std::vector<Row>& rows) {
  auto& row = rows.emplace_back();
  row.id = static_cast<std::int64_t>(rows.size());
  return row;
}

const std::string kBounds = R"((?: from ([-0-9: ]+?))?(?: until ([-0-9: ]+?))?)";

void read_contract(const std::smatch& m, const Templates& templates, directory::Directory& directory) {
  const auto customer = id_of(directory.customers, m[2]);
  auto& contract = add(directory.contracts);
  contract.customer_id = customer;
  contract.name = m[1];
  const auto model = directory::model_from(std::string{m[3]});
  if (!model) throw std::runtime_error{"there is no model '" + std::string{m[3]} + "'"};
  contract.model = *model;
  contract.template_name = m[4];
  contract.rule = rule_named(templates, m[4]);
  contract.start_day = day(m[5]);
  if (m[7].matched) contract.time_zone = m[7];
  if (m[8].matched) contract.holiday_calendar = m[8];
  contract.valid_from = timing::start_of_day(contract.start_day, contract.time_zone).value();
  if (!m[6].matched) return;
  contract.end_day = day(m[6]);
  const std::chrono::year_month_day next{std::chrono::sys_days{*contract.end_day} + std::chrono::days{1}};
  contract.valid_to = timing::start_of_day(next, contract.time_zone).value();
}

void read_master_data(const std::string& line, Templates& templates, directory::Directory& directory) {
  static const std::regex technician{R"(Technician (\d+) (\w+)(, left)?(?:, (\w+))?)"};
  static const std::regex customer{R"(Customer (\w+))"};
  static const std::regex terminal{R"(Terminal (\S+) of (\w+))" + kBounds + R"(: (.+))"};
  static const std::regex point{R"((Workstation|AnyDesk) (\S+) is (\w+)'s)" + kBounds};
  static const std::regex contract{
      R"(Contract (\w+) of (\w+): ([a-z_]+), ([-\w]+), from (\S{10})(?: to (\S{10}))?(?:, in ([^\s,]+))?(?:, holidays (\w+))?)"};
  std::smatch m;
  if (std::regex_match(line, m, technician)) {
    auto& row = add(directory.technicians);
    row.number = std::stoll(m[1]);
    row.name = m[2];
    row.active = !m[3].matched;
    row.grade = m[4];
  } else if (std::regex_match(line, m, customer)) {
    auto& row = add(directory.customers);
    row.code = row.name = m[1];
  } else if (std::regex_match(line, m, terminal)) {
    const auto owner = id_of(directory.customers, m[2]);
    auto& row = add(directory.terminals);
    row.customer_id = owner;
    row.address = m[1];
    row.valid_from = maybe_moment(m[3]);
    row.valid_to = maybe_moment(m[4]);
    row.description = m[5];
  } else if (std::regex_match(line, m, point)) {
    const auto owner = id_of(directory.technicians, m[3]);
    auto& row = add(directory.support_points);
    row.technician_id = owner;
    (m[1] == "AnyDesk" ? row.anydesk_id : row.workstation) = m[2];
    row.valid_from = maybe_moment(m[4]);
    row.valid_to = maybe_moment(m[5]);
  } else if (std::regex_match(line, m, contract)) {
    read_contract(m, templates, directory);
  } else if (!read_rule_sentence(line, templates, directory)) {
    throw std::runtime_error{"this is no sentence of master data"};
  }
}

void read_session(const std::string& value, attribution::SessionView& session) {
  static const std::regex entered{R"(entered at (\S+ \S+) for ([0-9:]+))"};
  static const std::regex form{R"((\S+) to (\S+) at (\S+ \S+) (?:for ([0-9:]+)|without an end))"};
  std::smatch m;
  if (std::regex_match(value, m, entered)) {
    session.manual = true;
    session.started = moment(m[1]);
    session.ended = *session.started + length(m[2]);
    return;
  }
  if (!std::regex_match(value, m, form)) throw std::runtime_error{"this is no session"};
  session.workstation = m[1];
  session.remote_id = m[2];
  session.started = moment(m[3]);
  if (m[4].matched) session.ended = *session.started + length(m[4]);
}

void read_setting(const std::string& value, attribution::Settings& settings) {
  const auto blank = value.find(' ');
  const std::string name = value.substr(0, blank);
  const std::string is = blank == std::string::npos ? "" : value.substr(blank + 1);
  if (value == "tag_match anywhere") {
    settings.tags.tag_match = attribution::TagMatch::anywhere;
  } else if (value == "lead_number seed") {
    settings.tags.lead_number = attribution::LeadNumber::seed;
  } else if (value == "technician_order anydesk_id_first") {
    settings.technician_order = attribution::TechnicianOrder::anydesk_id_first;
  } else if (name == "comment_wait_min") {
    settings.comment_wait_s = std::stoll(is) * 60;
  } else if (name == "max_session_h") {
    settings.max_session_s = std::stoll(is) * 3600;
  } else {
    throw std::runtime_error{"there is no such setting"};
  }
}

// "kill, last seen at 2026-11-16 09:20:00".
void read_abandoned(const std::string& value, attribution::SessionView& session) {
  static const std::regex form{R"((\w+)(?:, last seen at (\S+ \S+))?)"};
  std::smatch m;
  if (!std::regex_match(value, m, form)) throw std::runtime_error{"this is no cause"};
  session.outcome = attribution::Outcome::abandoned;
  session.abandon_cause = attribution::abandon_cause_from(m[1].str());
  if (m[1] != "unknown" && session.abandon_cause == attribution::AbandonCause::unknown) {
    throw std::runtime_error{"there is no such cause"};
  }
  if (m[2].matched) session.last_seen = moment(m[2]);
}

void read_doubts(const std::string& value, attribution::SessionView& session) {
  session.doubts = attribution::doubts_from(value);
  const bool known = std::ranges::find(session.doubts, attribution::Doubt::other) == session.doubts.end();
  if (!known && value != "other") throw std::runtime_error{"there is no such doubt"};
}

// "34:10 within 500 ms".
void read_boot_clock(const std::string& value, attribution::SessionView& session) {
  static const std::regex form{R"(([0-9:]+) within (\d+) ms)"};
  std::smatch m;
  if (!std::regex_match(value, m, form)) throw std::runtime_error{"this is no measurement"};
  session.duration_boot_ms = std::chrono::milliseconds{length(m[1])}.count();
  session.duration_boot_uncertainty_ms = std::stoll(m[2]);
}

// "10:59 costs 10".
Vector read_vector(const std::string& value) {
  static const std::regex form{R"(([0-9:]+) costs (\d+))"};
  std::smatch m;
  if (!std::regex_match(value, m, form)) throw std::runtime_error{"a vector is '10:59 costs 10'"};
  return {.length = length(m[1]), .minutes = std::stoll(m[2])};
}

void read_flag(const std::string& value, attribution::SessionView& session) {
  const std::map<std::string, bool*> flags{{"clock_jumped", &session.clock_jumped},
                                           {"over_length", &session.over_length},
                                           {"overnight", &session.overnight},
                                           {"remote_id_withheld", &session.remote_id_withheld}};
  const auto flag = flags.find(value);
  if (flag == flags.end()) throw std::runtime_error{"there is no such flag"};
  *flag->second = true;
  if (session.remote_id_withheld) session.remote_id.clear();
}

void read_story_line(const std::string& line, Story& story) {
  static const std::set<std::string> expectations{"Result",   "Reasons",  "Technician", "Customer",
                                                  "Contract", "Minutes",  "Amount",     "Ledger",
                                                  "Text",     "Work type"};
  const auto colon = line.find(':');
  if (colon == std::string::npos) throw std::runtime_error{"a line of a story is 'Word: value'"};
  const std::string word = line.substr(0, colon);
  const std::string value = line.substr(std::min(colon + 2, line.size()));
  if (word == "Session") {
    read_session(value, story.session);
  } else if (word == "Outcome") {
    story.session.outcome = attribution::outcome_from(value).value();
  } else if (word == "Own AnyDesk") {
    story.session.anydesk_id = value;
  } else if (word == "Clock") {
    if (value != "went backwards") throw std::runtime_error{"a clock can only go backwards"};
    story.session.clock_went_backwards = true;
  } else if (word == "Witness") {
    story.session.witness = attribution::witness_from(value);
    if (to_string(story.session.witness) != value) throw std::runtime_error{"there is no such witness"};
  } else if (word == "Doubts") {
    read_doubts(value, story.session);
  } else if (word == "Abandoned") {
    read_abandoned(value, story.session);
  } else if (word == "Boot clock") {
    read_boot_clock(value, story.session);
  } else if (word == "Flag") {
    read_flag(value, story.session);
  } else if (word == "Comment") {
    story.comment = value;
  } else if (word == "Decision") {
    story.decisions.push_back(read_decision(value, story.directory));
  } else if (word == "Series") {
    story.series = std::stoll(value);
  } else if (word == "Asked") {
    story.asked_min = std::stoll(value);
  } else if (word == "Work") {
    story.work_type = value;
  } else if (word == "Because") {
    story.because.push_back(value);
  } else if (word == "Vector") {
    story.vectors.push_back(read_vector(value));
  } else if (word == "Shows") {
    // Criteria of the requirements: tests/stories reads them.
  } else if (word == "Setting") {
    read_setting(value, story.settings);
  } else if (expectations.contains(word)) {
    story.expected[word] = value;
  } else {
    throw std::runtime_error{"a story has no '" + word + "'"};
  }
}

void read_file(const std::filesystem::path& path, std::vector<Story>& stories) {
  directory::Directory directory;
  Templates templates;
  bool in_story = false;
  support::story::each_line(path, [&](int number, const std::string& line) {
    if (line.starts_with("Story: ")) {
      in_story = true;
      auto& story = stories.emplace_back();
      story.file = path.stem().string();
      story.line = number;
      story.title = line.substr(7);
      story.directory = directory;
    } else if (in_story) {
      read_story_line(line.substr(line.find_first_not_of(' ')), stories.back());
    } else {
      read_master_data(line, templates, directory);
    }
  });
}

}  // namespace

std::vector<Story> read_stories(const std::filesystem::path& folder) {
  std::vector<Story> stories;
  for (const auto& file : support::story::case_files(folder)) read_file(file, stories);
  return stories;
}

}  // namespace cases
