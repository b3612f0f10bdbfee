// Inside this room only: the words of the directory as the database spells them.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"

namespace collector::store {

std::string to_text(directory::Model model);
std::string to_text(directory::Exhaustion exhaustion);
std::string to_text(directory::Period period);
std::string to_text(const std::vector<std::int64_t>& numbers);  // 80,95
std::string to_text(std::chrono::year_month_day day);           // 2026-11-21

std::string to_text(const std::vector<directory::Agreed>& agreed);  // Lines of name=value.

directory::Model to_model(const std::string& text);
directory::Exhaustion to_exhaustion(const std::string& text);
directory::Period to_period(const std::string& text);
std::vector<std::int64_t> to_numbers(const std::string& text);

std::vector<directory::Agreed> to_agreed(const std::string& text);

// Throws StatementFailed (corrupt) for what is no day of the calendar.
std::chrono::year_month_day to_day(const std::string& text);

}  // namespace collector::store
