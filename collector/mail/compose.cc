#include "collector/mail/compose.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "collector/mail/address.h"
#include "collector/mail/language_tag.h"
#include "collector/mail/render.h"
#include "collector/mail/text.h"
#include "collector/mail/values.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Ref = std::unique_ptr<T, Unref>;

struct FreeOptions {
  void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};

void start_gmime_once() {
  static const bool started = (g_mime_init(), true);
  static_cast<void>(started);
}

bool is_word(std::string_view text, std::string_view others, std::size_t max_bytes) {
  return text.size() <= max_bytes && std::ranges::all_of(text, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != others.npos;
         });
}

base::Status check(const MailInput& input) {
  const auto refuse = [](std::string_view what, std::string_view value) {
    return fail(ErrorCode::invalid_argument,
                "the " + std::string{what} + " '" + one_line(value) + "' cannot be used");
  };
  if (!is_address(input.recipient)) return refuse("recipient's address", input.recipient);
  if (!is_address(input.sender_address)) return refuse("sender's address", input.sender_address);
  if (!is_message_id(input.message_id)) return refuse("message id", input.message_id);
  if (input.reference.empty() || !is_word(input.reference, "._:-", 128))
    return refuse("reference", input.reference);
  return {};
}

// Starts with "=_", which quoted-printable text cannot contain, and differs from mail to mail, so that one
// mail can be forwarded inside another. The hash is FNV-1a, 64 bits.
std::string boundary_of(std::string_view message_id) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : message_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  char text[32];
  std::snprintf(text, sizeof text, "=_dl-%016llx", static_cast<unsigned long long>(hash));
  return text;
}

// `content` is copied.
Ref<GMimePart> part_of(const char* type, const char* subtype, const std::string& content,
                       GMimeContentEncoding encoding) {
  Ref<GMimePart> part{g_mime_part_new_with_type(type, subtype)};
  const Ref<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(content.data(), content.size())};
  const Ref<GMimeDataWrapper> wrapper{
      g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
  g_mime_part_set_content(part.get(), wrapper.get());
  g_mime_part_set_content_encoding(part.get(), encoding);
  return part;
}

// Line ends in `content` are LF.
void add_text(GMimeMultipart* multipart, const char* subtype, const std::string& content) {
  const auto part = part_of("text", subtype, content, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
  g_mime_multipart_add(multipart, GMIME_OBJECT(part.get()));
}

// The HTML and the logo that it shows, as one thing (RFC 2387).
void add_html_with_logo(GMimeMultipart* alternatives, const std::string& html, const MailInput& input) {
  const Ref<GMimeMultipart> related{g_mime_multipart_new_with_subtype("related")};
  g_mime_multipart_set_boundary(related.get(), boundary_of(input.message_id + " logo").c_str());
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(related.get()), "type", "text/html");
  add_text(related.get(), "html", html);
  const auto& logo = *input.logo;
  const auto picture = part_of("image", logo.subtype.c_str(), logo.bytes, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_part_set_content_id(picture.get(), logo_id(input).c_str());
  g_mime_object_set_disposition(GMIME_OBJECT(picture.get()), GMIME_DISPOSITION_INLINE);
  g_mime_part_set_filename(picture.get(), ("logo." + logo.subtype).c_str());
  g_mime_multipart_add(related.get(), GMIME_OBJECT(picture.get()));
  g_mime_multipart_add(alternatives, GMIME_OBJECT(related.get()));
}

void add_mailbox(InternetAddressList* list, const std::string& name, const std::string& address) {
  const Ref<InternetAddress> mailbox{
      internet_address_mailbox_new(header_line(name, 120).c_str(), address.c_str())};
  internet_address_set_charset(mailbox.get(),
                               "utf-8");  // Else GMime picks a legacy charset, iso-8859-7 for Greek.
  internet_address_list_add(list, mailbox.get());
}

void set_headers(GMimeMessage* message, const MailInput& input, const std::string& subject) {
  add_mailbox(g_mime_message_get_from(message), input.sender_name, input.sender_address);
  add_mailbox(g_mime_message_get_to(message),
              input.recipient_name.empty() ? input.customer : input.recipient_name, input.recipient);
  g_mime_message_set_subject(message, subject.c_str(), "utf-8");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(input.date).time_since_epoch().count();
  if (GDateTime* date = g_date_time_new_from_unix_utc(seconds)) {
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
  }
  g_mime_message_set_message_id(message, input.message_id.c_str());
  auto* object = GMIME_OBJECT(message);
  g_mime_object_set_header(object, "Auto-Submitted", "auto-generated",
                           "utf-8");  // RFC 3834: no auto-replies please.
  g_mime_object_set_header(object, "X-Deskledger-Batch", input.reference.c_str(), "utf-8");
}

std::string bytes_of(GMimeMessage* message) {
  const std::unique_ptr<GMimeFormatOptions, FreeOptions> options{g_mime_format_options_new()};
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  const Ref<GMimeStream> out{g_mime_stream_mem_new()};
  g_mime_object_write_to_stream(GMIME_OBJECT(message), options.get(), out.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
  std::string raw(bytes->len, '\0');
  std::copy_n(bytes->data, bytes->len, raw.begin());
  return raw;
}

}  // namespace

base::Result<std::string> compose(const MailInput& input, const Templates& templates) {
  if (const auto status = check(input); !status) return std::unexpected{status.error()};
  const auto rendered = render(input, templates);
  if (!rendered) return std::unexpected{rendered.error()};

  start_gmime_once();
  const Ref<GMimeMessage> message{g_mime_message_new(TRUE)};
  set_headers(message.get(), input, rendered->subject);
  const Ref<GMimeMultipart> alternatives{g_mime_multipart_new_with_subtype("alternative")};
  g_mime_multipart_set_boundary(alternatives.get(), boundary_of(input.message_id).c_str());
  if (is_language(input.language)) {  // GMime keeps Content- headers on the body, not on the message.
    g_mime_object_set_header(GMIME_OBJECT(alternatives.get()), "Content-Language", input.language.c_str(),
                             "utf-8");
  }
  add_text(alternatives.get(), "plain", rendered->text);
  if (input.logo && rendered->html.find("cid:" + logo_id(input)) != std::string::npos) {
    add_html_with_logo(alternatives.get(), rendered->html, input);
  } else {
    add_text(alternatives.get(), "html", rendered->html);
  }
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(alternatives.get()));
  return bytes_of(message.get());
}

}  // namespace collector::mail
