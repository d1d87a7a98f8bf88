// Reading what the options name: keys, certificates, passphrases, ARNs, revocation lists. Every error names its file or
// option.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/proofmark/command.h"
#include "crypto/key.h"
#include "lambda_package/judge.h"
#include "x509/chain.h"

namespace proofmark::cli {

/// --passphrase-file, else PROOFMARK_KEY_PASSPHRASE; an empty secret when neither is there.
Result<SecretBytes> read_passphrase(const Arguments& arguments, const Context& context);
Option passphrase_option();

/// A private key; asks for the passphrase on a terminal when it needs one that was not given.
Result<std::unique_ptr<crypto::SigningKey>> read_key(const std::string& file, const Arguments& arguments,
                                                     Context& context);

Result<std::vector<x509::Certificate>> read_certificates(const std::string& file);

/// The roots that --root names, or the built-in ones of AWS Signer.
Result<x509::TrustedRoots> read_roots(const std::vector<std::string>& files);

/// A JSON document {"revokedJobs": [ARN…], "revokedProfileVersions": [{"arn": ARN, "effectiveFrom": TIME}…]}; no file:
/// nothing revoked. Reasons: PackageReason::bad_revocation_list, JsonReason, FileReason.
Result<lambda_package::Revocations> read_revocations(const std::string& file);

}  // namespace proofmark::cli
