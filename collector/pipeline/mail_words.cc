#include "collector/pipeline/mail_words.h"

namespace collector::pipeline {

base::Result<std::shared_ptr<const mail::Templates>> words_for(store::Transaction&, mail::Kind,
                                                               std::string_view, std::string_view) {
  static const auto shipped = mail::Templates::load(mail::default_texts());
  if (!shipped) return std::unexpected{shipped.error()};
  static const auto shared = std::make_shared<const mail::Templates>(*shipped);
  return shared;
}

}  // namespace collector::pipeline
