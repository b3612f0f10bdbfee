// The mails that are kept as files under golden/: one of each kind in each language, and the cases that look
// different.

#pragma once

#include <string>
#include <vector>

#include "collector/mail/message.h"

namespace collector::mail {

struct Golden {
  std::string name;  // Of its file, without ".eml".
  MailInput input;
};

std::vector<Golden> goldens();

// Everything that somebody could put into a value: markup, tokens, line ends, controls, marks that turn the
// direction of text, bytes that are no UTF-8, and much of it.
std::vector<Golden> hostile_mails();

// As compose() makes it, with the shipped template of its kind and language.
std::string composed(const MailInput& input);

}  // namespace collector::mail
