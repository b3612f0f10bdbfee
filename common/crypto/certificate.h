// An X.509 certificate, read.

#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
  // The first certificate of the PEM file `path`. secret_file.h has the errors of reading it; the message
  // names the file.
  [[nodiscard]] static base::Result<Certificate> load(const std::filesystem::path& path);
  // Takes over one reference of `certificate`. For common/crypto and common/tls.
  static Certificate adopt(x509_st* certificate);

  std::string der() const;
  std::string pem() const;

  // SHA-256 of der().
  Digest digest() const;
  // The subject's common name, empty if it has none.
  std::string common_name() const;
  // The DNS names and IP addresses it is for (subjectAltName), as text, in its order.
  std::vector<std::string> names() const;
  timing::UtcMs not_before() const;
  timing::UtcMs not_after() const;

  // Whether `ca`'s key signed it. Neither names nor dates are looked at.
  bool is_issued_by(const Certificate& ca) const;

  x509_st* native() const { return certificate_.get(); }

 private:
  explicit Certificate(std::shared_ptr<x509_st> certificate) : certificate_{std::move(certificate)} {}

  std::shared_ptr<x509_st> certificate_;
};

// All certificates of `pem`, in its order. corrupt if there is none, or one of them cannot be read.
[[nodiscard]] base::Result<std::vector<Certificate>> certificates_from_pem(std::string_view pem);
[[nodiscard]] base::Result<std::vector<Certificate>> load_certificates(const std::filesystem::path& path);
// One PEM block behind the other.
std::string to_pem(std::span<const Certificate> certificates);

// Names a set of trusted CA certificates: the SHA-256 of their digests, sorted, each once.
Digest trust_digest(std::span<const Certificate> certificates);

}  // namespace crypto
