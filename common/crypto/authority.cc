#include "common/crypto/authority.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>

#include <array>
#include <utility>

#include "common/crypto/openssl.h"

namespace crypto {

namespace {

using base::ErrorCode;

struct Extension {
  int nid;
  std::string value;
};

struct Subject {
  std::string_view common_name;
  EVP_PKEY* key;
  timing::UtcMs not_before;
  timing::UtcMs not_after;
  std::vector<Extension> extensions;
};

// 127 random bits above a set one: positive, never short (RFC 5280 section 4.1.2.2 asks for at most 20
// bytes).
bool set_serial(X509* certificate) {
  const BignumPtr number{BN_new()};
  return number && BN_rand(number.get(), 128, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_time(ASN1_TIME* field, timing::UtcMs time) {
  return ASN1_TIME_set(field,
                       static_cast<time_t>(
                           std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count())) !=
         nullptr;
}

bool set_name(X509_NAME* name, std::string_view common_name) {
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                    const_cast<unsigned char*>(bytes_of(common_name)),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, const Extension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr native{X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value.c_str())};
  return native && X509_add_ext(certificate, native.get(), -1) == 1;
}

// `issuer` is null for a certificate that signs itself.
base::Result<Certificate> issue(const Subject& subject, X509* issuer, EVP_PKEY* issuer_key) {
  X509Ptr certificate{X509_new()};
  auto* const self = certificate.get();
  bool ok = self && X509_set_version(self, X509_VERSION_3) == 1 && set_serial(self) &&
            set_time(X509_getm_notBefore(self), subject.not_before) &&
            set_time(X509_getm_notAfter(self), subject.not_after) &&
            X509_set_pubkey(self, subject.key) == 1 &&
            set_name(X509_get_subject_name(self), subject.common_name) &&
            X509_set_issuer_name(self, X509_get_subject_name(issuer ? issuer : self)) == 1;
  for (const auto& extension : subject.extensions) {
    ok = ok && add_extension(self, issuer ? issuer : self, extension);
  }
  if (!ok || X509_sign(self, issuer_key, EVP_sha256()) <= 0) {
    return fail_openssl(ErrorCode::invalid_argument,
                        "issuing a certificate for " + std::string{subject.common_name});
  }
  return Certificate::adopt(certificate.release());
}

bool is_address(const std::string& name) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
  const bool is = address != nullptr;
  ASN1_OCTET_STRING_free(address);
  if (!is) ERR_clear_error();
  return is;
}

// The value is OpenSSL's configuration language: a comma in a name would begin another entry of it.
bool is_plain(const std::string& name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:*";
  return !name.empty() && name.find_first_not_of(kAllowed) == std::string::npos;
}

base::Result<std::string> alternative_names(const std::vector<std::string>& names) {
  if (names.empty())
    return base::fail(ErrorCode::invalid_argument, "a server certificate needs at least one name");
  std::string text;
  for (const auto& name : names) {
    if (!is_plain(name))
      return base::fail(ErrorCode::invalid_argument, "'" + name + "' is no DNS name or IP address");
    if (!text.empty()) text += ',';
    text += (is_address(name) ? "IP:" : "DNS:") + name;
  }
  return text;
}

base::Result<KeyPtr> requested_key(std::string_view csr_der) {
  const auto refuse = [](std::string message) {
    return fail_openssl(ErrorCode::invalid_argument, std::move(message));
  };
  const auto* next = bytes_of(csr_der);
  const RequestPtr request{d2i_X509_REQ(nullptr, &next, static_cast<long>(csr_der.size()))};
  if (!request || next != bytes_of(csr_der) + csr_der.size())
    return refuse("reading the certificate request");
  KeyPtr key{X509_REQ_get_pubkey(request.get())};
  if (!key) return refuse("reading the key of the certificate request");
  std::array<char, 32> group{};
  if (EVP_PKEY_is_a(key.get(), "EC") != 1 ||
      EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr) != 1 ||
      std::string_view{group.data()} != "prime256v1") {
    return refuse("the certificate request is for a key that is no ECDSA P-256 key");
  }
  if (X509_REQ_verify(request.get(), key.get()) != 1) {
    return refuse("the certificate request is not signed by its own key");
  }
  return key;
}

}  // namespace

base::Result<Authority> Authority::create(std::string_view name, timing::UtcMs now) {
  auto key = TlsKey::generate();
  if (!key) return std::unexpected{key.error()};
  auto certificate = issue({.common_name = name,
                            .key = key->native(),
                            .not_before = now - kClockTolerance,
                            .not_after = now + kAuthorityLifetime,
                            .extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                           {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                           {NID_subject_key_identifier, "hash"}}},
                           nullptr, key->native());
  if (!certificate) return std::unexpected{certificate.error()};
  return Authority{*std::move(certificate), *std::move(key)};
}

base::Result<Authority> Authority::adopt(Certificate certificate, TlsKey key) {
  if (X509_check_ca(certificate.native()) != 1) {
    return base::fail(ErrorCode::invalid_argument, "the certificate is not that of a certificate authority");
  }
  if (X509_check_private_key(certificate.native(), key.native()) != 1) {
    return fail_openssl(ErrorCode::invalid_argument,
                        "the key does not belong to the authority's certificate");
  }
  return Authority{std::move(certificate), std::move(key)};
}

base::Result<Certificate> Authority::issue_server(const TlsKey& key, const std::vector<std::string>& names,
                                                  timing::UtcMs now) const {
  auto alternatives = alternative_names(names);
  if (!alternatives) return std::unexpected{alternatives.error()};
  return issue({.common_name = names.front(),
                .key = key.native(),
                .not_before = now - kClockTolerance,
                .not_after = now + kServerLifetime,
                .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                               {NID_key_usage, "critical,digitalSignature"},
                               {NID_ext_key_usage, "serverAuth"},
                               {NID_subject_key_identifier, "hash"},
                               {NID_authority_key_identifier, "keyid"},
                               {NID_subject_alt_name, *std::move(alternatives)}}},
               certificate_.native(), key_.native());
}

base::Result<Certificate> Authority::issue_client(std::string_view csr_der, std::string_view common_name,
                                                  timing::UtcMs now, std::chrono::seconds lifetime) const {
  const auto key = requested_key(csr_der);
  if (!key) return std::unexpected{key.error()};
  return issue({.common_name = common_name,
                .key = key->get(),
                .not_before = now - kClockTolerance,
                .not_after = now + lifetime,
                .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                               {NID_key_usage, "critical,digitalSignature"},
                               {NID_ext_key_usage, "clientAuth"},
                               {NID_subject_key_identifier, "hash"},
                               {NID_authority_key_identifier, "keyid"}}},
               certificate_.native(), key_.native());
}

}  // namespace crypto
