#include "collector/commands/mail_logo.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

namespace collector::commands {

base::Result<std::shared_ptr<const mail::Logo>> load_logo(const Config& config) {
  if (config.mail_logo.empty()) return nullptr;
  const auto name = "mail.logo " + config.mail_logo.string();
  std::ifstream in{config.mail_logo, std::ios::binary};
  std::string bytes;
  // One byte more than may be read says that there is too much.
  for (char c = 0; bytes.size() <= mail::kLogoBytesMax && in.get(c);) bytes.push_back(c);
  if (!in.is_open() || in.bad())
    return base::fail(base::ErrorCode::not_found,
                      name + " cannot be read: " + std::generic_category().message(errno));
  auto logo = mail::read_logo(bytes);
  if (!logo) return base::fail(name, logo.error());
  return std::make_shared<const mail::Logo>(*std::move(logo));
}

}  // namespace collector::commands
