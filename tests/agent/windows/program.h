// The agent's program, started by a test that is a Windows program itself.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace windows_tests {

struct Ran {
  int code = -1;
  std::string text;  // Standard output and error, as they came.
};

// Runs deskledger-agent.exe to its end; what it prints goes through a file below the temporary folder. -1 if
// it could not be started or did not end within a minute.
Ran run_agent_program(const std::vector<std::string>& arguments);

// Makes `folder` an enrolled agent's whose collector is never there.
void enrol_nowhere(const std::filesystem::path& folder);

// A folder of its own for the running test, empty, with a Greek name.
std::filesystem::path test_folder();
// The same for names that take it beyond Windows' 260 characters.
std::filesystem::path long_test_folder();

}  // namespace windows_tests
