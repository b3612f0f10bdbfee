// `review`: what waits for a person, why, and letting it go or holding it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace collector::commands {

inline constexpr std::int64_t kReviewsOnATerminal = 50;

struct ReviewListOptions {
  std::filesystem::path config;
  std::optional<std::string> customer = {};  // A code.
  std::optional<std::string> reason = {};    // The code of one.
  std::optional<std::int64_t> limit = {};  // The oldest so many; absent: kReviewsOnATerminal, or all as JSON.
  bool json = false;
};
// Oldest first: what waited longest is on top.
int run_review_list(const ReviewListOptions& options, std::ostream& out, std::ostream& err);

struct ReviewDecideOptions {
  std::filesystem::path config;
  std::vector<std::int64_t> sessions = {};
  std::vector<std::string> only = {};  // Release: these reasons alone, by their codes.
  std::string reason = {};             // Why.
  bool preview = false;
  bool json = false;
};
int run_review_release(const ReviewDecideOptions& options, std::ostream& out, std::ostream& err);
// What came after billing about billed sessions changes nothing.
int run_review_dismiss(const ReviewDecideOptions& options, std::ostream& out, std::ostream& err);
int run_review_hold(const ReviewDecideOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
