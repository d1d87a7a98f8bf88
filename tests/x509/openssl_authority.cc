#include "x509/openssl_authority.h"

#include <chrono>

namespace proofmark::test {
namespace {

// unique_subject: certificates of one name are what the tests are about.
constexpr std::string_view kConfig = R"([ca]
default_ca = here
[here]
new_certs_dir = .
database = index.txt
serial = serial.txt
unique_subject = no
email_in_dn = no
policy = any_name
default_md = sha384
[any_name]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
[req]
distinguished_name = any_name
string_mask = utf8only
)";

bool is_curve(const std::string& type) {
  return type == "P-256" || type == "P-384" || type == "P-521" || type == "secp256k1";
}

}  // namespace

OpensslAuthority::OpensslAuthority() {
  write(folder_ / "openssl.cnf", kConfig);
  write(folder_ / "index.txt", "");
}

void OpensslAuthority::openssl(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), "openssl");
  const Outcome outcome = run(arguments, folder_.path());
  EXPECT_EQ(outcome.exit_code, 0) << arguments[1] << ": " << outcome.err;
}

void OpensslAuthority::make_key(const std::string& name, const std::string& type) {
  const std::string file = name + ".key";
  if (is_curve(type)) {
    openssl({"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + type, "-out", file});
  } else if (type.starts_with("RSA:")) {
    openssl({"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + type.substr(4), "-out", file});
  } else if (type.starts_with("RSA-PSS:")) {
    openssl({"genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:" + type.substr(8), "-out", file});
  } else {
    openssl({"genpkey", "-algorithm", type, "-out", file});
  }
}

std::string OpensslAuthority::key_file(const std::string& name, const OpensslSpec& spec) {
  if (std::filesystem::exists(folder_ / (spec.key + ".key"))) return spec.key + ".key";
  make_key(name, spec.key);
  return name + ".key";
}

std::string OpensslAuthority::mint(const std::string& name, const OpensslSpec& spec) {
  const std::string key = key_file(name, spec);
  if (key != name + ".key") std::filesystem::copy_file(folder_ / key, folder_ / (name + ".key"));
  openssl(
      {"req", "-new", "-config", "openssl.cnf", "-utf8", "-key", key, "-subj", spec.subject, "-out", name + ".csr"});
  write(folder_ / (name + ".ext"), "[wanted]\n" + spec.extensions);
  std::vector<std::string> arguments{
      "ca",           "-batch",      "-config",     "openssl.cnf", "-notext",    "-rand_serial",  "-preserveDN",
      "-in",          name + ".csr", "-out",        name + ".pem", "-startdate", spec.not_before, "-enddate",
      spec.not_after, "-extfile",    name + ".ext", "-extensions", "wanted",     "-md",           spec.digest};
  if (spec.issuer.empty()) {
    arguments.insert(arguments.end(), {"-selfsign", "-keyfile", key});
  } else {
    arguments.insert(arguments.end(), {"-cert", spec.issuer + ".pem", "-keyfile", spec.issuer + ".key"});
  }
  for (const auto& option : spec.signature_options) arguments.insert(arguments.end(), {"-sigopt", option});
  openssl(arguments);
  return pem(name);
}

std::string OpensslAuthority::pem(const std::string& name) const {
  return std::string(as_text(read(folder_ / (name + ".pem"))));
}

void OpensslAuthority::set_pem(const std::string& name, std::string_view pem) {
  write(folder_ / (name + ".pem"), pem);
}

Outcome OpensslAuthority::verify(const std::string& leaf, const std::vector<std::string>& untrusted,
                                 const std::vector<std::string>& roots, Instant at) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  std::vector<std::string> arguments{"openssl",    "verify",     "-purpose",    "any",     "-x509_strict",
                                     "-no-CAfile", "-no-CApath", "-no-CAstore", "-attime", std::to_string(seconds)};
  for (const auto& root : roots) arguments.insert(arguments.end(), {"-trusted", root + ".pem"});
  for (const auto& each : untrusted) arguments.insert(arguments.end(), {"-untrusted", each + ".pem"});
  arguments.push_back(leaf + ".pem");
  return run(arguments, folder_.path());
}

std::string openssl_root_extensions() {
  return "basicConstraints = critical, CA:TRUE\n"
         "keyUsage = critical, keyCertSign, cRLSign\n"
         "subjectKeyIdentifier = hash\n";
}

std::string openssl_ca_extensions() {
  return openssl_root_extensions() + "authorityKeyIdentifier = keyid:always\n";
}

std::string openssl_leaf_extensions() {
  return "basicConstraints = CA:FALSE\n"
         "keyUsage = critical, digitalSignature\n"
         "extendedKeyUsage = codeSigning\n"
         "subjectKeyIdentifier = hash\n"
         "authorityKeyIdentifier = keyid:always\n";
}

}  // namespace proofmark::test
