// Chains, against "openssl verify -purpose any -x509_strict": what OpenSSL refuses, we refuse, and the other way round,
// but for the differences that the table below lists with their reasons.
#include "x509/chain.h"

#include <gtest/gtest.h>

#include <functional>

#include "x509/openssl_authority.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

using test::OpensslAuthority;
using test::OpensslSpec;

/// Names of certificates in the authority, put to both verifiers.
struct Question {
  std::string leaf = "leaf";
  std::vector<std::string> untrusted = {"ca"};
  std::vector<std::string> roots = {"root"};
  Instant at = test::pki_time();
};

enum class Openssl : std::uint8_t { accepts, refuses };

struct Case {
  std::string name;
  std::function<Question(OpensslAuthority&)> prepare;
  std::optional<X509Reason> ours;  // none: accepted
  Openssl theirs;
  std::string why_different;  // empty when both agree
};

void PrintTo(const Case& the, std::ostream* out) {
  *out << the.name;
}

/// Changes to the specs of a root, a CA below it and a leaf below that, which are without a fault otherwise.
struct Change {
  std::function<void(OpensslSpec&)> root = [](auto&) {};
  std::function<void(OpensslSpec&)> ca = [](auto&) {};
  std::function<void(OpensslSpec&)> leaf = [](auto&) {};
};

Question mint_chain(OpensslAuthority& authority, const Change& change) {
  OpensslSpec root{.subject = "/O=Test/CN=Root",
                   .extensions = test::openssl_root_extensions(),
                   .not_before = "20200101000000Z",
                   .not_after = "21200101000000Z"};
  OpensslSpec ca{.subject = "/O=Test/CN=CA",
                 .extensions = test::openssl_ca_extensions(),
                 .issuer = "root",
                 .not_before = "20250101000000Z",
                 .not_after = "20350101000000Z"};
  OpensslSpec leaf{.subject = "/O=Test/CN=Leaf", .extensions = test::openssl_leaf_extensions(), .issuer = "ca"};
  change.root(root);
  change.ca(ca);
  change.leaf(leaf);
  authority.mint("root", root);
  authority.mint("ca", ca);
  authority.mint("leaf", leaf);
  return {};
}

std::function<Question(OpensslAuthority&)> changed(Change change) {
  return [change = std::move(change)](OpensslAuthority& authority) { return mint_chain(authority, change); };
}

/// A line of an extension section in place of the one that sets the same extension; an empty value takes it out.
void replace(OpensslSpec& spec, const std::string& extension, const std::string& value) {
  const std::size_t start = spec.extensions.find(extension + " =");
  if (start != std::string::npos) spec.extensions.erase(start, spec.extensions.find('\n', start) + 1 - start);
  if (!value.empty()) spec.extensions += extension + " = " + value + "\n";
}

std::function<void(OpensslSpec&)> with(const std::string& extension, const std::string& value) {
  return [=](OpensslSpec& spec) { replace(spec, extension, value); };
}

/// All keys of one type, all signatures with one digest and padding.
std::function<Question(OpensslAuthority&)> all_with(const std::string& key, const std::string& digest,
                                                    const std::vector<std::string>& options = {}) {
  const auto set = [=](OpensslSpec& spec) {
    spec.key = key;
    spec.digest = digest;
    spec.signature_options = options;
  };
  return changed({.root = set, .ca = set, .leaf = set});
}

const std::vector<std::string> kPss{"rsa_padding_mode:pss", "rsa_pss_saltlen:digest"};

