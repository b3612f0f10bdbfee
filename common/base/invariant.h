// The assertion that stays on.
//
// For what only our own mistake can break where minutes and money are
// concerned: better to stop than to charge wrongly. Never for what the world
// sends us, and never for what a caller may get wrong in good faith.

#pragma once

#include <cstdio>
#include <cstdlib>

namespace base {

// Prints the expression and its place on standard error and aborts. From any thread.
[[noreturn]] inline void invariant_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: invariant does not hold: %s\n", file, line, expression);
  std::abort();
}

}  // namespace base

// Evaluates `expression` exactly once, in every build.
#define DESKLEDGER_ASSERT(expression)                   \
  (static_cast<bool>(expression) ? static_cast<void>(0) \
                                 : ::base::invariant_failed(#expression, __FILE__, __LINE__))
