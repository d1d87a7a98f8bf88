// Certificates made by the openssl program, and its verdict on chains: the oracle of this folder's tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/support.h"
#include "x509/certificate.h"

namespace proofmark::test {

/// What openssl is asked for. Everything has a form that openssl's command line takes.
struct OpensslSpec {
  std::string subject;        // "/O=Company/CN=Name"
  std::string extensions;     // lines of an extension section
  std::string key = "P-384";  // a curve, "RSA:2048", "ED25519", or the name of an earlier certificate: its key
  std::string issuer = {};    // the name of an earlier certificate; none: self-signed
  std::string not_before = "20260101000000Z";
  std::string not_after = "20270101000000Z";
  std::string digest = "sha384";
  std::vector<std::string> signature_options = {};  // "rsa_padding_mode:pss"
};

/// A folder with keys and certificates, each under a name of its own.
class OpensslAuthority {
 public:
  OpensslAuthority();

  /// Makes a certificate (and a key, unless it uses another's) and returns its PEM.
  std::string mint(const std::string& name, const OpensslSpec& spec);
  [[nodiscard]] std::string pem(const std::string& name) const;
  /// Puts another certificate in the place of a name, or under a new one.
  void set_pem(const std::string& name, std::string_view pem);

  /// "openssl verify -purpose any -x509_strict" at a time, with nothing trusted but `roots`.
  [[nodiscard]] Outcome verify(const std::string& leaf, const std::vector<std::string>& untrusted,
                               const std::vector<std::string>& roots, Instant at) const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  void make_key(const std::string& name, const std::string& type);
  [[nodiscard]] std::string key_file(const std::string& name, const OpensslSpec& spec);
  void openssl(std::vector<std::string> arguments) const;

  TempFolder folder_;
};

/// Extension sections of certificates without a fault.
std::string openssl_root_extensions();
std::string openssl_ca_extensions();
std::string openssl_leaf_extensions();

}  // namespace proofmark::test
