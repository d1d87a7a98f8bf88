#include "x509/chain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

using test::Identity;
using test::intermediate_spec;
using test::leaf_spec;
using test::mint;
using test::pki_time;
using test::root_spec;

Result<Chain> build(const Identity& leaf, const std::vector<Identity>& candidates, const std::vector<Identity>& roots,
                    Instant at = pki_time()) {
  std::vector<Certificate> between;
  for (const auto& each : candidates) between.push_back(each.certificate);
  std::vector<Certificate> trusted;
  for (const auto& each : roots) trusted.push_back(each.certificate);
  return build_chain(leaf.certificate, between, TrustedRoots(trusted), ChainProfile::lambda(), at);
}

Chain chain_of(const std::vector<Identity>& identities) {
  Chain chain;
  for (const auto& each : identities) chain.push_back(each.certificate);
  return chain;
}

/// The shared PKI's chain with another leaf.
Result<Chain> build_leaf(const test::CertificateSpec& spec, test::SharedKey key = nullptr) {
  const auto& pki = test::shared_pki();
  return build(mint(spec, &pki.intermediate, std::move(key)), {pki.intermediate}, {pki.root});
}

/// The shared root with another intermediate, and a good leaf.
Result<Chain> build_intermediate(const test::CertificateSpec& spec) {
  const auto& pki = test::shared_pki();
  const Identity intermediate = mint(spec, &pki.root);
  return build(mint(leaf_spec(), &intermediate), {intermediate}, {pki.root});
}

/// Another root, and a good intermediate and leaf.
Result<Chain> build_root(const test::CertificateSpec& spec) {
  const Identity root = mint(spec);
  const Identity intermediate = mint(intermediate_spec(), &root);
  return build(mint(leaf_spec(), &intermediate), {intermediate}, {root});
}

TEST(BuildChain, leads_from_the_leaf_to_the_root) {
  const auto& pki = test::shared_pki();
  ASSERT_OK(const auto chain, build(pki.leaf, {pki.intermediate}, {pki.root}));
  EXPECT_EQ(chain, chain_of({pki.leaf, pki.intermediate, pki.root}));
}

TEST(BuildChain, the_root_may_be_among_the_candidates_and_so_may_others) {
  const auto& pki = test::shared_pki();
  const auto stranger = test::new_pki();
  ASSERT_OK(const auto chain,
            build(pki.leaf, {stranger.leaf, pki.root, pki.leaf, pki.intermediate, pki.intermediate, stranger.root},
                  {pki.root}));
  EXPECT_EQ(chain, chain_of({pki.leaf, pki.intermediate, pki.root}));
}

TEST(BuildChain, a_leaf_right_below_the_root_is_fine) {
  const auto& pki = test::shared_pki();
  const Identity leaf = mint(leaf_spec(), &pki.root);
  ASSERT_OK(const auto chain, build(leaf, {}, {pki.root}));
  EXPECT_EQ(chain, chain_of({leaf, pki.root}));
}

TEST(BuildChain, a_trusted_leaf_needs_nobody_else_but_keeps_the_leafs_rules) {
  const auto& pki = test::shared_pki();
  const Identity self_signed = mint(leaf_spec());
  ASSERT_OK(const auto chain, build(self_signed, {}, {self_signed}));
  EXPECT_EQ(chain, chain_of({self_signed}));
  EXPECT_REFUSED(build(pki.root, {}, {pki.root}), X509Reason::leaf_is_ca);
  EXPECT_REFUSED(build(self_signed, {}, {pki.root}), X509Reason::untrusted_root);
}

TEST(BuildChain, a_trusted_root_need_not_be_self_signed) {
  const auto& pki = test::shared_pki();
  ASSERT_OK(const auto chain, build(pki.leaf, {}, {pki.intermediate}));
  EXPECT_EQ(chain, chain_of({pki.leaf, pki.intermediate}));
}

// Issued by the AWS root itself, of which nobody here has the key: what a chain to it needs of it, it has.
TEST(BuildChain, the_aws_root_is_taken_as_an_issuer) {
  ASSERT_OK(const auto roots, parse_pem_chain(test::read(PROOFMARK_TEST_DATA "/aws-signer-lambda-root.pem")));
  auto parts = test::parts_of(leaf_spec(), *test::shared_pki().leaf.key);
  parts.issuer = to_bytes(roots[0].subject());
  ASSERT_OK(const auto leaf, Certificate::parse(test::assemble(parts, *test::shared_pki().leaf.key)));
  EXPECT_REFUSED(build_chain(leaf, {}, TrustedRoots(roots), ChainProfile::lambda(), pki_time()),
                 X509Reason::bad_signature);
}

