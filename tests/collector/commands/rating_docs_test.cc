// docs/rating.md says what the program does: its examples are run, its tables computed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "collector/commands/rate.h"
#include "collector/rating/duration_text.h"
#include "collector/rating/templates.h"
#include "collector/rule_text/rule_json.h"
#include "collector/rule_text/set_field.h"
#include "collector/rule_text/template_text.h"
#include "tests/source_root.h"

namespace collector::commands {
namespace {

std::vector<std::string> lines_of_docs() {
  std::ifstream in{SOURCE_ROOT "/docs/rating.md"};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The words of a shell line, in which only single quotes mean something.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      words.emplace_back();
    } else {
      words.back().push_back(c);
    }
  }
  return words;
}

// An example: the line behind "$ deskledger-collector ", and what it printed.
struct Example {
  std::string command, printed;
};
std::vector<Example> examples(const std::string& command) {
  const std::string prompt = "$ deskledger-collector ";
  std::vector<Example> all;
  bool inside = false;
  for (const auto& line : lines_of_docs()) {
    if (line.starts_with(prompt + command + " ")) {
      all.push_back({.command = line.substr(prompt.size()), .printed = ""});
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      all.back().printed += line + "\n";
    }
  }
  return all;
}

RateOptions options_of(const std::vector<std::string>& words) {
  RateOptions o;
  for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
    const auto& value = words[i + 1];
    if (words[i] == "--seconds") {
      o.seconds = std::stoll(value);
    } else if (words[i] == "--set") {
      o.set.push_back(value);
    } else if (words[i] == "--at") {
      o.circumstances.at = value;
    } else if (words[i] == "--zone") {
      o.circumstances.zone = value;
    } else if (words[i] == "--grade") {
      o.circumstances.grade = value;
    } else {
      ADD_FAILURE() << words[i];
    }
  }
  return o;
}

// The cells of the rows below the header that begins with `heading`.
std::vector<std::vector<std::string>> table(const std::string& heading) {
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (const auto& line : lines_of_docs()) {
    if (line.starts_with("| " + heading + " |")) {
      inside = true;
    } else if (!line.starts_with("|")) {
      inside = false;
    } else if (inside && !line.starts_with("|---")) {
      auto& row = rows.emplace_back();
      for (std::size_t at = 2; at < line.size();) {
        const auto end = line.find(" |", at);
        row.push_back(line.substr(at, end - at));
        std::erase(row.back(), '*');
        std::erase(row.back(), '`');
        at = end + 3;
      }
    }
  }
  return rows;
}

TEST(RatingDocs, TheExamplesPrintWhatTheySay) {
  const auto all = examples("rate");
  EXPECT_EQ(all.size(), 4U);
  for (const auto& example : all) {
    std::ostringstream out, err;
    EXPECT_EQ(run_rate(options_of(words_of(example.command)), out, err), 0) << err.str();
    EXPECT_EQ(out.str(), example.printed) << example.command;
  }
}

TEST(RatingDocs, TheFieldsAreThoseOfARule) {
  const auto rows = table("field");
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.at(0));
  EXPECT_EQ(names, rule_text::field_names());
  for (const auto& field : rule_text::fields_of({})) {
    const auto row = std::ranges::find(rows, field.name, [](const auto& cells) { return cells[0]; });
    ASSERT_NE(row, rows.end()) << field.name;
    EXPECT_EQ(row->at(2), field.value) << field.name;
  }
}

TEST(RatingDocs, TheVectorsAreThoseOfTheBuiltInTemplates) {
  const auto rows = table("duration");
  EXPECT_EQ(rows.size(), 12U);
  const auto at = RateAt::make({}, std::nullopt).value();
  for (const auto& row : rows) {
    const auto colon = row.at(0).find(':');
    const auto seconds = std::stoll(row[0].substr(0, colon)) * 60 + std::stoll(row[0].substr(colon + 1));
    std::size_t column = 1;
    for (const auto& each : rating::built_in_templates()) {
      EXPECT_EQ(std::to_string(at.price(each.rule, seconds)->rated.minutes), row.at(column++))
          << row[0] << " under " << each.name;
    }
  }
}

TEST(RatingDocs, TheEdgeOfTheEvening) {
  rating::Rule rule;
  ASSERT_TRUE(rule_text::set_field(rule, "bands.Evening=weekdays 17:00-24:00 x1.5"));
  const auto rows = table("from (Athens)");
  EXPECT_EQ(rows.size(), 6U);
  for (const auto& row : rows) {
    const auto blank = row.at(0).find(' ');
    // In winter Athens is two hours ahead.
    const std::string day = row[0].substr(0, blank) == "Monday" ? "2026-11-16" : "2026-11-21";
    Circumstances o;
    o.at = day + "T" + row[0].substr(blank + 1) + ":00+02:00";
    o.zone = "Europe/Athens";
    const auto rated = RateAt::make(o, std::nullopt)->price(rule, 720)->rated;
    EXPECT_EQ(std::to_string(rated.laid_min) + " min", row.at(1)) << row[0];
    const auto evening = rated.shares.back().band == 0 ? rated.shares.back().seconds : 0;
    EXPECT_EQ(rating::duration_text(evening), row.at(2)) << row[0];
    EXPECT_EQ(std::to_string(rated.minutes), row.at(3)) << row[0];
  }
}

TEST(RatingDocs, TheNightsWhenClocksAreSet) {
  rating::Rule rule;
  ASSERT_TRUE(rule_text::set_field(rule, "bands.Hour=daily 03:00-04:00 x2"));
  const auto rows = table("night");
  ASSERT_EQ(rows.size(), 3U);
  std::size_t next = 0;
  for (const char* evening : {"2026-11-16T20:00:00Z", "2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z"}) {
    Circumstances o;
    o.at = evening;
    o.zone = "Europe/Athens";
    const auto rated = RateAt::make(o, std::nullopt)->price(rule, 36'000)->rated;
    const auto seconds = rated.shares.back().band == 0 ? rated.shares.back().seconds : 0;
    EXPECT_EQ(rows[next++].at(2), seconds == 0 ? "none" : seconds == 3'600 ? "one hour" : "two hours");
  }
}

TEST(RatingDocs, TwoSessionsRatedAsOneOrTwo) {
  const rating::Stretch parts[] = {{.begin = {}, .seconds = 360},
                                   {.begin = timing::UtcMs{std::chrono::hours{1}}, .seconds = 360}};
  const auto charge = [&](std::span<const rating::Stretch> stretches) {
    return std::to_string(rating::rate({}, {.stretches = stretches})->minutes);
  };
  const auto apart = charge({parts, 1}) + " + " + charge({parts + 1, 1});
  const auto together = charge(parts);
  const std::vector<std::vector<std::string>> want{
      {"joined as a series, same day", apart, together, together},
      {"not joined, same day", apart, apart, together},
      {"not joined, two days", apart, apart, apart}};
  EXPECT_EQ(table("two sessions of 6:00"), want);
}

TEST(RatingDocs, TheFileIsATemplateAsItIsPrinted) {
  const auto all = examples("templates show");
  ASSERT_EQ(all.size(), 1U);
  const auto read = rule_text::read_template(all[0].printed);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(rule_text::template_text(*read), all[0].printed);
}

}  // namespace
}  // namespace collector::commands
