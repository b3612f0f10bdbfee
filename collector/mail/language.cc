#include "collector/mail/language.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <span>

#include "collector/mail/language_tag.h"

namespace collector::mail {

namespace {

enum class Tongue { english, german, greek, other };

Tongue tongue_of(std::string_view language) {
  const auto tag = primary(language);
  if (tag == "en") return Tongue::english;
  if (tag == "de") return Tongue::german;
  return tag == "el" ? Tongue::greek : Tongue::other;
}

constexpr std::array<std::string_view, 12> kEnglishMonths{"January",   "February", "March",    "April",
                                                          "May",       "June",     "July",     "August",
                                                          "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 12> kGermanMonths{"Januar",    "Februar", "März",     "April",
                                                         "Mai",       "Juni",    "Juli",     "August",
                                                         "September", "Oktober", "November", "Dezember"};
// In the genitive, as they stand in a date.
constexpr std::array<std::string_view, 12> kGreekMonths{
    "Ιανουαρίου", "Φεβρουαρίου", "Μαρτίου",     "Απριλίου",  "Μαΐου",     "Ιουνίου",
    "Ιουλίου",    "Αυγούστου",   "Σεπτεμβρίου", "Οκτωβρίου", "Νοεμβρίου", "Δεκεμβρίου"};

struct Parts {
  int year;
  unsigned month, day;
};

Parts parts_of(std::chrono::year_month_day day) {
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())};
}

std::string iso(const Parts& p) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", p.year, p.month, p.day);
  return text;
}

// How a step of a charge is called.
struct StepName {
  std::string_view what;
  std::string_view english, german, greek;
  bool has_minutes;
};

constexpr std::array kSteps{
    StepName{"no charge", "marked as without charge", "als kostenfrei gekennzeichnet",
             "σημειώθηκε ως χωρίς χρέωση", false},
    StepName{"stated time", "time stated by the technician:", "vom Techniker angegebene Zeit:",
             "χρόνος που δήλωσε ο τεχνικός:", true},
    StepName{"free time", "within the free time", "innerhalb der kostenfreien Zeit",
             "εντός του δωρεάν χρόνου", false},
    StepName{"first block", "first block", "erster Zeitblock", "πρώτη χρονική μονάδα", true},
    StepName{"further blocks", "with further blocks", "mit weiteren Zeitblöcken",
             "μαζί με τις επόμενες μονάδες", true},
    StepName{"minimum", "no less than", "mindestens", "τουλάχιστον", true},
    StepName{"cap", "no more than", "höchstens", "το πολύ", true},
    StepName{"band", "weighted by the time of day", "nach Tageszeit gewichtet", "με συντελεστή ωραρίου",
             false},
    StepName{"work type", "weighted by the kind of work", "nach Art der Arbeit gewichtet",
             "με συντελεστή είδους εργασίας", false},
    StepName{"grade", "weighted by the technician's grade", "nach Qualifikation gewichtet",
             "με συντελεστή τεχνικού", false},
    StepName{"charge", "charged", "berechnet", "χρέωση", true},
};

std::string_view name_of(const StepName& step, Tongue tongue) {
  if (tongue == Tongue::german) return step.german;
  return tongue == Tongue::greek ? step.greek : step.english;
}

bool is_other_weight(const ChargeStep& step) {
  return step.what == "work type" || step.what == "grade";
}

// Whether the time of day made a difference: a band can weigh and still leave the whole minutes as they were.
bool is_banded(std::span<const ChargeStep> steps) {
  const auto band = std::ranges::find(steps, "band", &ChargeStep::what);
  if (band == steps.end()) return false;
  if (std::ranges::any_of(steps, is_other_weight)) return true;  // Whose part is which is not told.
  return band == steps.begin() || std::prev(band)->minutes != steps.back().minutes;
}

// Of what was rated as one: its steps up to and with its "charge".
std::string words_of_one(std::span<const ChargeStep> steps, std::string_view language, Tongue tongue) {
  const bool in_blocks = std::ranges::find(steps, "first block", &ChargeStep::what) != steps.end();
  const bool banded = is_banded(steps);
  const bool weighted = banded || std::ranges::any_of(steps, is_other_weight);
  std::vector<std::string> said;
  for (const auto& step : steps) {
    const auto* known = std::ranges::find(kSteps, step.what, &StepName::what);
    if (known == kSteps.end()) continue;
    if (step.what == "free time" && in_blocks) continue;  // It was over, and the blocks say the rest.
    if (step.what == "band" && !banded) continue;
    if (step.what == "charge" && !weighted) continue;  // The step before has said it.
    std::string one{name_of(*known, tongue)};
    if (known->has_minutes && step.minutes) one += " " + minutes_words(*step.minutes, language);
    if (std::ranges::find(said, one) == said.end()) said.push_back(std::move(one));
  }
  std::string text;
  for (const auto& one : said) {
    if (!text.empty()) text += tongue == Tongue::greek ? "\u00B7 " : "; ";  // A Greek ";" asks.
    text += one;
  }
  return text;
}

}  // namespace

