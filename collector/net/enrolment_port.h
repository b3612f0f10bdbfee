// The conversation on /v1/enroll. Used by AgentServer alone.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "collector/net/port.h"
#include "common/websocket/connection.h"

namespace collector::net {

// Answers one EnrollRequest and says farewell. `key` is the address as the limits know it.
[[nodiscard]] boost::asio::awaitable<void> serve_enrolment(Port& port, websocket::Connection& socket,
                                                           std::string address, std::string key);

}  // namespace collector::net
