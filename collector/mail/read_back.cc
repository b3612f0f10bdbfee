#include "collector/mail/read_back.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>

#include "collector/mail/text.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Ref = std::unique_ptr<T, Unref>;
struct Free {
  void operator()(char* text) const { g_free(text); }
};

Ref<GMimeParser> parser_of(std::string_view bytes) {
  static const bool started = (g_mime_init(), true);
  static_cast<void>(started);
  const Ref<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
  return Ref<GMimeParser>{g_mime_parser_new_with_stream(stream.get())};
}

// Null for what is none.
Ref<GMimeMessage> message_of(std::string_view raw) {
  const auto parser = parser_of(raw);
  return Ref<GMimeMessage>{g_mime_parser_construct_message(parser.get(), nullptr)};
}

bool is_type(GMimeObject* object, const char* type, const char* subtype) {
  const auto* found = g_mime_object_get_content_type(object);
  return found != nullptr && g_mime_content_type_is_type(const_cast<GMimeContentType*>(found), type, subtype);
}

// The part's content as it was before it was encoded for the way.
std::string content_of(GMimeObject* part) {
  if (!GMIME_IS_PART(part)) return {};
  auto* content = g_mime_part_get_content(GMIME_PART(part));
  if (content == nullptr) return {};
  const Ref<GMimeStream> out{g_mime_stream_mem_new()};
  g_mime_data_wrapper_write_to_stream(content, out.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
  std::string text(bytes->len, '\0');
  std::copy_n(bytes->data, bytes->len, text.begin());
  std::erase(text, '\r');
  return text;
}

// The first of that type among the object and what is in it; null if there is none.
GMimeObject* find_part(GMimeObject* object, const char* type, const char* subtype) {
  if (object == nullptr || is_type(object, type, subtype)) return object;
  if (!GMIME_IS_MULTIPART(object)) return nullptr;
  auto* parts = GMIME_MULTIPART(object);
  for (int i = 0; i < g_mime_multipart_get_count(parts); ++i) {
    if (auto* found = find_part(g_mime_multipart_get_part(parts, i), type, subtype)) return found;
  }
  return nullptr;
}

std::string header(GMimeObject* object, const char* name) {
  const char* value = g_mime_object_get_header(object, name);
  return value == nullptr ? std::string{} : one_line(value, 500);
}

// What stands behind "rfc822;" in such a field.
std::string behind_type(const std::string& field) {
  const auto at = field.find(';');
  return one_line(at == std::string::npos ? field : std::string_view{field}.substr(at + 1), 500);
}

std::string without_brackets(std::string id) {
  id = one_line(id, 500);
  if (id.starts_with('<')) id.erase(0, 1);
  if (id.ends_with('>')) id.pop_back();
  return id;
}

// Groups of fields with an empty line between them: of the mail, then one for each recipient.
std::vector<std::string> groups_of(const std::string& status) {
  std::vector<std::string> groups;
  std::size_t at = 0;
  while (at < status.size()) {
    const auto end = std::min(status.find("\n\n", at), status.size());
    if (const auto group = status.substr(at, end - at); group.find(':') != std::string::npos)
      groups.push_back(group + "\n\n");
    at = status.find_first_not_of('\n', end);
  }
  return groups;
}

std::optional<DsnRecipient> recipient_of(const std::string& group) {
  const auto parser = parser_of(group);
  const Ref<GMimeObject> fields{g_mime_parser_construct_part(parser.get(), nullptr)};
  if (!fields) return std::nullopt;
  auto address = behind_type(header(fields.get(), "Original-Recipient"));
  if (address.empty()) address = behind_type(header(fields.get(), "Final-Recipient"));
  DsnRecipient recipient{.address = std::move(address),
                         .action = header(fields.get(), "Action"),
                         .status = header(fields.get(), "Status"),
                         .diagnostic = behind_type(header(fields.get(), "Diagnostic-Code"))};
  for (char& c : recipient.action) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (recipient.address.empty() || recipient.action.empty()) return std::nullopt;
  return recipient;
}

// Of the mail that came back, or of what came back of it.
std::string original_message_id(GMimeObject* report) {
  if (auto* whole = find_part(report, "message", "rfc822");
      whole != nullptr && GMIME_IS_MESSAGE_PART(whole)) {
    auto* message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(whole));
    const char* id = message == nullptr ? nullptr : g_mime_message_get_message_id(message);
    if (id != nullptr) return without_brackets(id);
  }
  if (auto* headers = find_part(report, "text", "rfc822-headers")) {
    const auto text = content_of(headers) + "\n\n";
    const auto parser = parser_of(text);
    const Ref<GMimeObject> fields{g_mime_parser_construct_part(parser.get(), nullptr)};
    if (fields) return without_brackets(header(fields.get(), "Message-ID"));
  }
  return {};
}

}  // namespace

base::Result<std::string> plain_text_of(std::string_view raw) {
  const auto message = message_of(raw);
  auto* part = message ? find_part(g_mime_message_get_mime_part(message.get()), "text", "plain") : nullptr;
  if (part == nullptr || !GMIME_IS_TEXT_PART(part))
    return fail(ErrorCode::invalid_argument, "this is no mail with a plain text");
  const std::unique_ptr<char, Free> text{g_mime_text_part_get_text(GMIME_TEXT_PART(part))};
  std::string plain = text ? text.get() : "";
  std::erase(plain, '\r');
  return plain;
}

base::Result<Dsn> dsn_of(std::string_view raw) {
  const auto refuse = [](const char* why) { return fail(ErrorCode::invalid_argument, why); };
  const auto message = message_of(raw);
  auto* report =
      message ? find_part(g_mime_message_get_mime_part(message.get()), "multipart", "report") : nullptr;
  if (report == nullptr) return refuse("this is no report of a mail server (multipart/report, RFC 3464)");
  auto* status = find_part(report, "message", "delivery-status");
  if (status == nullptr) return refuse("this report has no delivery status in it");
  Dsn dsn{.message_id = original_message_id(report), .recipients = {}};
  for (const auto& group : groups_of(content_of(status))) {
    if (auto recipient = recipient_of(group)) dsn.recipients.push_back(std::move(*recipient));
  }
  if (dsn.recipients.empty()) return refuse("this report names no recipient");
  return dsn;
}

}  // namespace collector::mail