std::string long_day(std::chrono::year_month_day day, std::string_view language) {
  const auto p = parts_of(day);
  const auto named = [&](const std::array<std::string_view, 12>& months, const char* dot) {
    return std::to_string(p.day) + dot + " " + std::string{months[p.month - 1]} + " " +
           std::to_string(p.year);
  };
  if (!day.ok()) return iso(p);
  switch (tongue_of(language)) {
    case Tongue::english: return named(kEnglishMonths, "");
    case Tongue::german: return named(kGermanMonths, ".");
    case Tongue::greek: return named(kGreekMonths, p.day == 1 ? "η" : "");
    case Tongue::other: break;
  }
  return iso(p);
}

std::string short_day(std::chrono::year_month_day day, std::string_view language) {
  const auto p = parts_of(day);
  char text[48];
  switch (day.ok() ? tongue_of(language) : Tongue::other) {
    case Tongue::english:
      return std::to_string(p.day) + " " + std::string{kEnglishMonths[p.month - 1].substr(0, 3)} + " " +
             std::to_string(p.year);
    case Tongue::german: std::snprintf(text, sizeof text, "%02u.%02u.%04d", p.day, p.month, p.year); break;
    case Tongue::greek: std::snprintf(text, sizeof text, "%02u/%02u/%04d", p.day, p.month, p.year); break;
    case Tongue::other: return iso(p);
  }
  return text;
}

std::string minutes_words(std::int64_t minutes, std::string_view language) {
  const auto tongue = tongue_of(language);
  const std::uint64_t total =
      minutes < 0 ? 0 - static_cast<std::uint64_t>(minutes) : static_cast<std::uint64_t>(minutes);
  const auto counted = [&](std::uint64_t n, const char* brief, const std::array<const char*, 2>& german,
                           const std::array<const char*, 2>& greek) {
    const std::size_t form = n == 1 ? 0 : 1;
    const char* word = brief;
    if (tongue == Tongue::german) word = german[form];
    if (tongue == Tongue::greek) word = greek[form];
    return std::to_string(n) + " " + word;
  };
  std::string text = minutes < 0 ? "-" : "";
  if (total >= 60) text += counted(total / 60, "h", {"Stunde", "Stunden"}, {"ώρα", "ώρες"});
  if (total >= 60 && total % 60 != 0) text += " ";
  if (total < 60 || total % 60 != 0)
    text += counted(total % 60, "min", {"Minute", "Minuten"}, {"λεπτό", "λεπτά"});
  return text;
}

std::string days_later(std::int64_t days, std::string_view language) {
  const std::size_t form = days == 1 ? 0 : 1;
  std::array<std::string_view, 2> words{"day", "days"};
  if (tongue_of(language) == Tongue::german) words = {"Tag", "Tage"};
  if (tongue_of(language) == Tongue::greek) words = {"ημέρα", "ημέρες"};
  return "+" + std::to_string(days) + " " + std::string{words[form]};
}

std::string money_words(std::string_view money, std::string_view language) {
  std::string text{money};
  const auto tongue = tongue_of(language);
  if (tongue == Tongue::german || tongue == Tongue::greek) std::ranges::replace(text, '.', ',');
  return text;
}

std::string together_words(std::string_view language) {
  switch (tongue_of(language)) {
    case Tongue::german: return "mit der Sitzung oben";
    case Tongue::greek: return "μαζί με την παραπάνω";
    default: return "with the one above";
  }
}

std::string work_words(Work work, std::string_view language) {
  if (work == Work::remote) return "";
  const bool by_phone = work == Work::phone;
  switch (tongue_of(language)) {
    case Tongue::german: return by_phone ? "Telefon" : "vor Ort";
    case Tongue::greek: return by_phone ? "τηλεφωνικά" : "επιτόπου";
    default: return by_phone ? "phone" : "on site";
  }
}

std::string percent_words(std::int64_t percent, std::string_view language) {
  const bool apart = tongue_of(language) == Tongue::german;
  return std::to_string(percent) + (apart ? "\u00A0%" : "%");
}

std::string charge_words(const std::vector<ChargeStep>& steps, std::string_view language) {
  const auto tongue = tongue_of(language);
  std::string text;
  for (auto from = steps.begin(); from != steps.end();) {
    auto to = std::ranges::find(from, steps.end(), "charge", &ChargeStep::what);
    if (to != steps.end()) ++to;
    const auto words = words_of_one({from, to}, language, tongue);
    if (!text.empty() && !words.empty()) text += " + ";
    text += words;
    from = to;
  }
  return text;
}

}  // namespace collector::mail
