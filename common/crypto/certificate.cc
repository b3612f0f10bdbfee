#include "common/crypto/certificate.h"

#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "common/crypto/openssl.h"
#include "common/crypto/secret_file.h"

namespace crypto {

namespace {

timing::UtcMs to_utc(const ASN1_TIME* time) {
  std::tm parts{};
  // An unreadable time becomes the beginning of 1970: a certificate that is long expired.
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  using namespace std::chrono;
  const sys_days day = year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday;
  return day + hours{parts.tm_hour} + minutes{parts.tm_min} + seconds{parts.tm_sec};
}

// 4 or 16 bytes as people write them, an IPv6 address without abbreviation.
std::string address_text(std::string_view bytes) {
  const bool v4 = bytes.size() == 4;
  std::string text;
  for (std::size_t i = 0; i + (v4 ? 0 : 1) < bytes.size(); i += v4 ? 1 : 2) {
    if (i > 0) text += v4 ? '.' : ':';
    const unsigned high = static_cast<unsigned char>(bytes[i]);
    std::array<char, 8> group{};
    if (v4) {
      std::snprintf(group.data(), group.size(), "%u", high);
    } else {
      const unsigned low = static_cast<unsigned char>(bytes[i + 1]);
      std::snprintf(group.data(), group.size(), "%x", high * 256 + low);
    }
    text += group.data();
  }
  return text;
}

}  // namespace

Certificate Certificate::adopt(x509_st* certificate) {
  return Certificate{std::shared_ptr<x509_st>{certificate, X509_free}};
}

base::Result<Certificate> Certificate::from_der(std::string_view der) {
  const auto* next = bytes_of(der);
  X509Ptr certificate{d2i_X509(nullptr, &next, static_cast<long>(der.size()))};
  if (!certificate) return fail_openssl(base::ErrorCode::corrupt, "reading a certificate in DER form");
  if (next != bytes_of(der) + der.size()) {
    return base::fail(base::ErrorCode::corrupt, "something follows the certificate in DER form");
  }
  return adopt(certificate.release());
}

base::Result<Certificate> Certificate::from_pem(std::string_view pem) {
  const auto memory = view(pem);
  X509Ptr certificate{memory ? PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!certificate) return fail_openssl(base::ErrorCode::corrupt, "reading a certificate in PEM form");
  return adopt(certificate.release());
}

base::Result<Certificate> Certificate::load(const std::filesystem::path& path) {
  auto all = load_certificates(path);
  if (!all) return std::unexpected{all.error()};
  return std::move(all->front());
}

std::string Certificate::der() const {
  const BioPtr memory{BIO_new(BIO_s_mem())};
  i2d_X509_bio(memory.get(), certificate_.get());
  return take(memory.get());
}

std::string Certificate::pem() const {
  const BioPtr memory{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(memory.get(), certificate_.get());
  return take(memory.get());
}

Digest Certificate::digest() const {
  return sha256(der());
}

std::string Certificate::common_name() const {
  auto* subject = X509_get_subject_name(certificate_.get());
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
  if (size < 0) return {};
  const std::unique_ptr<unsigned char, decltype([](unsigned char* p) { OPENSSL_free(p); })> owner{text};
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

std::vector<std::string> Certificate::names() const {
  const std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>> all{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate_.get(), NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> names;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(all.get(), i);
    const auto* value = name->type == GEN_DNS     ? static_cast<const ASN1_STRING*>(name->d.dNSName)
                        : name->type == GEN_IPADD ? static_cast<const ASN1_STRING*>(name->d.iPAddress)
                                                  : nullptr;
    if (value == nullptr) continue;
    const std::string_view bytes{reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                 static_cast<std::size_t>(ASN1_STRING_length(value))};
    names.push_back(name->type == GEN_DNS ? std::string{bytes} : address_text(bytes));
  }
  return names;
}

timing::UtcMs Certificate::not_before() const {
  return to_utc(X509_get0_notBefore(certificate_.get()));
}
timing::UtcMs Certificate::not_after() const {
  return to_utc(X509_get0_notAfter(certificate_.get()));
}

bool Certificate::is_issued_by(const Certificate& ca) const {
  auto* const key = X509_get0_pubkey(ca.native());
  const bool is = key != nullptr && X509_verify(certificate_.get(), key) == 1;
  if (!is) ERR_clear_error();
  return is;
}

base::Result<std::vector<Certificate>> certificates_from_pem(std::string_view pem) {
  constexpr const char* kAttempted = "reading certificates in PEM form";
  const auto memory = view(pem);
  std::vector<Certificate> certificates;
  while (memory) {
    X509Ptr certificate{PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)};
    if (!certificate) break;
    certificates.push_back(Certificate::adopt(certificate.release()));
  }
  // That no block begins any more is how a good file ends.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (certificates.empty() || !at_end) return fail_openssl(base::ErrorCode::corrupt, kAttempted);
  ERR_clear_error();
  return certificates;
}

base::Result<std::vector<Certificate>> load_certificates(const std::filesystem::path& path) {
  const auto pem = read_secret_file(path);
  if (!pem) return std::unexpected{pem.error()};
  auto certificates = certificates_from_pem(*pem);
  if (!certificates) return base::fail("loading " + path.string(), certificates.error());
  return certificates;
}

std::string to_pem(std::span<const Certificate> certificates) {
  std::string pem;
  for (const auto& certificate : certificates) pem += certificate.pem();
  return pem;
}

Digest trust_digest(std::span<const Certificate> certificates) {
  std::vector<Digest> digests;
  for (const auto& certificate : certificates) digests.push_back(certificate.digest());
  std::ranges::sort(digests);
  digests.erase(std::ranges::unique(digests).begin(), digests.end());
  Sha256 all;
  for (const auto& digest : digests) all.update(digest.bytes());
  return all.finish();
}

}  // namespace crypto
