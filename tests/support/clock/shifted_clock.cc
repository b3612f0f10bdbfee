// Preloaded into a program, this shows it a wrong date: the environment's DESKLEDGER_CLOCK_SHIFT_S seconds
// later, or earlier if negative. Clocks that measure durations stay right, as on a machine whose date was
// mistyped.

#include <dlfcn.h>
#include <sys/time.h>

#include <cstdlib>
#include <ctime>

namespace {

std::time_t shift() {
  static const char* text = std::getenv("DESKLEDGER_CLOCK_SHIFT_S");
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* at) {
  static const auto real = next<int (*)(clockid_t, timespec*)>("clock_gettime");
  const int result = real(clock, at);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += shift();
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
