// What BOOST_ASSERT does in the small agent: it ends the program as assert() does, without the name of the
// function. Beast's templates have such long ones that the names alone were a fifth of a megabyte.

#include <boost/assert.hpp>
#include <cstdio>
#include <cstdlib>

namespace boost {

void assertion_failed(const char* expression, const char* function, const char* file, long line) {
  assertion_failed_msg(expression, "failed", function, file, line);
}

void assertion_failed_msg(const char* expression, const char* message, const char*, const char* file,
                          long line) {
  std::fprintf(stderr, "%s:%ld: assertion '%s': %s\n", file, line, expression, message);
  std::abort();
}

}  // namespace boost
