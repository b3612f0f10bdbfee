#include "collector/commands/template_file.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "collector/rule_text/rule_text.h"

namespace collector::commands {

base::Result<rule_text::TemplateText> read_template_file(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text;
  // One byte more than may be read says that there is too much.
  for (char c = 0; text.size() <= rule_text::kTextBytesMax && in.get(c);) text.push_back(c);
  if (!in.is_open() || in.bad()) {
    return base::fail(base::ErrorCode::not_found,
                      file + " cannot be read: " + std::generic_category().message(errno));
  }
  auto read = rule_text::read_template(text);
  if (!read) return base::fail(file, read.error());
  return read;
}

}  // namespace collector::commands
