#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "apps/proofmark/commands.h"
#include "apps/proofmark/inputs.h"
#include "apps/proofmark/report.h"
#include "base/file.h"
#include "base/text.h"
#include "x509/issue.h"

namespace proofmark::cli {
namespace {

namespace fs = std::filesystem;
using codec::json::Object;
using crypto::KeyType;
using crypto::SigningKey;
using x509::Certificate;
using x509::CertificateKind;

constexpr unsigned kSecretMode = 0600;
constexpr int kRootMonths = 20 * 12;
constexpr int kIntermediateMonths = 10 * 12;
constexpr int kMaxLeafDays = 3650;

Instant to_second(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant);
}

/// Files that appear together or not at all: all are written before the first is put in place, none replaces another,
/// and when one can't be put in place, those before it are taken away again.
class FileSet {
 public:
  Result<void> add(const fs::path& path, ByteView bytes, unsigned mode) {
    PM_TRY(auto file, create_file(path, Overwrite::refuse, mode));
    PM_TRY_VOID(file->write(bytes));
    files_.emplace_back(path, std::move(file));
    return {};
  }

  Result<void> commit() {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      auto committed = files_[i].second->commit();
      if (committed) continue;
      for (std::size_t earlier = 0; earlier < i; ++earlier) {
        std::error_code ignored;
        fs::remove(files_[earlier].first, ignored);
      }
      return committed;
    }
    return {};
  }

 private:
  std::vector<std::pair<fs::path, std::unique_ptr<FileWriter>>> files_;
};

Result<void> add_key(FileSet& files, const fs::path& path, const SigningKey& key, const SecretBytes& passphrase) {
  PM_TRY(const auto pem, crypto::private_key_pem(key, passphrase.empty() ? nullptr : &passphrase));
  return files.add(path, pem.reveal(), kSecretMode);
}

std::string_view storage_note(const SecretBytes& passphrase) {
  return passphrase.empty() ? "  The keys are not encrypted (readable by you only); --passphrase-file encrypts them.\n"
                            : "";
}

// --- init ---

struct Authority {
  std::unique_ptr<SigningKey> root_key;
  std::unique_ptr<SigningKey> intermediate_key;
  Certificate root;
  Certificate intermediate;
};

Result<Authority> make_authority(const std::string& common_name, Context& context) {
  const Instant from = to_second(context.clock.now());
  PM_TRY(auto root_key, crypto::generate_signing_key(KeyType::ec_p384));
  PM_TRY(auto intermediate_key, crypto::generate_signing_key(KeyType::ec_p384));
  PM_TRY(auto root, x509::issue({.kind = CertificateKind::root,
                                 .common_name = common_name + " Root",
                                 .not_before = from,
                                 .not_after = add_months(from, kRootMonths)},
                                root_key->public_key(), nullptr, *root_key, context.random));
  PM_TRY(auto intermediate, x509::issue({.kind = CertificateKind::intermediate,
                                         .common_name = common_name + " Intermediate",
                                         .not_before = from,
                                         .not_after = add_months(from, kIntermediateMonths)},
                                        intermediate_key->public_key(), &root, *root_key, context.random));
  return Authority{std::move(root_key), std::move(intermediate_key), std::move(root), std::move(intermediate)};
}

Result<Exit> run_init(const Arguments& arguments, Context& context) {
  const fs::path folder = arguments.one("DIR");
  const auto common_name = arguments.one("--name");
  if (common_name.empty()) return fail(UsageReason::bad_usage, "--name is empty; an authority has a name");
  PM_TRY(const auto passphrase, read_passphrase(arguments, context));
  PM_TRY(const auto authority, make_authority(common_name, context));
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(FileReason::cannot_write, fmt::format("{}: {}", printable(folder.string()), error.message()));
  FileSet files;
  PM_TRY_VOID(add_key(files, folder / "root.key", *authority.root_key, passphrase));
  PM_TRY_VOID(add_key(files, folder / "intermediate.key", *authority.intermediate_key, passphrase));
  PM_TRY_VOID(files.add(folder / "root.crt", as_bytes(x509::to_pem(authority.root)), 0644));
  PM_TRY_VOID(files.add(folder / "intermediate.crt", as_bytes(x509::to_pem(authority.intermediate)), 0644));
  PM_TRY_VOID(files.commit());
  if (wants_json(arguments)) {
    print_json(context.terminal, Object{{"folder", json_file_name(folder.string())},
                                        {"root", certificate_json(authority.root)},
                                        {"intermediate", certificate_json(authority.intermediate)}});
  } else {
    context.terminal.out(
        fmt::format("Made a certificate authority in {}\n"
                    "  root.crt          what verifiers trust: give it to everyone\n"
                    "  root.key          keep it offline; it is needed for new intermediates only\n"
                    "  intermediate.crt\n"
                    "  intermediate.key  issues signing certificates\n"
                    "{}Next: proofmark ca issue {} NAME\n",
                    printable(folder.string()), storage_note(passphrase), printable(folder.string())));
  }
  return Exit::success;
}

