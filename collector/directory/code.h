// A short code for somebody of whom only the name was given.

#pragma once

#include <string>
#include <string_view>

namespace collector::directory {

// Lower-case ASCII letters and digits with single hyphens for what stands between, at most 24 of them: "Old
// Mill Bakery" is old-mill-bakery. Latin letters lose their accents; Greek ones are written letter by letter
// as ELOT 743 does, so that "Φούρνος Παπαδάκη" is fournos-papadaki. Other scripts are left out; of a name
// that is in none of these nothing remains: the empty text.
std::string code_from(std::string_view name);

// The `number`th code of that kind: the first is `code` itself, the second "code-2".
std::string numbered_code(const std::string& code, int number);

}  // namespace collector::directory
