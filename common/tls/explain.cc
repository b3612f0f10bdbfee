#include "common/tls/explain.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace tls {

namespace {

using base::Error;
using base::ErrorCode;

Error explain_certificate(const Presented& presented) {
  const std::string of = presented.server + "'s certificate";
  switch (presented.verify_result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {ErrorCode::unauthenticated,
              of + " is for another host name: it must name the host that agents are given"};
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {ErrorCode::unauthenticated,
              of + " has expired by this machine's clock: compare the clock, or have it renewed"};
    default: break;
  }
  const std::string why = X509_verify_cert_error_string(presented.verify_result);
  const std::string issuer =
      presented.issuer.empty() ? " (" + why + ")" : " but from '" + presented.issuer + "' (" + why + ")";
  if (presented.server != "the server") {
    return {ErrorCode::unauthenticated, of + " is from no CA that this system trusts" + issuer +
                                            ": have its CA installed in the system's list"};
  }
  return {
      ErrorCode::unauthenticated,
      of + " is not from the collector's CA" + issuer +
          ": a proxy, firewall or virus scanner intercepts TLS; except the collector's host and port from "
          "that. Nothing was sent"};
}

Error explain_tls(const boost::system::error_code& error, const Presented& presented) {
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      if (presented.verify_result != X509_V_OK) return explain_certificate(presented);
      break;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return {ErrorCode::unauthenticated,
              "portal: " + presented.server +
                  " does not speak TLS: a captive portal waits for somebody to sign in with a browser, or a "
                  "proxy or another service has this port"};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return {ErrorCode::unavailable, "the other side does not speak TLS 1.3"};
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return {ErrorCode::permission_denied,
              "the other side refused our certificate (" + error.message() + ")"};
    default: break;
  }
  return {ErrorCode::unavailable, "TLS failed: " + error.message()};
}

}  // namespace

Error explain(const boost::system::error_code& error, const Presented& presented) {
  namespace asio_error = boost::asio::error;
  if (error.category() == asio_error::get_ssl_category()) return explain_tls(error, presented);
  if (error == asio_error::operation_aborted) return {ErrorCode::cancelled, "stopped"};
  if (error == asio_error::connection_refused) {
    return {ErrorCode::unavailable, "connection refused: nothing listens there, or a firewall forbids it"};
  }
  if (error == asio_error::eof || error == boost::asio::ssl::error::stream_truncated ||
      error == asio_error::connection_reset) {
    return {ErrorCode::unavailable, "the other side closed the connection"};
  }
  return {ErrorCode::unavailable, error.message()};
}

}  // namespace tls
