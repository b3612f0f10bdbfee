#include "collector/commands/worked_again.h"

#include "collector/pipeline/charge_inputs.h"
#include "collector/pipeline/explanation.h"
#include "collector/rating/money.h"
#include "collector/store/templates.h"

namespace collector::commands {

namespace {

WorkedAgain not_kept(std::string why) {
  return {.again = Again::not_kept, .detail = std::move(why)};
}

}  // namespace

std::string_view to_string(Again again) {
  switch (again) {
    case Again::same: return "same";
    case Again::differs: return "differs";
    case Again::not_kept: break;
  }
  return "not_kept";
}

base::Result<WorkedAgain> work_out_again(store::Transaction& tx, const store::ChargeRow& charge) {
  if (charge.voided) return not_kept("it has no sessions any more");
  if (charge.rating_version == rating::kNotRated) return not_kept("it could not be rated");
  if (charge.inputs.empty()) return not_kept("it was made before its inputs were kept");
  if (charge.rating_version != rating::kRatingVersion)
    return not_kept("it was made by version " + std::to_string(charge.rating_version) + " of the formula");
  const auto name = store::template_name(tx, charge.template_id);
  if (!name) return std::unexpected{name.error()};
  if (!*name) return not_kept("its template is not there");
  const auto agreed = store::find_template(tx, (*name)->name, (*name)->version);
  if (!agreed) return std::unexpected{agreed.error()};
  const auto inputs = pipeline::charge_inputs_from(charge.inputs);
  if (!inputs) return WorkedAgain{.again = Again::differs, .detail = inputs.error().message};
  const auto* const calendar = inputs->calendar ? &*inputs->calendar : nullptr;
  const auto out = pipeline::work_out(agreed->rule, *inputs, calendar);
  if (out.refusal) return WorkedAgain{.again = Again::differs, .detail = *out.refusal};
  if (out.minutes == charge.minutes && out.amount == charge.amount &&
      pipeline::steps_to_json(out.steps) == charge.steps) {
    return WorkedAgain{.again = Again::same, .detail = "the same minutes, money and steps"};
  }
  auto detail = std::to_string(out.minutes) + " min";
  if (out.amount != 0)
    detail += ", " + rating::money_text(out.amount, inputs->currency) + " " + inputs->currency;
  return WorkedAgain{.again = Again::differs, .detail = detail + ", by other steps"};
}

}  // namespace collector::commands