std::vector<Case> algorithm_cases() {
  using enum Openssl;
  const std::string sha1 = "SHA-1 is broken; OpenSSL has it at security level 1, which the program does not ask for";
  return {
      {"P-256", all_with("P-256", "sha256"), {}, accepts, ""},
      {"P-384", all_with("P-384", "sha384"), {}, accepts, ""},
      {"P-521", all_with("P-521", "sha512"), {}, accepts, ""},
      {"P-384 with SHA-256", all_with("P-384", "sha256"), {}, accepts, ""},
      {"RSA PKCS#1 with SHA-256", all_with("RSA:2048", "sha256"), {}, accepts, ""},
      {"RSA PKCS#1 with SHA-384", all_with("RSA:2048", "sha384"), {}, accepts, ""},
      {"RSA PKCS#1 with SHA-512", all_with("RSA:2048", "sha512"), {}, accepts, ""},
      {"RSA PSS with SHA-256", all_with("RSA:2048", "sha256", kPss), {}, accepts, ""},
      {"RSA PSS with SHA-384", all_with("RSA:2048", "sha384", kPss), {}, accepts, ""},
      {"RSA PSS with SHA-512", all_with("RSA:2048", "sha512", kPss), {}, accepts, ""},
      {"RSA PSS with the longest salt", all_with("RSA:2048", "sha256", {"rsa_padding_mode:pss", "rsa_pss_saltlen:max"}),
       X509Reason::unsupported_algorithm, accepts, "we take salts as long as the hash only (RFC 8017, notation facts)"},
      {"RSA PSS with another mask hash",
       all_with("RSA:2048", "sha256", {"rsa_padding_mode:pss", "rsa_pss_saltlen:digest", "rsa_mgf1_md:sha512"}),
       X509Reason::unsupported_algorithm, accepts, "one hash for message and mask"},
      {"SHA-1 under ECDSA", all_with("P-384", "sha1"), X509Reason::unsupported_algorithm, accepts, sha1},
      {"SHA-1 under RSA", all_with("RSA:2048", "sha1"), X509Reason::unsupported_algorithm, accepts, sha1},
      {"SHA-224", all_with("P-384", "sha224"), X509Reason::unsupported_algorithm, accepts, "not of our algorithms"},
  };
}

/// Keys that crypto refuses when the certificate is read.
std::vector<Case> key_cases() {
  using enum Openssl;
  return {
      {"RSA of 1024 bits", all_with("RSA:1024", "sha256"), {}, accepts, "too short"},
      {"another curve", all_with("secp256k1", "sha256"), {}, accepts, "not of our curves"},
      {"Ed25519", all_with("ED25519", "null"), {}, accepts, "not of our algorithms"},
      {"a key for PSS only", all_with("RSA-PSS:2048", "sha256"), {}, accepts, "RSA keys come as rsaEncryption"},
  };
}

std::vector<Case> time_cases() {
  using enum Openssl;
  const auto ends = [](const std::string& end) { return [=](OpensslSpec& spec) { spec.not_after = end; }; };
  const auto starts = [](const std::string& start) { return [=](OpensslSpec& spec) { spec.not_before = start; }; };
  const auto at = [](std::string_view time) {
    return [=](OpensslAuthority& authority) {
      Question question = mint_chain(authority, {});
      question.at = test::at(time);
      return question;
    };
  };
  return {
      {"expired leaf", changed({.leaf = ends("20260201000000Z")}), X509Reason::expired, refuses, ""},
      {"expired CA", changed({.ca = ends("20260201000000Z")}), X509Reason::expired, refuses, ""},
      {"expired root", changed({.root = ends("20260201000000Z")}), X509Reason::expired, refuses, ""},
      {"leaf not yet valid", changed({.leaf = starts("20260701000000Z")}), X509Reason::not_yet_valid, refuses, ""},
      {"CA not yet valid", changed({.ca = starts("20260701000000Z")}), X509Reason::not_yet_valid, refuses, ""},
      {"root not yet valid", changed({.root = starts("20260701000000Z")}), X509Reason::not_yet_valid, refuses, ""},
      {"the first second", at("2026-01-01T00:00:00Z"), {}, accepts, ""},
      {"the second before", at("2025-12-31T23:59:59Z"), X509Reason::not_yet_valid, refuses, ""},
      {"the last second but one", at("2026-12-31T23:59:59Z"), {}, accepts, ""},
      {"the last second", at("2027-01-01T00:00:00Z"), {}, refuses, "notAfter is inside by RFC 5280, 4.1.2.5"},
      {"the second after", at("2027-01-01T00:00:01Z"), X509Reason::expired, refuses, ""},
  };
}

