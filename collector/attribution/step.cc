#include "collector/attribution/step.h"

namespace collector::attribution {

std::string_view to_string(Mark mark) {
  switch (mark) {
    case Mark::info: return "info";
    case Mark::pass: return "pass";
    case Mark::fail: return "fail";
  }
  return "info";
}

}  // namespace collector::attribution