TEST(BuildChain, an_empty_set_of_roots_trusts_nothing) {
  const auto& pki = test::shared_pki();
  EXPECT_REFUSED(build(pki.leaf, {pki.intermediate, pki.root}, {}), X509Reason::untrusted_root);
  EXPECT_REFUSED(build(pki.leaf, {pki.intermediate}, {}), X509Reason::issuer_not_found);
  EXPECT_REFUSED(build(pki.leaf, {}, {}), X509Reason::issuer_not_found);
}

TEST(BuildChain, a_root_is_trusted_by_its_bytes_not_by_its_name_or_key) {
  const auto& pki = test::shared_pki();
  const Identity same_name = mint(root_spec());
  const Identity same_key = mint(root_spec(), nullptr, pki.root.key);
  EXPECT_REFUSED(build(pki.leaf, {pki.intermediate}, {same_name}), X509Reason::bad_signature);
  EXPECT_REFUSED(build(pki.leaf, {pki.intermediate, pki.root}, {same_name}), X509Reason::untrusted_root);
  // Name and key are enough to have signed the intermediate: a renewed root leads to a chain of its own.
  ASSERT_OK(const auto renewed, build(pki.leaf, {pki.intermediate, pki.root}, {same_key}));
  EXPECT_EQ(renewed, chain_of({pki.leaf, pki.intermediate, same_key}));
}

// RFC 5280, 4.1.2.5: both bounds are inside.
TEST(BuildChain, the_leaf_is_valid_from_its_first_to_its_last_second) {
  const auto& pki = test::shared_pki();
  const auto at = [&](std::string_view time) {
    return build(pki.leaf, {pki.intermediate}, {pki.root}, test::at(time));
  };
  EXPECT_REFUSED(at("2025-12-31T23:59:59.999Z"), X509Reason::not_yet_valid);
  EXPECT_OK(at("2026-01-01T00:00:00Z"));
  EXPECT_OK(at("2027-01-01T00:00:00Z"));
  EXPECT_REFUSED(at("2027-01-01T00:00:00.001Z"), X509Reason::expired);
}

TEST(BuildChain, every_issuer_must_be_valid_too) {
  auto spec = intermediate_spec();
  spec.not_before = test::at("2026-06-01T00:00:01Z");
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::not_yet_valid);
  spec.not_before = pki_time();
  EXPECT_OK(build_intermediate(spec));
  spec = intermediate_spec();
  spec.not_after = test::at("2026-05-31T23:59:59Z");
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::expired);
  spec = root_spec();
  spec.not_after = test::at("2026-05-31T23:59:59Z");
  EXPECT_REFUSED(build_root(spec), X509Reason::expired);
  spec = root_spec();
  spec.not_before = test::at("2026-06-01T00:00:01Z");
  EXPECT_REFUSED(build_root(spec), X509Reason::not_yet_valid);
}

// RFC 5280, 6.1.4 (k)
TEST(BuildChain, an_issuer_must_be_a_ca) {
  auto spec = intermediate_spec();
  spec.basic_constraints->is_ca = false;
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::not_a_ca);
  spec.basic_constraints.reset();
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::not_a_ca);
  spec = intermediate_spec();
  spec.basic_constraints_critical = false;
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::not_a_ca);
  spec = root_spec();
  spec.basic_constraints.reset();
  EXPECT_REFUSED(build_root(spec), X509Reason::not_a_ca);
  // A leaf is not an issuer.
  const auto& pki = test::shared_pki();
  EXPECT_REFUSED(build(mint(leaf_spec("Second Leaf"), &pki.leaf), {pki.leaf, pki.intermediate}, {pki.root}),
                 X509Reason::not_a_ca);
}

// RFC 5280, 6.1.4 (n)
TEST(BuildChain, an_issuer_must_be_allowed_to_sign_certificates) {
  auto spec = intermediate_spec();
  spec.key_usage = test::usage_bits({KeyUsage::digital_signature, KeyUsage::crl_sign});
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::not_a_ca);
  spec.key_usage.reset();
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::not_a_ca);
  spec = root_spec();
  spec.key_usage = test::usage_bits({KeyUsage::crl_sign});
  EXPECT_REFUSED(build_root(spec), X509Reason::not_a_ca);
}

