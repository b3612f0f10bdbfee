// Result<T>: a value, or the Error that explains why there is none.
//
// An alias of std::expected. libstdc++ 12 has neither its monadic members nor
// [[nodiscard]] on the class, so: test it and return, and write [[nodiscard]]
// on every function that returns one.

#pragma once

#include <expected>
#include <string>
#include <utility>

#include "common/base/error.h"

namespace base {

template <class T>
using Result = std::expected<T, Error>;

using Status = Result<void>;

// `return fail(ErrorCode::not_found, "...")` in any function returning a Result.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected<Error>{Error{code, std::move(message)}};
}

// The same error, with what *we* were attempting put in front of it.
[[nodiscard]] inline std::unexpected<Error> fail(std::string attempted, const Error& cause) {
  return std::unexpected<Error>{Error{cause.code, std::move(attempted) + ": " + cause.message}};
}

}  // namespace base
