#include <windows.h>

#include <array>
#include <stdexcept>

#include "tests/agent/process/victim.h"

namespace victim {

std::filesystem::path copy_to(const std::filesystem::path& folder, const std::string& name) {
  std::array<wchar_t, 1024> own{};
  ::GetModuleFileNameW(nullptr, own.data(), static_cast<DWORD>(own.size()));
  const auto from = std::filesystem::path{own.data()}.parent_path() / "agent_process_victim.exe";
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(from, folder / (name + ".exe"),
                             std::filesystem::copy_options::overwrite_existing);
  return folder / (name + ".exe");
}

Process::Process(const std::filesystem::path& program, Parent) {
  SECURITY_ATTRIBUTES inherit{
      .nLength = sizeof inherit, .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
  HANDLE input = nullptr;
  HANDLE ready = nullptr;
  HANDLE output = nullptr;
  if (!::CreatePipe(&input, &input_, &inherit, 0) || !::CreatePipe(&ready, &output, &inherit, 0)) {
    throw std::runtime_error{"CreatePipe"};
  }
  ::SetHandleInformation(input_, HANDLE_FLAG_INHERIT, 0);
  ::SetHandleInformation(ready, HANDLE_FLAG_INHERIT, 0);
  STARTUPINFOW start{};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdInput = input;
  start.hStdOutput = output;
  start.hStdError = output;
  PROCESS_INFORMATION made{};
  const BOOL started = ::CreateProcessW(program.wstring().c_str(), nullptr, nullptr, nullptr, TRUE,
                                        CREATE_NO_WINDOW, nullptr, nullptr, &start, &made);
  ::CloseHandle(input);
  ::CloseHandle(output);
  if (!started) throw std::runtime_error{"CreateProcess " + std::to_string(::GetLastError())};
  ::CloseHandle(made.hThread);
  process_ = made.hProcess;
  pid_ = made.dwProcessId;
  char letter = 0;
  DWORD got = 0;
  const BOOL read = ::ReadFile(ready, &letter, 1, &got, nullptr);
  ::CloseHandle(ready);
  if (!read || got != 1) throw std::runtime_error{"the victim did not start"};
}

Process::~Process() {
  if (input_ != nullptr) ::CloseHandle(input_);
  ::TerminateProcess(process_, 1);
  ::WaitForSingleObject(process_, INFINITE);
  ::CloseHandle(process_);
}

void Process::tell(const std::string& line) {
  DWORD written = 0;
  if (!::WriteFile(input_, line.data(), static_cast<DWORD>(line.size()), &written, nullptr)) {
    throw std::runtime_error{"the victim does not listen"};
  }
  ::CloseHandle(input_);
  input_ = nullptr;
}

void Process::end(std::uint32_t how) {
  ::TerminateProcess(process_, how);
}

void Process::reap() {
  ::WaitForSingleObject(process_, INFINITE);
}

}  // namespace victim