TEST(BuildChain, a_trusted_root_may_be_silent_on_key_usage_or_of_version_1) {
  auto spec = root_spec();
  spec.key_usage.reset();
  EXPECT_OK(build_root(spec));
  spec = root_spec();
  spec.version_1 = true;
  EXPECT_OK(build_root(spec));
}

TEST(BuildChain, version_1_below_the_root_is_no_ca) {
  auto spec = root_spec("Version 1");
  spec.version_1 = true;
  const Identity self_issued = mint(spec);
  const Identity leaf = mint(leaf_spec(), &self_issued);
  EXPECT_REFUSED(build(leaf, {self_issued}, {test::shared_pki().root}), X509Reason::not_a_ca);
}

/// A root with `path_length`, `count` CAs below it, and a leaf. `self_issued` gives all of them the root's name.
Result<Chain> build_deep(std::optional<std::uint32_t> path_length, std::size_t count, bool self_issued = false) {
  auto spec = root_spec("Deep 0");
  spec.basic_constraints->path_length = path_length;
  const Identity root = mint(spec);
  std::vector<Identity> cas;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string name = "Deep " + std::to_string(self_issued ? 0 : i);
    cas.push_back(mint(intermediate_spec(name), cas.empty() ? &root : &cas.back()));
  }
  const Identity leaf = mint(leaf_spec(), cas.empty() ? &root : &cas.back());
  return build(leaf, cas, {root});
}

// RFC 5280, 4.2.1.9
TEST(BuildChain, a_path_length_counts_the_cas_between) {
  EXPECT_OK(build_deep(0, 0));
  EXPECT_REFUSED(build_deep(0, 1), X509Reason::path_too_long);
  EXPECT_OK(build_deep(1, 1));
  EXPECT_REFUSED(build_deep(1, 2), X509Reason::path_too_long);
  EXPECT_OK(build_deep(std::nullopt, 5));
  EXPECT_OK(build_deep(0, 2, true));  // self-issued CAs don't count
}

TEST(BuildChain, an_intermediates_path_length_counts_too) {
  const auto& pki = test::shared_pki();
  auto spec = intermediate_spec("Limited");
  spec.basic_constraints->path_length = 0;
  const Identity limited = mint(spec, &pki.root);
  EXPECT_OK(build(mint(leaf_spec(), &limited), {limited}, {pki.root}));
  const Identity below = mint(intermediate_spec("Below"), &limited);
  EXPECT_REFUSED(build(mint(leaf_spec(), &below), {below, limited}, {pki.root}), X509Reason::path_too_long);
}

TEST(BuildChain, a_chain_has_at_most_32_certificates) {
  ASSERT_OK(const auto chain, build_deep(std::nullopt, 30));
  EXPECT_EQ(chain.size(), 32U);
  EXPECT_REFUSED(build_deep(std::nullopt, 31), X509Reason::path_too_long);
}

// RFC 5280, 4.2
TEST(BuildChain, an_unknown_critical_extension_spoils_every_certificate) {
  auto spec = leaf_spec();
  spec.more_extensions = {test::unknown_critical_extension()};
  EXPECT_REFUSED(build_leaf(spec), X509Reason::unknown_critical_extension);
  spec = intermediate_spec();
  spec.more_extensions = {test::unknown_critical_extension()};
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::unknown_critical_extension);
  spec = root_spec();
  spec.more_extensions = {test::unknown_critical_extension()};
  EXPECT_REFUSED(build_root(spec), X509Reason::unknown_critical_extension);
}

// Name constraints (2.5.29.30) and policies (2.5.29.32) are critical or of no effect: half of them is none.
TEST(BuildChain, critical_name_constraints_and_policies_are_not_understood) {
  for (const auto* oid : {"551d1e", "551d20", "551d24", "551d36"}) {
    auto spec = intermediate_spec();
    spec.more_extensions = {test::extension(test::hex(oid), true, test::hex("3000"))};
    EXPECT_REFUSED(build_intermediate(spec), X509Reason::unknown_critical_extension);
    spec.more_extensions = {test::extension(test::hex(oid), false, test::hex("3000"))};
    EXPECT_OK(build_intermediate(spec));
  }
}