std::vector<Case> issuer_cases() {
  using enum Openssl;
  const std::string anchor = "a trusted root is trusted by its bytes, it need not say that it may (RFC 5280, 6.1.1 d)";
  return {
      {"CA:FALSE", changed({.ca = with("basicConstraints", "critical, CA:FALSE")}), X509Reason::not_a_ca, refuses, ""},
      {"no basicConstraints", changed({.ca = with("basicConstraints", "")}), X509Reason::not_a_ca, refuses, ""},
      {"basicConstraints not critical", changed({.ca = with("basicConstraints", "CA:TRUE")}), X509Reason::not_a_ca,
       refuses, ""},
      {"root with basicConstraints not critical", changed({.root = with("basicConstraints", "CA:TRUE")}),
       X509Reason::not_a_ca, refuses, ""},
      {"root with CA:FALSE", changed({.root = with("basicConstraints", "critical, CA:FALSE")}), X509Reason::not_a_ca,
       refuses, ""},
      {"no keyCertSign", changed({.ca = with("keyUsage", "critical, cRLSign")}), X509Reason::not_a_ca, refuses, ""},
      {"no keyUsage", changed({.ca = with("keyUsage", "")}), X509Reason::not_a_ca, refuses, ""},
      {"root without keyCertSign", changed({.root = with("keyUsage", "critical, cRLSign")}), X509Reason::not_a_ca,
       refuses, ""},
      {"root without keyUsage", changed({.root = with("keyUsage", "")}), {}, refuses, anchor},
      {"path length exceeded", changed({.root = with("basicConstraints", "critical, CA:TRUE, pathlen:0")}),
       X509Reason::path_too_long, refuses, ""},
      {"path length reached",
       changed({.root = with("basicConstraints", "critical, CA:TRUE, pathlen:1")}),
       {},
       accepts,
       ""},
      {"CA with path length 0",
       changed({.ca = with("basicConstraints", "critical, CA:TRUE, pathlen:0")}),
       {},
       accepts,
       ""},
      {"CA limited to another purpose", changed({.ca = with("extendedKeyUsage", "serverAuth")}),
       X509Reason::wrong_purpose, accepts, "with -purpose any nobody asks; we nest purposes as Go and browsers do"},
      {"CA limited to this purpose", changed({.ca = with("extendedKeyUsage", "codeSigning")}), {}, accepts, ""},
      {"critical name constraints that the leaf breaks",
       changed({.ca = with("nameConstraints", "critical, permitted;dirName:only\n[only]\nO = Other")}),
       X509Reason::unknown_critical_extension, refuses, ""},
  };
}

std::vector<Case> extension_cases() {
  using enum Openssl;
  const std::string hints = "key ids order the search and decide nothing (RFC 5280, 6.1, does not use them)";
  const std::string critical = "a critical extension that we do not process (RFC 5280, 4.2)";
  return {
      {"unknown critical extension in the leaf", changed({.leaf = with("1.2.3.4", "critical, DER:0500")}),
       X509Reason::unknown_critical_extension, refuses, ""},
      {"unknown critical extension in the CA", changed({.ca = with("1.2.3.4", "critical, DER:0500")}),
       X509Reason::unknown_critical_extension, refuses, ""},
      {"unknown critical extension in the root", changed({.root = with("1.2.3.4", "critical, DER:0500")}),
       X509Reason::unknown_critical_extension, refuses, ""},
      {"unknown extension", changed({.leaf = with("1.2.3.4", "DER:0500")}), {}, accepts, ""},
      {"critical policies", changed({.leaf = with("certificatePolicies", "critical, 1.2.3.5")}),
       X509Reason::unknown_critical_extension, accepts, critical},
      {"critical alternative name", changed({.leaf = with("subjectAltName", "critical, DNS:example.com")}),
       X509Reason::unknown_critical_extension, accepts, critical},
      {"critical DNS name constraints", changed({.ca = with("nameConstraints", "critical, permitted;DNS:example.com")}),
       X509Reason::unknown_critical_extension, accepts, critical},
      {"alternative name and policies",
       changed({.leaf =
                    [](OpensslSpec& spec) {
                      replace(spec, "subjectAltName", "DNS:example.com");
                      replace(spec, "certificatePolicies", "1.2.3.5");
                    }}),
       {},
       accepts,
       ""},
      {"no authority key id", changed({.leaf = with("authorityKeyIdentifier", "none")}), {}, refuses, hints},
      {"no subject key id in the root",
       changed({.root = with("subjectKeyIdentifier", "none"), .ca = with("authorityKeyIdentifier", "none")}),
       {},
       refuses,
       hints},
      {"critical subject key id",
       changed({.ca = with("subjectKeyIdentifier", "critical, DER:040401020304"),
                .leaf = with("authorityKeyIdentifier", "none")}),
       X509Reason::bad_extension, refuses, ""},
      {"authority key id of another key",
       changed({.leaf = with("authorityKeyIdentifier", "DER:3006800401020304")}),
       {},
       refuses,
       hints},
      {"issuer and serial in the authority key id",
       changed({.leaf = with("authorityKeyIdentifier", "keyid:always, issuer:always")}),
       {},
       accepts,
       ""},
  };
}

