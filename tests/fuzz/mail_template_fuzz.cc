// Any bytes as a mail template's file, and any bytes as what its names stand for. Nothing crashes; what
// cannot be used is refused with a reason; what can be used comes out as valid UTF-8 without a control
// character, with nothing unexpanded in it and nothing that a value could have marked up.
//
// The first byte is the kind of mail, the next two say how many of the following bytes are the values, the
// rest is the file.

#include <algorithm>
#include <string>

#include "collector/mail/compose.h"
#include "collector/mail/html_scan.h"
#include "collector/mail/render.h"
#include "collector/mail/texts.h"
#include "common/base/utf8.h"
#include "tests/fuzz/input.h"

namespace {

using fuzz::require;
using namespace collector::mail;

// Values without a percent sign, so that one in the result was left over from the template.
std::string value(fuzz::Input& input) {
  std::string text{input.take(input.number(1))};
  std::ranges::replace(text, '%', '<');
  return text;
}

MailInput input_of(Kind kind, fuzz::Input values) {
  MailInput input;
  input.kind = kind;
  input.recipient = "it@acme.example";
  input.time_zone = "UTC";
  input.sender_address = "support@example.org";
  input.message_id = "x.1@example.org";
  input.reference = "x.1";
  constexpr const char* kLanguages[] = {"en", "el", "de", "fr"};
  input.language = kLanguages[values.number(1) % 4];
  input.customer = value(values);
  input.recipient_name = value(values);
  input.sender_name = value(values);
  const auto rows = 1 + values.number(1) % 3;
  for (std::uint32_t i = 0; i < rows; ++i) {
    const auto flags = values.number(1);
    const auto number = static_cast<std::int64_t>(values.number(4)) - 0x40000000;
    if (kind == Kind::notice) {
      NoticeLine notice;
      notice.kind = static_cast<NoticeKind>(flags % 3);
      notice.contract = value(values);
      if ((flags & 4) != 0) notice.left_min = number;
      notice.balance_min = number;
      if ((flags & 8) != 0) notice.balance_money = value(values);
      if ((flags & 16) != 0)
        notice.day = std::chrono::year{static_cast<int>(number % 30'000)} / static_cast<int>(flags % 16) / 31;
      notice.part = (flags & 32) != 0;
      input.notices.push_back(std::move(notice));
      continue;
    }
    SessionLine session;
    session.started = timing::from_ms(number * 1'000);
    session.ended = session.started + std::chrono::seconds{flags * 1'000};
    session.seconds = number;
    session.charged_min = number;
    session.no_charge = (flags & 1) != 0;
    session.terminal = value(values);
    session.technician = value(values);
    session.text = value(values);
    session.steps = {{.what = "first block", .minutes = number}, {.what = value(values), .minutes = {}}};
    input.sessions.push_back(std::move(session));
    input.contracts.push_back({.name = value(values),
                               .prepaid = (flags & 2) != 0,
                               .balance_min = number,
                               .exhausted = (flags & 4) != 0,
                               .low = (flags & 8) != 0});
  }
  return input;
}

bool is_clean(const std::string& text) {
  return base::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return (c >= 0 && c < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
         });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const auto kind = static_cast<Kind>(input.number(1) % 3);
  const auto length = input.number(2) % 2'048;
  const auto values_text = input.take(length);
  const fuzz::Input values{data + (values_text.data() - reinterpret_cast<const char*>(data)),
                           values_text.size()};
  const auto texts = read_texts(input.rest());
  if (!texts) {
    require(texts.error().code == base::ErrorCode::invalid_argument && !texts.error().message.empty());
    return 0;
  }
  require(read_texts(write_texts(*texts)) == *texts || !texts->part[1].ends_with('\n') ||
          !texts->part[2].ends_with('\n'));
  const auto templates = Templates::load(kind, *texts);
  if (!templates) {
    require(templates.error().code == base::ErrorCode::invalid_argument &&
            !templates.error().message.empty());
    return 0;
  }
  const auto mail = input_of(kind, values);
  const auto rendered = render(mail, *templates);
  require(rendered.has_value());
  const bool has_percents = std::ranges::any_of(
      texts->part, [](const std::string& text) { return text.find("%%") != std::string::npos; });
  for (const auto* part : {&rendered->subject, &rendered->text, &rendered->html}) {
    require(is_clean(*part));
    require(has_percents || part->find('%') == std::string::npos);
  }
  // Whichever branches were taken, a browser finds nothing in it that the template could not have had.
  HtmlScan scan;
  for (const char c : rendered->html) require(!scan.read(c));
  require(scan.at() == HtmlScan::At::text);
  // As many tags as the template's literals have at most: no value brought one, but the <br> between the lines
  // of a comment.
  const auto open = [](const std::string& text) { return std::ranges::count(text, '<'); };
  auto html = rendered->html;
  for (auto at = html.find("<br>"); at != html.npos; at = html.find("<br>", at)) html.erase(at, 4);
  if (open((*texts)[Part::html]) == 0) require(open(html) == 0);
  require(compose(mail, *templates).has_value());
  return 0;
}
