// What we issue, verified by Go's crypto/x509.
#include "x509/issue.h"

#include <gtest/gtest.h>

#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

// Arguments: folders with root.pem, ca.pem and leaf.pem.
constexpr std::string_view kGoProgram = R"(package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func load(folder, name string) *x509.Certificate {
	text, err := os.ReadFile(filepath.Join(folder, name))
	check(err)
	block, rest := pem.Decode(text)
	if block == nil || len(rest) != 0 {
		check(fmt.Errorf("%s is not one PEM block", name))
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	check(err)
	return certificate
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	for _, folder := range os.Args[1:] {
		roots, between := x509.NewCertPool(), x509.NewCertPool()
		roots.AddCert(load(folder, "root.pem"))
		between.AddCert(load(folder, "ca.pem"))
		chains, err := load(folder, "leaf.pem").Verify(x509.VerifyOptions{
			Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
			CurrentTime: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
		check(err)
		fmt.Println(len(chains), len(chains[0]), chains[0][0].SignatureAlgorithm)
	}
}
)";

void issue_chain(const std::filesystem::path& folder, const std::function<test::SharedKey()>& make_key) {
  test::FakeRandom random(7);
  const auto what = [](CertificateKind kind, std::string name) {
    return CertificateRequest{.kind = kind,
                              .common_name = std::move(name),
                              .not_before = test::at("2026-01-01T00:00:00Z"),
                              .not_after = test::at("2056-01-01T00:00:00Z")};
  };
  const auto root_key = make_key();
  const auto ca_key = make_key();
  ASSERT_OK(const auto root,
            issue(what(CertificateKind::root, "Root"), root_key->public_key(), nullptr, *root_key, random));
  ASSERT_OK(const auto ca,
            issue(what(CertificateKind::intermediate, "CA"), ca_key->public_key(), &root, *root_key, random));
  ASSERT_OK(const auto leaf,
            issue(what(CertificateKind::code_signing, "Łeaf"), make_key()->public_key(), &ca, *ca_key, random));
  std::filesystem::create_directory(folder);
  test::write(folder / "root.pem", to_pem(root));
  test::write(folder / "ca.pem", to_pem(ca));
  test::write(folder / "leaf.pem", to_pem(leaf));
}

class IssueInterop : public ::testing::Test {
 protected:
  void SetUp() override {
    using enum crypto::KeyType;
    for (const auto type : {ec_p256, ec_p384, ec_p521}) {
      issue_chain(add(), [type] { return test::new_key(type); });
    }
    for (const int bits : {2048, 3072, 4096}) {
      issue_chain(add(), [bits] { return test::rsa_key(bits); });
    }
  }

  /// `program` and the folders.
  [[nodiscard]] std::vector<std::string> with_folders(std::vector<std::string> program) const {
    program.insert(program.end(), folders_.begin(), folders_.end());
    return program;
  }

  test::TempFolder folder_;

 private:
  std::filesystem::path add() {
    return folders_.emplace_back((folder_ / ("chain" + std::to_string(folders_.size()))).string());
  }
  std::vector<std::string> folders_;
};

TEST_F(IssueInterop, go_verifies_our_chains) {
  test::write(folder_ / "verify.go", kGoProgram);
  const auto outcome = test::run(with_folders({"go", "run", "verify.go"}), folder_.path());
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "1 3 ECDSA-SHA256\n1 3 ECDSA-SHA384\n1 3 ECDSA-SHA512\n"
            "1 3 SHA256-RSAPSS\n1 3 SHA384-RSAPSS\n1 3 SHA512-RSAPSS\n");
}

}  // namespace
}  // namespace proofmark::x509
