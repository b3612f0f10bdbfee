#include "tests/agent/windows/program.h"

#include <gtest/gtest.h>
#include <windows.h>

#include <fstream>
#include <sstream>

#include "agent/identity/identity.h"
#include "agent/platform/command_line.h"
#include "common/base/path.h"

namespace windows_tests {

namespace fs = std::filesystem;

Ran run_agent_program(const std::vector<std::string>& arguments) {
  const auto output =
      fs::path{testing::TempDir()} / ("agent_" + std::to_string(GetCurrentProcessId()) + ".txt");
  SECURITY_ATTRIBUTES inherited{
      .nLength = sizeof inherited, .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
  const HANDLE file = CreateFileW(output.c_str(), GENERIC_WRITE, FILE_SHARE_READ, &inherited, CREATE_ALWAYS,
                                  FILE_ATTRIBUTE_NORMAL, nullptr);
  STARTUPINFOW start{};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdOutput = start.hStdError = file;
  PROCESS_INFORMATION process{};
  auto line = base::path_of(agent::platform::command_line(
                                fs::absolute(AGENT_PROGRAM).make_preferred().string(), arguments))
                  .wstring();
  Ran ran;
  const bool started = CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr,
                                      &start, &process) != 0;
  CloseHandle(file);
  if (!started) return ran;
  if (WaitForSingleObject(process.hProcess, 60'000) == WAIT_OBJECT_0) {
    DWORD code = 0;
    GetExitCodeProcess(process.hProcess, &code);
    ran.code = static_cast<int>(code);
  } else {
    TerminateProcess(process.hProcess, 1);
  }
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  std::ostringstream text;
  text << std::ifstream{output, std::ios::binary}.rdbuf();
  ran.text = text.str();
  return ran;
}

void enrol_nowhere(const fs::path& folder) {
  ASSERT_TRUE(agent::identity::save(
      folder, {.agent_id = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value(),
               .epoch = 1,
               .workstation = "WS-07",
               .collector_host = "127.0.0.1",
               .collector_port = 9,
               .collector_key = {}}));
}

namespace {

// Neither remove_all nor directory_iterator of libstdc++ 12 gets through paths beyond 260 characters.
void empty_out(const fs::path& folder) {
  WIN32_FIND_DATAW found{};
  const HANDLE search = FindFirstFileW((folder / L"*").c_str(), &found);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    const std::wstring name = found.cFileName;
    if (name == L"." || name == L"..") continue;
    const auto path = folder / name;
    if ((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
      empty_out(path);
    } else {
      DeleteFileW(path.c_str());
    }
  } while (FindNextFileW(search, &found) != 0);
  FindClose(search);
  RemoveDirectoryW(folder.c_str());
}

}  // namespace

fs::path test_folder() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  auto folder = fs::path{testing::TempDir()} / u8"υπολογιστής γραφείου" /
                (std::string{info->test_suite_name()} + "_" + info->name());
  empty_out(fs::path{L"\\\\?\\" + fs::absolute(folder).make_preferred().native()});
  fs::create_directories(folder);
  return folder;
}

fs::path long_test_folder() {
  auto folder = test_folder();
  while (folder.native().size() < 400) folder /= u8"ένας πολύ μακρύς φάκελος με ελληνικό όνομα";
  fs::create_directories(base::extended(folder));
  return folder;
}

}  // namespace windows_tests