TEST(BuildChain, the_leaf_must_be_allowed_to_sign) {
  auto spec = leaf_spec();
  spec.key_usage.reset();
  EXPECT_REFUSED(build_leaf(spec), X509Reason::wrong_key_usage);
  spec.key_usage = test::usage_bits({KeyUsage::content_commitment});
  EXPECT_REFUSED(build_leaf(spec), X509Reason::wrong_key_usage);
  spec.key_usage = test::usage_bits({KeyUsage::digital_signature, KeyUsage::key_cert_sign});
  EXPECT_REFUSED(build_leaf(spec), X509Reason::wrong_key_usage);
  spec.key_usage = test::usage_bits({KeyUsage::digital_signature, KeyUsage::content_commitment});
  EXPECT_OK(build_leaf(spec));
}

TEST(BuildChain, the_leaf_must_be_for_code_signing) {
  auto spec = leaf_spec();
  spec.purposes.clear();
  EXPECT_REFUSED(build_leaf(spec), X509Reason::wrong_purpose);
  spec.purposes = {test::time_stamping_oid()};
  EXPECT_REFUSED(build_leaf(spec), X509Reason::wrong_purpose);
  spec.purposes = {test::any_purpose_oid()};
  EXPECT_REFUSED(build_leaf(spec), X509Reason::wrong_purpose);
  spec.purposes = {test::time_stamping_oid(), test::code_signing_oid()};
  EXPECT_OK(build_leaf(spec));
}

TEST(BuildChain, an_issuer_that_lists_purposes_must_list_the_one) {
  auto spec = intermediate_spec();
  spec.purposes = {test::server_auth_oid(), test::time_stamping_oid()};
  EXPECT_REFUSED(build_intermediate(spec), X509Reason::wrong_purpose);
  spec.purposes = {test::any_purpose_oid()};
  EXPECT_OK(build_intermediate(spec));
  spec.purposes = {test::server_auth_oid(), test::code_signing_oid()};
  EXPECT_OK(build_intermediate(spec));
  auto root = root_spec();
  root.purposes = {test::server_auth_oid()};
  EXPECT_OK(build_root(root));  // the root was trusted for this use by whoever put it into the set
}

TEST(BuildChain, the_leaf_is_no_ca) {
  auto spec = leaf_spec();
  spec.basic_constraints->is_ca = true;
  EXPECT_REFUSED(build_leaf(spec), X509Reason::leaf_is_ca);
  spec.basic_constraints.reset();
  EXPECT_OK(build_leaf(spec));
}

TEST(BuildChain, the_leafs_key_is_of_a_type_that_the_profile_allows) {
  EXPECT_REFUSED(build_leaf(leaf_spec(), test::new_key(crypto::KeyType::ec_p256)), X509Reason::wrong_key);
  EXPECT_REFUSED(build_leaf(leaf_spec(), test::new_key(crypto::KeyType::ec_p521)), X509Reason::wrong_key);
  EXPECT_REFUSED(build_leaf(leaf_spec(), test::rsa_key(2048)), X509Reason::wrong_key);
  ChainProfile wider = ChainProfile::lambda();
  wider.leaf_keys.push_back(crypto::KeyType::rsa);
  const auto& pki = test::shared_pki();
  const Identity leaf = mint(leaf_spec(), &pki.intermediate, test::rsa_key(2048));
  EXPECT_OK(build_chain(leaf.certificate, pki.candidates(), pki.roots(), wider, pki_time()));
}

TEST(BuildChain, issuers_may_have_any_key) {
  const Identity root = mint(root_spec(), nullptr, test::rsa_key(2048));
  const Identity middle = mint(intermediate_spec("Middle"), &root, test::new_key(crypto::KeyType::ec_p521));
  const Identity low = mint(intermediate_spec("Low"), &middle, test::new_key(crypto::KeyType::ec_p256));
  EXPECT_OK(build(mint(leaf_spec(), &low), {low, middle}, {root}));
}

TEST(BuildChain, signatures_are_checked_all_the_way) {
  auto leaf = leaf_spec();
  leaf.broken_signature = true;
  EXPECT_REFUSED(build_leaf(leaf), X509Reason::bad_signature);
  auto intermediate = intermediate_spec();
  intermediate.broken_signature = true;
  EXPECT_REFUSED(build_intermediate(intermediate), X509Reason::bad_signature);
}

