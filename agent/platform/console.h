// What a program must do to read and write bytes, and UTF-8, on a console.

#pragma once

namespace agent::platform {

// While it lives, standard input and output carry bytes as they are (Windows would turn line ends and stop at
// Ctrl-Z) and a console shows UTF-8. Elsewhere that is so by itself. One in main(), before the first read or
// write.
class Console {
 public:
  Console();
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

 private:
  [[maybe_unused]] unsigned code_page_ = 0;  // The console's own, to be put back; 0 if there is none.
};

}  // namespace agent::platform
