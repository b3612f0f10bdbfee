#include "collector/proof/base64.h"

#include <algorithm>

#include "common/crypto/base64url.h"

namespace collector::proof {

namespace {

// The two alphabets differ in two letters.
std::string exchanged(std::string text, char from62, char from63, char to62, char to63) {
  std::ranges::replace(text, from62, to62);
  std::ranges::replace(text, from63, to63);
  return text;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  auto text = exchanged(crypto::to_base64url(bytes), '-', '_', '+', '/');
  while (text.size() % 4 != 0) text += '=';
  return text;
}

base::Result<std::string> from_base64(std::string_view text) {
  auto bare = text;
  while (bare.ends_with('=')) bare.remove_suffix(1);
  if (text.size() % 4 != 0 || text.size() - bare.size() > 2 ||
      bare.find_first_of("-_") != std::string_view::npos) {
    return base::fail(base::ErrorCode::invalid_argument, "the text is no base64");
  }
  return crypto::from_base64url(exchanged(std::string{bare}, '+', '/', '-', '_'));
}

}  // namespace collector::proof
