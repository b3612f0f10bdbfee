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

Error explain_certificate(long verify_result) {
  switch (verify_result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {
          ErrorCode::unauthenticated,
          "the server's certificate is for another host name: the collector's certificate must name the host "
          "that agents are given"};
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {ErrorCode::unauthenticated, "the server's certificate has expired by this machine's clock"};
    default:
      return {ErrorCode::unauthenticated,
              std::string{
                  "the server's certificate is not from the collector's CA: a proxy may be intercepting ("} +
                  X509_verify_cert_error_string(verify_result) + ")"};
  }
}

Error explain_tls(const boost::system::error_code& error, long verify_result) {
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      if (verify_result != X509_V_OK) return explain_certificate(verify_result);
      break;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return {
          ErrorCode::unavailable,
          "the other side does not speak TLS: a captive portal, a proxy, or another service on this port"};
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

Error explain(const boost::system::error_code& error, long verify_result) {
  namespace asio_error = boost::asio::error;
  if (error.category() == asio_error::get_ssl_category()) return explain_tls(error, verify_result);
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