// A root is trusted by its bytes; who signed it adds nothing.
TEST(BuildChain, a_roots_own_signature_does_not_matter) {
  auto spec = root_spec();
  spec.broken_signature = true;
  EXPECT_OK(build_root(spec));
}

TEST(BuildChain, another_path_is_tried_when_one_fails) {
  const auto& pki = test::shared_pki();
  const Identity other_root = mint(root_spec("Other Root"));
  auto expired = intermediate_spec("Crossed");
  expired.not_after = test::at("2026-01-02T00:00:00Z");
  const Identity old_path = mint(expired, &other_root);
  const Identity new_path = mint(intermediate_spec("Crossed"), &pki.root, old_path.key);
  const Identity leaf = mint(leaf_spec(), &old_path);
  for (const auto& candidates : {std::vector{old_path, new_path}, std::vector{new_path, old_path}}) {
    ASSERT_OK(const auto chain, build(leaf, candidates, {pki.root, other_root}));
    EXPECT_EQ(chain, chain_of({leaf, new_path, pki.root}));
  }
  EXPECT_REFUSED(build(leaf, {old_path}, {pki.root, other_root}), X509Reason::expired);
}

TEST(BuildChain, a_dead_end_far_up_does_not_hide_the_other_way) {
  const auto& pki = test::shared_pki();
  const Identity stranger = mint(root_spec("Stranger"));
  const Identity upper = mint(intermediate_spec("Upper"), &stranger);
  const Identity crossed = mint(intermediate_spec("Crossed"), &upper);
  const Identity direct = mint(intermediate_spec("Crossed"), &pki.root, crossed.key);
  const Identity leaf = mint(leaf_spec(), &crossed);
  ASSERT_OK(const auto chain, build(leaf, {stranger, upper, crossed, direct}, {pki.root}));
  EXPECT_EQ(chain, chain_of({leaf, direct, pki.root}));
}

TEST(BuildChain, key_ids_order_the_search_and_decide_nothing) {
  const auto& pki = test::shared_pki();
  // The id of another key in the leaf: the only issuer is still tried.
  auto parts = test::parts_of(leaf_spec(), *pki.leaf.key, &pki.root);
  parts.issuer = to_bytes(pki.intermediate.certificate.subject());
  ASSERT_OK(const auto leaf, Certificate::parse(test::assemble(parts, *pki.intermediate.key)));
  ASSERT_FALSE(equal(*leaf.authority_key_id(), *pki.intermediate.certificate.subject_key_id()));
  EXPECT_OK(build_chain(leaf, pki.candidates(), pki.roots(), ChainProfile::lambda(), pki_time()));
  auto without = leaf_spec();
  without.key_ids = false;
  EXPECT_OK(build_leaf(without));
}

TEST(BuildChain, a_ca_that_changed_its_key_is_followed) {
  const auto& pki = test::shared_pki();
  const Identity rolled = mint(root_spec(), &pki.root);  // the root's name, a new key, signed by the old one
  const Identity leaf = mint(leaf_spec(), &rolled);
  ASSERT_OK(const auto chain, build(leaf, {rolled}, {pki.root}));
  EXPECT_EQ(chain, chain_of({leaf, rolled, pki.root}));
}

TEST(BuildChain, circles_end) {
  const Identity a = mint(intermediate_spec("A"));
  const Identity b = mint(intermediate_spec("B"), &a);
  const Identity a_by_b = mint(intermediate_spec("A"), &b, a.key);
  const Identity leaf = mint(leaf_spec(), &a);
  EXPECT_REFUSED(build(leaf, {a_by_b, b}, {test::shared_pki().root}), X509Reason::issuer_not_found);
}

TEST(BuildChain, the_error_is_that_of_the_path_that_came_furthest) {
  const auto& pki = test::shared_pki();
  auto expired = intermediate_spec("Crossed");
  expired.not_after = test::at("2026-01-02T00:00:00Z");
  const Identity near = mint(expired, &pki.root);
  const Identity upper = mint(intermediate_spec("Upper"), &pki.root);
  const Identity far = mint(intermediate_spec("Crossed"), &upper, near.key);
  const Identity leaf = mint(leaf_spec(), &near);
  EXPECT_REFUSED(build(leaf, {near}, {pki.root}), X509Reason::expired);
  std::vector<Identity> candidates{near, far};
  for (int i = 0; i < 2; ++i) {
    EXPECT_REFUSED(build(leaf, candidates, {pki.root}), X509Reason::issuer_not_found);
    std::ranges::reverse(candidates);
  }
}

