#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <list>
#include <utility>

#include "agent/process/exit_code.h"
#include "agent/process/process_watch.h"
#include "agent/process/program.h"

namespace agent::process {

namespace {

class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_{handle} {}
  Handle(Handle&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (handle_ != nullptr) ::CloseHandle(handle_);
  }
  [[nodiscard]] HANDLE get() const { return handle_; }

 private:
  HANDLE handle_;
};

bool signalled(HANDLE handle) {
  return ::WaitForSingleObject(handle, 0) == WAIT_OBJECT_0;
}

// Of the long path only what is ASCII matters here.
bool runs_program(const std::wstring& path, std::string_view stem) {
  std::string narrow;
  for (const wchar_t c : path) narrow.push_back(c < 0x80 ? static_cast<char>(c) : '?');
  return is_program(narrow, stem);
}

// Empty if we may not know.
std::wstring program_of(HANDLE process) {
  std::wstring path(32'768, L'\0');
  DWORD length = static_cast<DWORD>(path.size());
  if (::QueryFullProcessImageNameW(process, 0, path.data(), &length) == 0) return {};
  path.resize(length);
  return path;
}

class Watched {
 public:
  // Sets `event` when the process ends. See armed().
  Watched(const Identity& who, Handle process, HANDLE event) : who_{who}, process_{std::move(process)} {
    // A thread of the system waits for up to 63 processes; it only sets the event.
    if (::RegisterWaitForSingleObject(&wait_, process_.get(), &Watched::on_end, event, INFINITE,
                                      WT_EXECUTEONLYONCE | WT_EXECUTEINWAITTHREAD) == 0) {
      wait_ = nullptr;
    }
  }
  // Returns when the callback runs no more.
  ~Watched() {
    if (wait_ != nullptr) ::UnregisterWaitEx(wait_, INVALID_HANDLE_VALUE);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  [[nodiscard]] bool armed() const { return wait_ != nullptr; }
  [[nodiscard]] const Identity& who() const { return who_; }
  [[nodiscard]] bool ended() const { return signalled(process_.get()); }
  [[nodiscard]] EndCause cause() const {
    DWORD code = 0;
    if (::GetExitCodeProcess(process_.get(), &code) == 0) return EndCause::unknown;
    return cause_of_exit_code(code);
  }

 private:
  static void CALLBACK on_end(void* event, BOOLEAN) { ::SetEvent(event); }

  Identity who_;
  Handle process_;
  HANDLE wait_ = nullptr;
};

class WindowsProcessWatch final : public ProcessWatch {
 public:
  explicit WindowsProcessWatch(std::string stem)
      // By hand, so that it stays set until drain().
      : event_{::CreateEventW(nullptr, TRUE, FALSE, nullptr)}, stem_{std::move(stem)} {}

  [[nodiscard]] base::Waitable waitable() const override { return event_.get(); }
  [[nodiscard]] Look watch(std::uint32_t pid) override;
  void forget(std::uint32_t pid) override;
  [[nodiscard]] std::vector<End> drain() override;

 private:
  Handle event_;
  std::string stem_;
  std::list<Watched> watched_;  // Some of them may have had the same pid. Ends before the event does.
};

Look WindowsProcessWatch::watch(std::uint32_t pid) {
  for (const Watched& watched : watched_) {
    if (watched.who().pid == pid && !watched.ended()) return {Seen::alive, watched.who()};
  }
  Handle process{::OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid)};
  if (process.get() == nullptr) {
    return {::GetLastError() == ERROR_INVALID_PARAMETER ? Seen::gone : Seen::unknown, std::nullopt};
  }
  // Windows ignores the last two bits of the number it is asked for. And an ended process is there as long
  // as anybody holds it.
  if (::GetProcessId(process.get()) != pid || signalled(process.get())) return {Seen::gone, std::nullopt};
  const std::wstring program = program_of(process.get());
  FILETIME born{}, ended{}, in_kernel{}, in_user{};
  if (program.empty() || ::GetProcessTimes(process.get(), &born, &ended, &in_kernel, &in_user) == 0) {
    return {signalled(process.get()) ? Seen::gone : Seen::unknown, std::nullopt};
  }
  if (!runs_program(program, stem_)) return {Seen::not_anydesk, std::nullopt};
  const Identity who{.pid = pid, .born = (std::uint64_t{born.dwHighDateTime} << 32) | born.dwLowDateTime};
  if (!watched_.emplace_back(who, std::move(process), event_.get()).armed()) {
    watched_.pop_back();
    return {Seen::unknown, std::nullopt};
  }
  return {Seen::alive, who};
}

void WindowsProcessWatch::forget(std::uint32_t pid) {
  watched_.remove_if([&](const Watched& watched) { return watched.who().pid == pid; });
}

std::vector<End> WindowsProcessWatch::drain() {
  // Before looking: what ends from here on sets it again.
  ::ResetEvent(event_.get());
  std::vector<End> ends;
  watched_.remove_if([&](const Watched& watched) {
    if (!watched.ended()) return false;
    ends.push_back({watched.who(), watched.cause()});
    return true;
  });
  return ends;
}

}  // namespace

std::unique_ptr<ProcessWatch> system_process_watch(std::string program_stem) {
  return std::make_unique<WindowsProcessWatch>(std::move(program_stem));
}

}  // namespace agent::process