Command init_command() {
  return {
      .path = {"ca", "init"},
      .summary = "Make a certificate authority: a root and an intermediate",
      .description =
          "Writes root.crt, root.key, intermediate.crt and intermediate.key (EC P-384) into DIR, which is made when it "
          "is not "
          "there. Never overwrites anything.",
      .arguments = {{.name = "DIR", .help = "the authority's folder", .offer = Offer::folder}},
      .options =
          {{.name = "--name", .value = "NAME", .help = "its name in the certificates", .initial = "Proofmark"},
           {.name = "--passphrase-file",
            .value = "FILE",
            .help = "encrypt the keys with the passphrase in this file's first line (or in PROOFMARK_KEY_PASSPHRASE)",
            .offer = Offer::file},
           output_option()},
      .examples = {"proofmark ca init my-ca",
                   "proofmark ca init --name 'Example Corp' --passphrase-file pass.txt my-ca"},
      .run = run_init};
}

// --- issue ---

Result<void> check_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  if (!name.empty() && name.size() <= 64 && name[0] != '.' && name[0] != '-' && std::ranges::all_of(name, allowed))
    return {};
  return fail(UsageReason::bad_usage,
              fmt::format("NAME {} is not 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit",
                          quoted(name, 80)));
}

Result<int> parse_days(const std::string& text) {
  int days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error == std::errc{} && end == text.data() + text.size() && days >= 1 && days <= kMaxLeafDays) return days;
  return fail(UsageReason::bad_usage,
              fmt::format("--days {} is not a number from 1 to {}", quoted(text, 20), kMaxLeafDays));
}

Result<Exit> run_issue(const Arguments& arguments, Context& context) {
  const fs::path folder = arguments.one("DIR");
  const auto name = arguments.one("NAME");
  PM_TRY_VOID(check_name(name));
  PM_TRY(const int days, parse_days(arguments.one("--days")));
  PM_TRY(const auto root, read_certificates((folder / "root.crt").string()));
  PM_TRY(const auto intermediate, read_certificates((folder / "intermediate.crt").string()));
  PM_TRY(const auto issuer_key, read_key((folder / "intermediate.key").string(), arguments, context));
  PM_TRY(const auto passphrase, read_passphrase(arguments, context));

  const Instant from = to_second(context.clock.now());
  PM_TRY(const auto key, crypto::generate_signing_key(KeyType::ec_p384));
  PM_TRY(const auto leaf,
         x509::issue({.kind = CertificateKind::code_signing,
                      .common_name = name,
                      .not_before = from,
                      .not_after = std::min(from + std::chrono::days{days}, intermediate.front().not_after())},
                     key->public_key(), &intermediate.front(), *issuer_key, context.random));
  // What is handed out must be usable: the chain is validated here, not at the first signature.
  PM_TRY_VOID(x509::build_chain(leaf, intermediate, x509::TrustedRoots(root), x509::ChainProfile::lambda(), from));

  FileSet files;
  PM_TRY_VOID(add_key(files, folder / (name + ".key"), *key, passphrase));
  PM_TRY_VOID(files.add(folder / (name + ".crt"),
                        as_bytes(x509::to_pem(leaf) + x509::to_pem(intermediate.front()) + x509::to_pem(root.front())),
                        0644));
  PM_TRY_VOID(files.commit());
  const auto key_file = (folder / (name + ".key")).string();
  const auto certificate_file = (folder / (name + ".crt")).string();
  if (wants_json(arguments)) {
    print_json(context.terminal, Object{{"key", json_file_name(key_file)},
                                        {"chain", json_file_name(certificate_file)},
                                        {"certificate", certificate_json(leaf)}});
  } else {
    context.terminal.out(
        fmt::format("Issued a code-signing certificate for {}, valid until {}\n"
                    "  {}  the private key\n"
                    "  {}  the certificate, its issuer and the root\n{}",
                    name, to_rfc3339(leaf.not_after()), printable(key_file), printable(certificate_file),
                    storage_note(passphrase)));
  }
  return Exit::success;
}

Command issue_command() {
  return {.path = {"ca", "issue"},
          .summary = "Issue a code-signing key and certificate",
          .description =
              "Writes NAME.key and NAME.crt into DIR, an authority that 'proofmark ca init' made. NAME.crt holds the "
              "whole chain, leaf "
              "first, as 'proofmark lambda sign --chain' takes it. Never overwrites anything.",
          .arguments = {{.name = "DIR", .help = "the authority's folder", .offer = Offer::folder},
                        {.name = "NAME",
                         .help = "whom the certificate names, and the files are called after",
                         .offer = Offer::nothing}},
          .options = {{.name = "--days", .value = "N", .help = "how long the certificate may sign", .initial = "365"},
                      {.name = "--passphrase-file",
                       .value = "FILE",
                       .help = "passphrase of the intermediate's key, and of the new one (or PROOFMARK_KEY_PASSPHRASE)",
                       .offer = Offer::file},
                      output_option()},
          .examples = {"proofmark ca issue my-ca signer"},
          .run = run_issue};
}

}  // namespace

void add_ca_commands(Program& program) {
  program.groups.push_back({"ca", "Keys and certificates for people who have no PKI"});
  program.commands.push_back(init_command());
  program.commands.push_back(issue_command());
}

}  // namespace proofmark::cli
