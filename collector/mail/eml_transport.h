// Mails as files in a folder, for sites whose own mailer picks them up, for demonstrations and for drills.

#pragma once

#include <filesystem>

#include "collector/mail/transport.h"

namespace collector::mail {

// Writes <folder>/<message-id>.eml, readable by the owner only, whole or not at all: the bytes and the folder
// entry are on disk before `delivered` is returned. The same mail again is delivered without a write; another
// mail under the same name, or a message id that is no file name, is refused. Where the folder or its disk
// does not take it, it is unavailable. The envelope is not looked at: the file is the mail as it was
// composed.
class EmlTransport final : public Transport {
 public:
  explicit EmlTransport(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Delivery deliver(const Envelope& envelope, std::string_view raw) override;

 private:
  std::filesystem::path folder_;  // Must exist.
};

}  // namespace collector::mail
