#include "collector/net/enrolment_port.h"

#include <deskledger/v1/wire.pb.h>

#include <optional>

#include "collector/identity/enrolment.h"
#include "common/async/offload.h"
#include "common/logging/log.h"

namespace collector::net {

namespace wire = deskledger::v1;
using boost::asio::awaitable;
using websocket::CloseCode;

namespace {

// Nothing if the request could not be stored.
awaitable<std::optional<wire::EnrollResponse>> answer(Port& port, wire::EnrollRequest request,
                                                      std::string address, std::string key) {
  if (const auto limit = port.guard.enrol(key, port.now_ms())) {
    port.note("", "enroll_TOO_MANY", "from " + address + ": " + std::string{*limit});
    wire::EnrollResponse refused;
    refused.set_outcome(wire::EnrollResponse::TOO_MANY);
    refused.set_detail("too many enrolments at this time; try again in a minute");
    co_return refused;
  }
  base::Result<wire::EnrollResponse> response;
  co_await async::offload(port.parts.worker, [&] {
    const auto trust = port.parts.trust.get();
    const auto issuer =
        identity::issuer_of(*trust, port.parts.acknowledgement_key.public_key(), port.parts.clock_is_right);
    response = identity::enroll(port.parts.database, issuer, request, port.now());
  });
  if (!response) {
    logging::error("enrolment failed", {{"from", address}, {"reason", response.error().message}});
    co_return std::nullopt;
  }
  if (response->outcome() != wire::EnrollResponse::ACCEPTED) {
    // Told to the journal when the notes are written: a flood costs few lines.
    port.note("", identity::counter_of(*response), "from " + address + ": " + response->detail());
  } else {
    logging::info("enrolled", {{"from", address}, {"workstation", response->workstation()}});
  }
  co_return *std::move(response);
}

}  // namespace

awaitable<void> serve_enrolment(Port& port, websocket::Connection& socket, std::string address,
                                std::string key) {
  const auto bytes = co_await socket.read(port.parts.limits.first_frame);
  wire::Frame frame;
  if (!bytes || !frame.ParseFromString(*bytes) || !frame.has_enroll_request()) {
    const bool late = !bytes && bytes.error().code == base::ErrorCode::deadline_exceeded;
    port.note("", late ? "first_frame_late" : "enroll_malformed", "from " + address);
    if (!late) port.guard.strike_address(key, port.now_ms());
    co_await socket.close(CloseCode::policy, "an EnrollRequest was expected");
    co_return;
  }
  const auto response = co_await answer(port, frame.enroll_request(), address, key);
  if (!response) {
    co_await socket.close(CloseCode::internal_error, "the collector could not store the enrolment");
    co_return;
  }
  wire::Frame told;
  *told.mutable_enroll_response() = *response;
  if (auto sent = co_await socket.write(told.SerializeAsString()); !sent) co_return;
  co_await socket.close(CloseCode::normal, "");
}

}  // namespace collector::net
