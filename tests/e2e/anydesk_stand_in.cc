// anydesk SCRIPT TRACE: an AnyDesk process for tests. Appends SCRIPT to TRACE with its own pid in place of
// every "@@@@@@" and stays until it is ended.

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream in{argv[1], std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  const std::string mark = "@@@@@@";
  std::string pid = std::to_string(::getpid());
  pid.insert(0, pid.size() < mark.size() ? mark.size() - pid.size() : 0, ' ');
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + pid.size())) {
    text.replace(at, mark.size(), pid);
  }
  std::ofstream{argv[2], std::ios::binary | std::ios::app} << text;
  for (;;) ::pause();
}
