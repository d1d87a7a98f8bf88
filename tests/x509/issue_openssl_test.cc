// What we issue, read by the openssl program.
#include "x509/issue.h"

#include <gtest/gtest.h>

#include "x509/openssl_authority.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

struct Param {
  std::string name;
  crypto::KeyType type;
  int bits;
  std::string signature;  // as openssl names it
};

void PrintTo(const Param& param, std::ostream* out) {
  *out << param.name;
}

class IssueOpenssl : public ::testing::TestWithParam<Param> {
 protected:
  /// Root, CA and leaf with keys of the parameter's type, under "root", "ca" and "leaf".
  void SetUp() override {
    const auto make_key = [] {
      const auto& param = GetParam();
      return param.type == crypto::KeyType::rsa ? test::rsa_key(param.bits) : test::new_key(param.type);
    };
    const auto root_key = make_key();
    const auto ca_key = make_key();
    const auto leaf_key = make_key();
    test::FakeRandom random(7);
    const auto what = [](CertificateKind kind, std::string name) {
      return CertificateRequest{.kind = kind,
                                .common_name = std::move(name),
                                .organization = "Müller & Söhne",
                                .not_before = test::at("2026-01-01T00:00:00Z"),
                                .not_after = test::at("2056-01-01T00:00:00Z")};
    };
    ASSERT_OK(const auto root,
              issue(what(CertificateKind::root, "Root"), root_key->public_key(), nullptr, *root_key, random));
    ASSERT_OK(const auto ca,
              issue(what(CertificateKind::intermediate, "CA"), ca_key->public_key(), &root, *root_key, random));
    ASSERT_OK(const auto leaf,
              issue(what(CertificateKind::code_signing, "Leaf"), leaf_key->public_key(), &ca, *ca_key, random));
    authority_.set_pem("root", to_pem(root));
    authority_.set_pem("ca", to_pem(ca));
    authority_.set_pem("leaf", to_pem(leaf));
  }

  [[nodiscard]] std::string text(const std::string& name) const {
    const auto shown =
        test::run({"openssl", "x509", "-in", name + ".pem", "-noout", "-text", "-nameopt", "RFC2253,utf8,-esc_msb"},
                  authority_.folder());
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    return shown.out;
  }

  test::OpensslAuthority authority_;
};

void expect_lines(const std::string& text, const std::vector<std::string>& lines) {
  for (const auto& line : lines) EXPECT_NE(text.find(line), std::string::npos) << line << " is not in\n" << text;
}

TEST_P(IssueOpenssl, the_chain_verifies_under_strict_rules) {
  for (const auto* at : {"2026-01-01T00:00:00Z", "2055-12-31T23:59:59Z"}) {
    const auto outcome = authority_.verify("leaf", {"ca"}, {"root"}, test::at(at));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  }
  EXPECT_NE(authority_.verify("leaf", {"ca"}, {"root"}, test::at("2025-12-31T23:59:59Z")).exit_code, 0);
}

TEST_P(IssueOpenssl, the_leaf_reads_as_it_should) {
  expect_lines(text("leaf"),
               {"Version: 3 (0x2)", "Signature Algorithm: " + GetParam().signature, "Issuer: CN=CA,O=Müller & Söhne",
                "Subject: CN=Leaf,O=Müller & Söhne", "Not Before: Jan  1 00:00:00 2026 GMT",
                "Not After : Jan  1 00:00:00 2056 GMT", "X509v3 Basic Constraints: critical\n                CA:FALSE",
                "X509v3 Key Usage: critical\n                Digital Signature\n",
                "X509v3 Extended Key Usage: \n                Code Signing\n",
                "X509v3 Subject Key Identifier:", "X509v3 Authority Key Identifier:"});
}

TEST_P(IssueOpenssl, the_cas_read_as_they_should) {
  expect_lines(text("root"), {"X509v3 Basic Constraints: critical\n                CA:TRUE\n",
                              "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n"});
  expect_lines(text("ca"), {"X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0\n",
                            "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n"});
}

INSTANTIATE_TEST_SUITE_P(Keys, IssueOpenssl,
                         ::testing::Values(Param{"P256", crypto::KeyType::ec_p256, 0, "ecdsa-with-SHA256"},
                                           Param{"P384", crypto::KeyType::ec_p384, 0, "ecdsa-with-SHA384"},
                                           Param{"P521", crypto::KeyType::ec_p521, 0, "ecdsa-with-SHA512"},
                                           Param{"RSA2048", crypto::KeyType::rsa, 2048, "rsassaPss"},
                                           Param{"RSA3072", crypto::KeyType::rsa, 3072, "rsassaPss"},
                                           Param{"RSA4096", crypto::KeyType::rsa, 4096, "rsassaPss"}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace proofmark::x509