std::vector<Case> leaf_cases() {
  using enum Openssl;
  const std::string purpose = "with -purpose any nobody asks what the leaf is for";
  return {
      {"no code signing", changed({.leaf = with("extendedKeyUsage", "serverAuth")}), X509Reason::wrong_purpose, accepts,
       purpose},
      {"any purpose only", changed({.leaf = with("extendedKeyUsage", "anyExtendedKeyUsage")}),
       X509Reason::wrong_purpose, accepts, purpose},
      {"no purpose stated", changed({.leaf = with("extendedKeyUsage", "")}), X509Reason::wrong_purpose, accepts,
       purpose},
      {"several purposes", changed({.leaf = with("extendedKeyUsage", "timeStamping, codeSigning")}), {}, accepts, ""},
      {"no key usage", changed({.leaf = with("keyUsage", "")}), X509Reason::wrong_key_usage, accepts, purpose},
      {"key agreement only", changed({.leaf = with("keyUsage", "critical, keyAgreement")}), X509Reason::wrong_key_usage,
       accepts, purpose},
      {"keyCertSign without CA", changed({.leaf = with("keyUsage", "critical, digitalSignature, keyCertSign")}),
       X509Reason::wrong_key_usage, refuses, ""},
      {"the leaf is a CA",
       changed({.leaf =
                    [](OpensslSpec& spec) {
                      replace(spec, "basicConstraints", "critical, CA:TRUE");
                      replace(spec, "keyUsage", "critical, digitalSignature, keyCertSign");
                    }}),
       X509Reason::leaf_is_ca, accepts, purpose},
      {"no basicConstraints", changed({.leaf = with("basicConstraints", "")}), {}, accepts, ""},
      {"basicConstraints critical and empty",
       changed({.leaf = with("basicConstraints", "critical, CA:FALSE")}),
       {},
       accepts,
       ""},
  };
}

/// The chain without a fault, asked about in another way.
std::function<Question(OpensslAuthority&)> asked(const std::function<void(OpensslAuthority&, Question&)>& change) {
  return [=](OpensslAuthority& authority) {
    Question question = mint_chain(authority, {});
    change(authority, question);
    return question;
  };
}

/// The certificate with the last bit of its signature flipped.
void break_signature(OpensslAuthority& authority, const std::string& name) {
  const std::string pem = authority.pem(name);
  const auto certificate = parse_pem_chain(as_bytes(pem)).value().front();
  Bytes broken = to_bytes(certificate.der());
  broken.back() ^= 1U;
  authority.set_pem(name, to_pem(Certificate::parse(broken).value()));
}

