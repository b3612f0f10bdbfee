#include "tests/stories/mail_text.h"

#include <gmime/gmime.h>

#include <memory>
#include <stdexcept>

namespace stories {

namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, Unref>;

}  // namespace

std::string readable(const std::string& raw) {
  g_mime_init();
  const Held<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(raw.data(), raw.size())};
  const Held<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
  const Held<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
  if (!message) throw std::runtime_error("this is no mail");
  auto* body = g_mime_message_get_mime_part(message.get());
  while (GMIME_IS_MULTIPART(body)) body = g_mime_multipart_get_part(GMIME_MULTIPART(body), 0);
  if (!GMIME_IS_TEXT_PART(body)) throw std::runtime_error("the mail has no text");
  char* decoded = g_mime_text_part_get_text(GMIME_TEXT_PART(body));
  std::string text = std::string{g_mime_message_get_subject(message.get())} + "\n\n" + decoded;
  g_free(decoded);
  return text;
}

}  // namespace stories
