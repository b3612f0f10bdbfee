#include "collector/mail/page.h"

#include <gmime/gmime.h>

#include <memory>

#include "collector/mail/values.h"

namespace collector::mail {

namespace {

struct Free {
  void operator()(char* text) const { g_free(text); }
};

std::string base64(const std::string& bytes) {
  // GLib's bytes are unsigned; only the type of the pointer differs.
  const auto* data = reinterpret_cast<const guchar*>(bytes.data());
  return std::unique_ptr<char, Free>{g_base64_encode(data, bytes.size())}.get();
}

}  // namespace

std::string page_of(const Rendered& rendered, const MailInput& input) {
  auto html = rendered.html;
  if (!input.logo) return html;
  const auto from = "\"cid:" + logo_id(input) + "\"";
  const auto to = "\"data:image/" + input.logo->subtype + ";base64," + base64(input.logo->bytes) + "\"";
  for (auto at = html.find(from); at != html.npos; at = html.find(from, at + to.size()))
    html.replace(at, from.size(), to);
  return html;
}

}  // namespace collector::mail