std::vector<Case> path_cases() {
  using enum Openssl;
  const OpensslSpec other_root{
      .subject = "/O=Other/CN=Root", .extensions = test::openssl_root_extensions(), .not_after = "20300101000000Z"};
  const OpensslSpec same_name{
      .subject = "/O=Test/CN=Root", .extensions = test::openssl_root_extensions(), .not_after = "20300101000000Z"};
  const OpensslSpec crossed{.subject = "/O=Test/CN=CA",
                            .extensions = test::openssl_ca_extensions(),
                            .key = "ca",
                            .issuer = "other",
                            .not_after = "20300101000000Z"};
  const auto cross_signed = [=](OpensslSpec spec, const std::vector<std::string>& roots) {
    return asked([=](auto& authority, Question& question) {
      authority.mint("other", other_root);
      authority.mint("crossed", spec);
      question.untrusted = {"crossed", "ca"};
      question.roots = roots;
    });
  };
  OpensslSpec expired_cross = crossed;
  expired_cross.not_after = "20260201000000Z";
  return {
      {"nothing wrong", asked([](auto&, auto&) {}), {}, accepts, ""},
      {"the root among the candidates",
       asked([](auto&, auto& question) { question.untrusted = {"root", "ca"}; }),
       {},
       accepts,
       ""},
      {"no CA at hand", asked([](auto&, auto& question) { question.untrusted.clear(); }), X509Reason::issuer_not_found,
       refuses, ""},
      {"wrong signature of the leaf", asked([](auto& authority, auto&) { break_signature(authority, "leaf"); }),
       X509Reason::bad_signature, refuses, ""},
      {"wrong signature of the CA", asked([](auto& authority, auto&) { break_signature(authority, "ca"); }),
       X509Reason::bad_signature, refuses, ""},
      {"wrong signature of the root itself",
       asked([](auto& authority, auto&) { break_signature(authority, "root"); }),
       {},
       accepts,
       ""},
      {"root not trusted", asked([=](auto& authority, auto& question) {
         authority.mint("other", other_root);
         question.untrusted = {"ca", "root"};
         question.roots = {"other"};
       }),
       X509Reason::untrusted_root, refuses, ""},
      {"root not trusted and not at hand", asked([=](auto& authority, auto& question) {
         authority.mint("other", other_root);
         question.roots = {"other"};
       }),
       X509Reason::issuer_not_found, refuses, ""},
      {"another key under the root's name", asked([=](auto& authority, auto& question) {
         authority.mint("same", same_name);
         question.roots = {"same"};
       }),
       X509Reason::bad_signature, refuses, ""},
      {"another key under the root's name, and the root",
       asked([=](auto& authority, auto& question) {
         authority.mint("same", same_name);
         question.roots = {"same", "root"};
       }),
       {},
       accepts,
       ""},
      {"self-signed leaf", asked([](auto& authority, auto&) {
         authority.mint("leaf",
                        {.subject = "/O=Test/CN=Leaf", .extensions = test::openssl_leaf_extensions(), .key = "P-384"});
       }),
       X509Reason::untrusted_root, refuses, ""},
      {"a leaf as issuer", asked([](auto& authority, auto& question) {
         authority.mint(
             "below", {.subject = "/O=Test/CN=Below", .extensions = test::openssl_leaf_extensions(), .issuer = "leaf"});
         question.leaf = "below";
         question.untrusted = {"leaf", "ca"};
       }),
       X509Reason::not_a_ca, refuses, ""},
      {"cross-signed, both ways good", cross_signed(crossed, {"root", "other"}), {}, accepts, ""},
      {"cross-signed, one root trusted",
       cross_signed(crossed, {"root"}),
       {},
       refuses,
       "we try every path; OpenSSL takes the first untrusted issuer that fits and does not go back"},
      {"cross-signed, one way expired", cross_signed(expired_cross, {"root", "other"}), {}, accepts, ""},
      {"cross-signed, the good way not trusted", cross_signed(expired_cross, {"other"}), X509Reason::issuer_not_found,
       refuses, ""},
  };
}

class ChainOpenssl : public ::testing::TestWithParam<Case> {};

ChainProfile all_keys() {
  ChainProfile profile = ChainProfile::lambda();
  using enum crypto::KeyType;
  profile.leaf_keys = {rsa, ec_p256, ec_p384, ec_p521};
  return profile;
}

std::vector<Certificate> parsed(const OpensslAuthority& authority, const std::vector<std::string>& names,
                                std::optional<Error>& refusal) {
  std::vector<Certificate> certificates;
  for (const auto& name : names) {
    auto chain = parse_pem_chain(as_bytes(authority.pem(name)));
    if (chain) {
      certificates.push_back(chain->front());
    } else {
      refusal = chain.error();
    }
  }
  return certificates;
}

/// Our verdict; a certificate that can't be read is a refusal.
std::optional<Error> our_refusal(const OpensslAuthority& authority, const Question& question) {
  std::optional<Error> refusal;
  const auto leaf = parsed(authority, {question.leaf}, refusal);
  const auto candidates = parsed(authority, question.untrusted, refusal);
  const auto roots = parsed(authority, question.roots, refusal);
  if (refusal) return refusal;
  const auto chain = build_chain(leaf.front(), candidates, TrustedRoots(roots), all_keys(), question.at);
  return chain ? std::nullopt : std::optional(chain.error());
}

