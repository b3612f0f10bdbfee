#include "tests/stories/sentences.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "collector/directory/typed.h"
#include "tests/stories/clock.h"

namespace stories {

namespace {

using namespace std::chrono_literals;

timing::UtcMs moment(const std::string& text) {
  const auto at = collector::directory::typed_moment(text);
  if (!at) throw std::runtime_error(at.error().message);
  return *at;
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

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

// `option` and the value of the group, if it matched.
std::string given(const std::smatch& m, std::size_t group, const std::string& option) {
  return m[group].matched ? " " + option + " " + quoted(m[group]) : "";
}

// What people did has its effect at once; what is due later, then.
void pass_to(Desk& desk, timing::UtcMs then) {
  if (then < now()) throw std::runtime_error("time does not go back");
  desk.carry_on();
  now() = then;
  desk.carry_on();
}

}  // namespace

bool Teller::master_data(const std::string& sentence) {
  static const std::regex technician{R"(Technician (\d+) ([^,]+)(?:, (\w+))?)"};
  static const std::regex customer{R"(Customer (\w+): ([^,]+)(?:, (\S+@\S+))?)"};
  static const std::regex terminal{R"(Terminal (\S+) of (\w+): (.+))"};
  static const std::regex point{R"((Workstation|AnyDesk) (\S+) is of technician (\d+))"};
  static const std::regex contract{
      R"(Contract ([^:]+) of (\w+): (\w+), ([-\w]+), from (\S{10})(?: to (\S{10}))?(?:, in (\S+/\w+))?)"};
  static const std::regex sold{R"(Sold: (\d+) min of (.+))"};
  std::smatch m;
  std::string line;
  if (std::regex_match(sentence, m, technician)) {
    line = "technicians add " + m[1].str() + " " + quoted(m[2]) + given(m, 3, "--grade");
  } else if (std::regex_match(sentence, m, customer)) {
    line = "customers add " + quoted(m[2]) + " --code " + m[1].str() + given(m, 3, "--email");
  } else if (std::regex_match(sentence, m, terminal)) {
    line = "terminals assign " + m[1].str() + " " + m[2].str() + " --description " + quoted(m[3]);
  } else if (std::regex_match(sentence, m, point)) {
    line = "support-points add " + m[3].str() + (m[1] == "AnyDesk" ? " --anydesk-id " : " --workstation ") +
           m[2].str();
  } else if (std::regex_match(sentence, m, contract)) {
    line = "contracts add " + m[2].str() + " " + quoted(m[1]) + " --model " + m[3].str() + " --template " +
           m[4].str() + " --start " + m[5].str() + given(m, 6, "--end") + given(m, 7, "--time-zone");
  } else if (std::regex_match(sentence, m, sold)) {
    line = "contracts sell " + std::to_string(desk_.contract(m[2])) + " --minutes " + m[1].str() +
           " --reason invoice";
  } else {
    return false;
  }
  desk_.told("mary", line);
  return true;
}

bool Teller::work(const std::string& sentence) {
  static const std::regex session{
      R"(Session: (\S+)(?: \((\d+)\))? to (\S+) at (\S{10} \S+) (?:for ([0-9:]+)(, without an end)?|and still running))"};
  static const std::regex comment{R"(Comment(?: on (\d+))?: ?(.*))"};
  static const std::regex elsewhen{R"(Comment at (\S{10} \S+) to (\S+): ?(.*))"};
  static const std::regex billed{R"(Billed: session (\d+) with ([\w-]+))"};
  std::smatch m;
  if (std::regex_match(sentence, m, billed)) {
    settle();
    desk_.bills(std::stoll(m[1]), m[2]);
    return true;
  }
  if (std::regex_match(sentence, m, elsewhen)) {
    desk_.comments(m[2], moment(m[1]), m[3]);
    return true;
  }
  if (std::regex_match(sentence, m, session)) {
    settle();
    Work one{.workstation = m[1], .anydesk_id = m[2], .remote_id = m[3], .start = moment(m[4])};
    one.how = !m[5].matched ? End::running : m[6].matched ? End::abandoned : End::seen;
    one.end = one.start + (m[5].matched ? length(m[5]) : 10s);
    if (one.end > now()) pass_to(desk_, one.end);
    desk_.reports(one);
    const auto same = [&](const Work& other) {
      return other.workstation == one.workstation && other.remote_id == one.remote_id &&
             other.start == one.start;
    };
    if (std::ranges::none_of(works_, same)) works_.push_back(one);
    unsettled_ = true;
    return true;
  }
  if (!std::regex_match(sentence, m, comment)) return false;
  if (works_.empty()) throw std::runtime_error("there is no session yet");
  const auto& of = m[1].matched ? works_.at(std::stoul(m[1]) - 1) : works_.back();
  desk_.comments(of.remote_id, of.start, m[2]);
  return true;
}

bool Teller::passing_of_time(const std::string& sentence) {
  static const std::regex to{R"(Time: (\S{10}(?: \S+)?))"};
  static const std::regex later{R"(Time: (\d+) (minute|hour|day)s? later)"};
  std::smatch m;
  if (std::regex_match(sentence, m, later)) {
    settle();
    const std::chrono::minutes one = m[2] == "minute" ? 1min : m[2] == "hour" ? 60min : 1440min;
    pass_to(desk_, now() + std::stoll(m[1]) * one);
    return true;
  }
  if (!std::regex_match(sentence, m, to)) return false;
  settle();
  pass_to(desk_, moment(m[1]));
  return true;
}

void Teller::settle() {
  if (unsettled_) desk_.carry_on();
  unsettled_ = false;
}

void Teller::happens(const std::string& sentence) {
  static const std::regex command{R"((\w+)> (.+))"};
  static const std::regex file{R"(File ([\w.-]+): (.+))"};
  std::smatch m;
  if (std::regex_match(sentence, m, file)) return desk_.writes(m[1], m[2]);
  if (std::regex_match(sentence, m, command)) {
    settle();
    desk_.told(m[1], m[2]);
  } else if (!work(sentence) && !passing_of_time(sentence) && !master_data(sentence)) {
    throw std::runtime_error("this is no sentence of a desk story");
  }
}

std::string Teller::answers(const std::string& question) {
  static const std::regex command{R"((\w+)> (.+))"};
  static const std::regex mail{R"(Mail to (\S+))"};
  settle();
  std::smatch m;
  if (std::regex_match(question, m, command)) {
    const auto ran = desk_.types(m[1], m[2]);
    return ran.code == 0 ? ran.out : "refused: " + ran.err + ran.out;
  }
  const auto mails = desk_.mails();
  if (question == "Mails") {
    std::string list;
    for (const auto& one : mails) list += one.to + ": " + one.text.substr(0, one.text.find('\n')) + "\n";
    return std::to_string(mails.size()) + " in all\n" + list;
  }
  if (!std::regex_match(question, m, mail)) throw std::runtime_error("this is no question");
  for (auto one = mails.rbegin(); one != mails.rend(); ++one) {
    if (one->to == m[1]) return one->text;
  }
  return "none";
}

}  // namespace stories
