#include "collector/rating/explain.h"

#include "collector/rating/duration_text.h"
#include "collector/rating/money.h"
#include "collector/rating/words.h"

namespace collector::rating {

namespace {

std::string minutes_text(std::int64_t minutes) {
  return std::to_string(minutes) + " min";
}

std::string first_block_text(const Rule& rule) {
  const std::int64_t end_s = rule.first_block_s + rule.grace_s;
  std::string text = "first block: " + minutes_text(rule.first_block_s / 60);
  text += rule.boundary == Boundary::start ? " for less than " : " up to and including ";
  text += duration_text(end_s);
  if (rule.grace_s > 0) {
    text += " (" + duration_text(rule.first_block_s) + " + " + duration_text(rule.grace_s) + " grace)";
  }
  return text;
}

std::string further_text(std::int64_t n, const Rule& rule) {
  std::string text = std::to_string(n) + (n == 1 ? " further block of " : " further blocks of ") +
                     minutes_text(rule.increment_s / 60) + " begun";
  if (rule.grace_scope == GraceScope::every && rule.grace_s > 0) {
    text += ", each " + duration_text(rule.grace_s) + " later";
  }
  return text;
}

// One explanation under construction.
class Story {
 public:
  Story(const Rule& rule, const Input& input, const Rated& rated, std::string_view currency)
      : rule_{rule},
        input_{input},
        rated_{rated},
        currency_{currency},
        length_{duration_text(rated.duration_s)} {}

  std::vector<Step> tell() {
    if (rated_.basis == Basis::no_charge) {
      add("no charge", "marked as no charge; the session lasted " + length_, 0);
    } else if (rated_.basis == Basis::stated) {
      add("stated time",
          minutes_text(rated_.minutes) + " stated in the comment replace the rule; the session lasted " +
              length_,
          rated_.minutes);
    } else if (rated_.basis == Basis::free) {
      add("free time", length_ + " is not longer than the free " + duration_text(rule_.free_s), 0);
    } else {
      blocks();
      limits();
      weights();
    }
    add("charge", "charge " + minutes_text(rated_.minutes), rated_.minutes);
    price();
    return std::move(steps_);
  }

 private:
  void add(std::string what, std::string detail, std::optional<std::int64_t> so_far) {
    steps_.push_back({.what = std::move(what), .detail = std::move(detail), .minutes_so_far = so_far});
  }

  void blocks() {
    add("free time", length_ + " is longer than the free " + duration_text(rule_.free_s), 0);
    add("first block", first_block_text(rule_), rule_.first_block_s / 60);
    if (rated_.further_blocks > 0)
      add("further blocks", further_text(rated_.further_blocks, rule_), rated_.block_min);
  }

  void limits() {
    if (rule_.min_charge_min > rated_.block_min)
      add("minimum", "no less than " + minutes_text(rule_.min_charge_min) + " are charged",
          rule_.min_charge_min);
    if (rule_.max_charge_min && rated_.block_min > *rule_.max_charge_min)
      add("cap", "no more than " + minutes_text(rated_.laid_min) + " are charged for one " + group(),
          rated_.laid_min);
  }

  // What was rated as one.
  std::string group() const {
    if (input_.stretches.size() == 1) return "session";
    return rule_.round_group == RoundGroup::day ? "day" : "series";
  }

  void weights() {
    for (const Share& share : rated_.shares)
      add(weighs(share) ? "band" : "unweighted",
          duration_text(share.seconds) + " of them " + share_text(share), std::nullopt);
    weight("work type", input_.work_type, rated_.work_type_weight);
    weight("grade", input_.grade, rated_.grade_weight);
  }

  bool weighs(const Share& share) const {
    return share.band != kNoBand && rule_.bands[static_cast<std::size_t>(share.band)].weight != kPlainWeight;
  }

  std::string share_text(const Share& share) const {
    if (share.band == kNoBand) return "in no band count once";
    const Band& band = rule_.bands[static_cast<std::size_t>(share.band)];
    return "in '" + band.name + "' count " + weight_text(band.weight) + " times";
  }

  void weight(const std::string& what, const std::string& name, std::int64_t weight) {
    if (weight != kPlainWeight)
      add(what, "'" + name + "' counts " + weight_text(weight) + " times", std::nullopt);
  }

  void price() {
    if (rule_.rate_per_hour == 0 && rule_.base_fee == 0) return;
    std::string text = money(rated_.amount);
    if (!currency_.empty()) text += " " + currency_;
    if (rule_.rate_per_hour > 0) text += " at " + money(rule_.rate_per_hour) + " an hour";
    if (rule_.base_fee > 0 && rated_.minutes > 0) {
      if (rule_.rate_per_hour > 0) text += " and " + money(rule_.base_fee);
      text += " for the connection";
    }
    add("price", std::move(text), rated_.minutes);
  }

  std::string money(std::int64_t amount) const { return money_text(amount, currency_); }

  const Rule& rule_;
  const Input& input_;
  const Rated& rated_;
  const std::string currency_;
  const std::string length_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> explain(const Rule& rule, const Input& input, const Rated& rated,
                          std::string_view currency) {
  return Story{rule, input, rated, currency}.tell();
}

}  // namespace collector::rating
