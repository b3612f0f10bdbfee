// An X.509 certificate, read.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/crypto/digest.h"
#include "common/timing/utc.h"

struct x509_st;

namespace crypto {

// Copies share the certificate, which never changes.
class Certificate {
 public:
  // corrupt if the bytes are no certificate, or something follows it.
  [[nodiscard]] static base::Result<Certificate> from_der(std::string_view der);
  // The first certificate of `pem`.
  [[nodiscard]] static base::Result<Certificate> from_pem(std::string_view pem);
  // Takes over one reference of `certificate`. For common/crypto and common/tls.
  static Certificate adopt(x509_st* certificate);

  std::string der() const;
  std::string pem() const;

  // SHA-256 of der().
  Digest digest() const;
  // The subject's common name, empty if it has none.
  std::string common_name() const;
  timing::UtcMs not_before() const;
  timing::UtcMs not_after() const;

  x509_st* native() const { return certificate_.get(); }

 private:
  explicit Certificate(std::shared_ptr<x509_st> certificate) : certificate_{std::move(certificate)} {}

  std::shared_ptr<x509_st> certificate_;
};

}  // namespace crypto
