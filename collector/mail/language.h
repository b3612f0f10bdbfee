// The language of a mail: how its numbers, dates and durations are written. Pure.
//
// English, Greek and German are known, by the first part of the tag ("el-GR" is Greek); in any other language
// dates are written as 2026-11-20 and durations as in English.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collector/mail/message.h"

namespace collector::mail {

// "20 November 2026", "20. November 2026", "20 Νοεμβρίου 2026".
std::string long_day(std::chrono::year_month_day day, std::string_view language);

// For tables: "20 Nov 2026", "20.11.2026", "20/11/2026".
std::string short_day(std::chrono::year_month_day day, std::string_view language);

// 70 -> "1 h 10 min", "1 Stunde 10 Minuten", "1 ώρα 10 λεπτά"; 60 -> "1 h", 0 -> "0 min", -5 -> "-5 min".
std::string minutes_words(std::int64_t minutes, std::string_view language);

// How many days later a clock time is: "+1 day", "+2 days", "+1 Tag", "+1 ημέρα".
std::string days_later(std::int64_t days, std::string_view language);

// "67.50 EUR" with the decimal sign of the language.
std::string money_words(std::string_view money, std::string_view language);

// Of a session whose charge stands in a row above: "with the one above", "mit der Sitzung oben", "μαζί με την
// παραπάνω".
std::string together_words(std::string_view language);

// "phone", "Telefon", "τηλεφωνικά"; empty for remote work, whose machine is named instead.
std::string work_words(Work work, std::string_view language);

// "80%"; with a blank that does not break in German.
std::string percent_words(std::int64_t percent, std::string_view language);

// "first block 10 min; with further blocks 30 min; no more than 25 min"; with " + " between what was rated by
// itself, each of which ends with its step "charge". Steps whose names are not known are left out, and the
// time of day where it changed no minute; nothing is said twice of one. Empty if nothing is left.
std::string charge_words(const std::vector<ChargeStep>& steps, std::string_view language);

}  // namespace collector::mail
