// A program that ends as it is told: reads "exit N" or "crash" from its standard input; at the end of the
// input it exits with 0. Tests copy it to names of AnyDesk.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#ifdef _WIN32
#include <windows.h>
#endif

int main() {
#ifndef _WIN32
  // A sanitizer's handlers would make exits of signals.
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP}) std::signal(number, SIG_DFL);
#endif
  char line[64] = "";
  std::puts("ready");
  std::fflush(stdout);
  if (std::fgets(line, sizeof line, stdin) == nullptr) return 0;
  if (std::strncmp(line, "crash", 5) == 0) {
#ifdef _WIN32
    // Without the dialogue, and the debugger that wine would start.
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    SetUnhandledExceptionFilter([](EXCEPTION_POINTERS*) -> LONG { return EXCEPTION_EXECUTE_HANDLER; });
    RaiseException(EXCEPTION_ACCESS_VIOLATION, 0, 0, nullptr);
#else
    std::raise(SIGSEGV);
#endif
  }
  std::_Exit(std::atoi(line + 4));
}
