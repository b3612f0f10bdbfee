// trace_generate FOLDER              writes every script's trace below FOLDER (tests/data).
// trace_generate --large BYTES FILE  writes one large trace for measurements.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/support/trace/scripts.h"

namespace {

bool write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out{path, std::ios::binary};
  out << text;
  out.flush();
  if (!out) std::cerr << "trace_generate: writing " << path << " failed\n";
  return static_cast<bool>(out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string{argv[1]} == "--large") {
    return write(argv[3], support::trace::make_large(std::stoull(argv[2]))) ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  if (argc != 2) {
    std::cerr << "usage: trace_generate FOLDER | trace_generate --large BYTES FILE\n";
    return 2;
  }
  bool all = true;
  for (const support::trace::Script& script : support::trace::scripts()) {
    const std::filesystem::path path =
        std::filesystem::path{argv[1]} / script.folder / (std::string{script.name} + ".trace");
    all = write(path, support::trace::make(script.name).trace) && all;
    std::cout << path.string() << ": " << script.what << "\n";
  }
  return all ? EXIT_SUCCESS : EXIT_FAILURE;
}
