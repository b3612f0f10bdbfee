// Preloaded into a program, this shows it a wrong date: the environment's DESKLEDGER_CLOCK_SHIFT_S seconds
// later, or earlier if negative. Clocks that measure durations stay right, as on a machine whose date was
// mistyped.
//
// The sanitizers ask for the time from within their own malloc: nothing here may allocate, wait or begin
// anything at the first call.

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

std::time_t shift_s = 0;

__attribute__((constructor)) void read_shift() {
  if (const char* text = std::getenv("DESKLEDGER_CLOCK_SHIFT_S")) shift_s = std::strtol(text, nullptr, 10);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* at) {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, at));
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += shift_s;
  return result;
}

extern "C" int gettimeofday(timeval* at, void*) noexcept {
  timespec now{};
  const int result = ::clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return result;
}

extern "C" std::time_t time(std::time_t* at) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (at != nullptr) *at = now.tv_sec;
  return now.tv_sec;
}