TEST(BuildChain, the_error_does_not_depend_on_the_order_of_the_candidates) {
  const auto& pki = test::shared_pki();
  auto late = intermediate_spec("Crossed");
  late.not_before = test::at("2030-01-01T00:00:00Z");
  auto expired = intermediate_spec("Crossed");
  expired.not_after = test::at("2026-01-02T00:00:00Z");
  const auto key = test::new_key();
  std::vector<Identity> candidates{mint(late, &pki.root, key), mint(expired, &pki.root, key), pki.leaf,
                                   pki.intermediate};
  const Identity leaf = mint(leaf_spec(), &candidates[0]);
  const auto first = build(leaf, candidates, {pki.root});
  ASSERT_FALSE(first.has_value());
  std::ranges::sort(candidates, {}, [](const auto& each) { return each.certificate.fingerprint(); });
  do {
    const auto again = build(leaf, candidates, {pki.root});
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().describe(), first.error().describe());
  } while (std::ranges::next_permutation(candidates, {}, [](const auto& each) {
             return each.certificate.fingerprint();
           }).found);
}

// 32 CAs of one name and one key: more paths than anybody could walk.
TEST(BuildChain, the_search_ends_after_256_signature_checks) {
  const auto key = test::new_key();
  std::vector<Identity> mesh;
  mesh.push_back(mint(intermediate_spec("Mesh"), nullptr, key));
  while (mesh.size() < 32) mesh.push_back(mint(intermediate_spec("Mesh"), &mesh.front(), key));
  EXPECT_REFUSED(build(mint(leaf_spec(), &mesh.front()), mesh, {test::shared_pki().root}),
                 X509Reason::search_exhausted);
}

TEST(BuildChain, at_most_32_candidates_are_taken) {
  const auto& pki = test::shared_pki();
  EXPECT_OK(build(pki.leaf, std::vector<Identity>(32, pki.intermediate), {pki.root}));
  EXPECT_REFUSED(build(pki.leaf, std::vector<Identity>(33, pki.intermediate), {pki.root}),
                 X509Reason::too_many_certificates);
}

TEST(BuildChain, messages_name_the_certificate_and_can_not_rewrite_the_terminal) {
  const auto& pki = test::shared_pki();
  const Identity evil = mint(leaf_spec("evil\x1b[2J\n\"name\""), &pki.intermediate);
  const auto refused = build(evil, {}, {pki.root});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message().find("CN=Test Intermediate"), std::string::npos) << refused.error().message();
  EXPECT_NE(refused.error().message().find("evil"), std::string::npos);
  EXPECT_EQ(refused.error().describe().find('\x1b'), std::string::npos);
  EXPECT_EQ(refused.error().describe().find('\n'), std::string::npos);
}

TEST(TrustedRoots, have_a_version_by_content) {
  const auto& pki = test::shared_pki();
  const Certificate other = mint(root_spec()).certificate;
  const TrustedRoots one({pki.root.certificate});
  const TrustedRoots two({pki.root.certificate, other});
  const TrustedRoots swapped({other, pki.root.certificate, other});
  EXPECT_EQ(two.version(), swapped.version());
  EXPECT_NE(one.version(), two.version());
  EXPECT_NE(one.version(), TrustedRoots({}).version());
  EXPECT_EQ(two.certificates().size(), 2U);
  EXPECT_EQ(swapped.certificates().size(), 2U);
  EXPECT_TRUE(two.contains(other));
  EXPECT_FALSE(one.contains(other));
  EXPECT_FALSE(TrustedRoots({}).contains(other));
}

// SHA-256 of nothing. FIPS 180-4
TEST(TrustedRoots, the_version_is_the_sha256_of_the_sorted_fingerprints) {
  EXPECT_EQ(to_hex(TrustedRoots({}).version()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// aws-signing facts 1.5
TEST(ChainProfile, lambda_wants_a_p384_code_signer) {
  const ChainProfile profile = ChainProfile::lambda();
  EXPECT_EQ(profile.id, ChainProfile::Id::lambda);
  EXPECT_EQ(profile.purpose, Purpose::code_signing);
  EXPECT_EQ(profile.leaf_keys, std::vector{crypto::KeyType::ec_p384});
}

}  // namespace
}  // namespace proofmark::x509
