// What happens in a desk story, sentence by sentence.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/stories/desk.h"

namespace stories {

class Teller {
 public:
  explicit Teller(Desk& desk) : desk_{desk} {}

  // One sentence above a ruler. Throws std::runtime_error if nobody understands it, or if it cannot be done.
  void happens(const std::string& sentence);
  // What is answered to a line below a ruler: "mary> review list", "Mail to ...", "Mails". A command that is
  // refused answers "refused: " and why.
  std::string answers(const std::string& question);
  // The newest session is taken in, with the comments behind it.
  void settle();

 private:
  bool master_data(const std::string& sentence);
  bool work(const std::string& sentence);
  bool passing_of_time(const std::string& sentence);

  Desk& desk_;
  std::vector<Work> works_;  // Each once, in the order in which they were first told of.
  bool unsettled_ = false;
};

}  // namespace stories
