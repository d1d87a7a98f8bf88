#include "x509/reasons.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "x509/chain.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

using test::Identity;
using test::intermediate_spec;
using test::leaf_spec;
using test::mint;
using test::root_spec;

using Attempt = std::function<std::optional<Error>()>;

template <class T>
std::optional<Error> error_of(Result<T> result) {
  if (result) return std::nullopt;
  return std::move(result).error();
}

std::optional<Error> parse_spoilt(const std::function<void(test::CertificateParts&)>& spoil) {
  const auto& issuer = test::shared_pki().intermediate;
  auto parts = test::parts_of(leaf_spec(), *issuer.key, &issuer);
  spoil(parts);
  return error_of(Certificate::parse(test::assemble(parts, *issuer.key)));
}

std::optional<Error> parse_with_extensions(std::vector<Bytes> extensions) {
  auto spec = leaf_spec();
  spec.more_extensions = std::move(extensions);
  const auto& issuer = test::shared_pki().intermediate;
  return error_of(Certificate::parse(test::assemble(test::parts_of(spec, *issuer.key, &issuer), *issuer.key)));
}

std::optional<Error> parse_pem(std::string_view pem) {
  return error_of(parse_pem_chain(as_bytes(pem)));
}

std::optional<Error> build(const Certificate& leaf, const std::vector<Certificate>& candidates) {
  return error_of(build_chain(leaf, candidates, test::shared_pki().roots(), ChainProfile::lambda(), test::pki_time()));
}

std::optional<Error> build_leaf(const std::function<void(test::CertificateSpec&)>& spoil,
                                test::SharedKey key = nullptr) {
  auto spec = leaf_spec();
  spoil(spec);
  const auto& pki = test::shared_pki();
  return build(mint(spec, &pki.intermediate, std::move(key)).certificate, pki.candidates());
}

std::optional<Error> build_intermediate(const std::function<void(test::CertificateSpec&)>& spoil) {
  auto spec = intermediate_spec();
  spoil(spec);
  const Identity intermediate = mint(spec, &test::shared_pki().root);
  return build(mint(leaf_spec(), &intermediate).certificate, {intermediate.certificate});
}

std::optional<Error> build_mesh() {
  const auto key = test::new_key();
  std::vector<Certificate> mesh;
  const Identity first = mint(intermediate_spec("Mesh"), nullptr, key);
  while (mesh.size() < 32) mesh.push_back(mint(intermediate_spec("Mesh"), &first, key).certificate);
  return build(mint(leaf_spec(), &first).certificate, mesh);
}

/// Every reason, and an input that must be refused for it.
const std::map<X509Reason, Attempt>& attempts() {
  static const std::map<X509Reason, Attempt> all{
      {X509Reason::malformed, [] { return error_of(Certificate::parse(test::hex("3000"))); }},
      {X509Reason::too_large, [] { return error_of(Certificate::parse(Bytes(65UL * 1024))); }},
      {X509Reason::unsupported_version,
       [] { return parse_spoilt([](auto& parts) { parts.version = test::hex("a003020101"); }); }},
      {X509Reason::unsupported_algorithm,
       [] {
         return parse_spoilt(
             [](auto& parts) { parts.algorithm = parts.outer_algorithm = test::hex("300906072a8648ce3d0401"); });
       }},
      {X509Reason::algorithm_mismatch,
       [] { return parse_spoilt([](auto& parts) { parts.algorithm = test::hex("300a06082a8648ce3d040302"); }); }},
      {X509Reason::duplicate_extension,
       [] { return parse_with_extensions({test::unknown_critical_extension(), test::unknown_critical_extension()}); }},
      {X509Reason::bad_extension,
       [] {
         return parse_spoilt([](auto& parts) { parts.extensions = test::hex("a30d300b30090603551d0f04020500"); });
       }},
      {X509Reason::bad_pem, [] { return parse_pem("-----BEGIN CERTIFICATE-----\nMAA=\n"); }},
      {X509Reason::no_certificate, [] { return parse_pem("nothing"); }},
      {X509Reason::too_many_certificates,
       [] { return build(test::shared_pki().leaf.certificate, std::vector(33, test::shared_pki().root.certificate)); }},
      {X509Reason::issuer_not_found, [] { return build(test::shared_pki().leaf.certificate, {}); }},
      {X509Reason::untrusted_root,
       [] {
         const auto stranger = mint(root_spec("Stranger"));
         return build(mint(leaf_spec(), &stranger).certificate, {stranger.certificate});
       }},
      {X509Reason::bad_signature, [] { return build_leaf([](auto& spec) { spec.broken_signature = true; }); }},
      {X509Reason::not_yet_valid,
       [] { return build_leaf([](auto& spec) { spec.not_before = test::at("2026-12-01T00:00:00Z"); }); }},
      {X509Reason::expired,
       [] { return build_leaf([](auto& spec) { spec.not_after = test::at("2026-02-01T00:00:00Z"); }); }},
      {X509Reason::not_a_ca, [] { return build_intermediate([](auto& spec) { spec.basic_constraints.reset(); }); }},
      {X509Reason::path_too_long,
       [] {
         auto spec = intermediate_spec("Limited");
         spec.basic_constraints->path_length = 0;
         const Identity limited = mint(spec, &test::shared_pki().root);
         const Identity below = mint(intermediate_spec("Below"), &limited);
         return build(mint(leaf_spec(), &below).certificate, {limited.certificate, below.certificate});
       }},
      {X509Reason::unknown_critical_extension,
       [] { return build_leaf([](auto& spec) { spec.more_extensions = {test::unknown_critical_extension()}; }); }},
      {X509Reason::wrong_key_usage, [] { return build_leaf([](auto& spec) { spec.key_usage.reset(); }); }},
      {X509Reason::wrong_purpose, [] { return build_leaf([](auto& spec) { spec.purposes.clear(); }); }},
      {X509Reason::leaf_is_ca, [] { return build_leaf([](auto& spec) { spec.basic_constraints->is_ca = true; }); }},
      {X509Reason::wrong_key, [] { return build_leaf([](auto&) {}, test::new_key(crypto::KeyType::ec_p256)); }},
      {X509Reason::search_exhausted, [] { return build_mesh(); }},
  };
  return all;
}

TEST(X509Reason, every_reason_has_an_input_that_is_refused_for_it) {
  for (int i = 0; i <= static_cast<int>(last_reason(X509Reason{})); ++i) {
    const auto reason = static_cast<X509Reason>(i);
    const auto attempt = attempts().find(reason);
    if (attempt == attempts().end()) {
      ADD_FAILURE() << "nothing is refused for " << reason_info(reason).name;
      continue;
    }
    const auto error = attempt->second();
    if (!error) {
      ADD_FAILURE() << "accepted; wanted " << reason_info(reason).name;
      continue;
    }
    EXPECT_TRUE(error->is(reason)) << "wanted " << reason_info(reason).name << ", refused for "
                                   << ::testing::PrintToString(*error);
    EXPECT_FALSE(error->message().empty());
  }
}

TEST(X509Reason, names_are_different_and_known) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last_reason(X509Reason{})); ++i) {
    const auto info = reason_info(static_cast<X509Reason>(i));
    EXPECT_NE(info.name, "unknown");
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
  }
  EXPECT_EQ(reason_domain(X509Reason{}), "x509");
}

}  // namespace
}  // namespace proofmark::x509
