// As whom, and through which account, somebody is told. Pure.

#pragma once

#include <algorithm>
#include <string>

#include "collector/pipeline/settings.h"

namespace collector::pipeline {

// The sender that `partner` is named in, for a copy to him; else the one that `customer` is named in; else
// the first one. Name and address are never empty. Codes; `partner` is empty for what goes to the customer.
inline MailSender sender_of(const Settings& settings, const std::string& customer,
                            const std::string& partner) {
  const auto names = [](const std::vector<std::string>& codes, const std::string& code) {
    return !code.empty() && std::ranges::find(codes, code) != codes.end();
  };
  const auto& all = settings.mail_senders;
  auto found = std::ranges::find_if(all, [&](const auto& one) { return names(one.partners, partner); });
  if (found == all.end())
    found = std::ranges::find_if(all, [&](const auto& one) { return names(one.customers, customer); });
  if (found == all.end()) found = all.begin();
  MailSender sender = found == all.end() ? MailSender{} : *found;
  if (sender.name.empty()) sender.name = settings.sender_name;
  if (sender.address.empty()) sender.address = settings.sender_address;
  return sender;
}

}  // namespace collector::pipeline