std::optional<Openssl> their_verdict(const OpensslAuthority& authority, const Question& question, std::string& said) {
  const auto outcome = authority.verify(question.leaf, question.untrusted, question.roots, question.at);
  said = outcome.out + outcome.err;
  if (outcome.exit_code == 0) return Openssl::accepts;
  return outcome.exit_code == 2 ? std::optional(Openssl::refuses) : std::nullopt;
}

TEST_P(ChainOpenssl, verdicts_are_the_same_but_for_what_is_listed) {
  const Case& the = GetParam();
  OpensslAuthority authority;
  const Question question = the.prepare(authority);
  std::string said;
  EXPECT_EQ(their_verdict(authority, question, said), the.theirs) << said;
  const auto refusal = our_refusal(authority, question);
  if (the.ours) {
    ASSERT_TRUE(refusal.has_value()) << "accepted; wanted " << reason_info(*the.ours).name;
    EXPECT_TRUE(refusal->is(*the.ours)) << ::testing::PrintToString(*refusal);
  } else {
    EXPECT_FALSE(refusal.has_value()) << ::testing::PrintToString(*refusal);
  }
  const bool agree = the.ours.has_value() == (the.theirs == Openssl::refuses);
  EXPECT_EQ(agree, the.why_different.empty()) << "a difference is listed with its reason, and nothing else is";
}

std::string test_name(const ::testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Algorithms, ChainOpenssl, ::testing::ValuesIn(algorithm_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Times, ChainOpenssl, ::testing::ValuesIn(time_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Issuers, ChainOpenssl, ::testing::ValuesIn(issuer_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Extensions, ChainOpenssl, ::testing::ValuesIn(extension_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Leaves, ChainOpenssl, ::testing::ValuesIn(leaf_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Paths, ChainOpenssl, ::testing::ValuesIn(path_cases()), test_name);

class ChainOpensslKeys : public ::testing::TestWithParam<Case> {};

TEST_P(ChainOpensslKeys, keys_that_are_not_ours_are_refused_when_they_are_read) {
  OpensslAuthority authority;
  const Question question = GetParam().prepare(authority);
  std::string said;
  EXPECT_EQ(their_verdict(authority, question, said), GetParam().theirs) << said;
  const auto refusal = our_refusal(authority, question);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_TRUE(refusal->is(crypto::CryptoReason::unsupported_key) || refusal->is(X509Reason::unsupported_algorithm))
      << ::testing::PrintToString(*refusal);
}

INSTANTIATE_TEST_SUITE_P(Keys, ChainOpensslKeys, ::testing::ValuesIn(key_cases()), test_name);

// One that openssl's command line can't make at a time of our choice.
TEST(ChainOpensslVersion1, a_version_1_root_is_trusted_by_us_and_not_under_strict_rules) {
  auto spec = test::root_spec();
  spec.version_1 = true;
  const auto root = test::mint(spec);
  const auto leaf = test::mint(test::leaf_spec(), &root);
  OpensslAuthority authority;
  authority.set_pem("root", to_pem(root.certificate));
  authority.set_pem("leaf", to_pem(leaf.certificate));
  const Question question{.leaf = "leaf", .untrusted = {}, .roots = {"root"}};
  std::string said;
  EXPECT_EQ(their_verdict(authority, question, said), Openssl::refuses) << said;
  EXPECT_FALSE(our_refusal(authority, question).has_value());
}

// The virtual PKI of the other tests is one that OpenSSL takes.
TEST(ChainOpensslTestPki, the_test_pki_is_valid) {
  const auto& pki = test::shared_pki();
  OpensslAuthority authority;
  authority.set_pem("root", to_pem(pki.root.certificate));
  authority.set_pem("ca", to_pem(pki.intermediate.certificate));
  authority.set_pem("leaf", to_pem(pki.leaf.certificate));
  std::string said;
  EXPECT_EQ(their_verdict(authority, {}, said), Openssl::accepts) << said;
  EXPECT_FALSE(our_refusal(authority, {}).has_value());
}

}  // namespace
}  // namespace proofmark::x509
