#include "lambda_package/trust.h"

#include <cstdlib>

#include "lambda_package_roots.h"

namespace proofmark::lambda_package {

const x509::TrustedRoots& aws_signer_roots() {
  static const x509::TrustedRoots roots = [] {
    auto certificates = x509::parse_pem_chain(as_bytes(kAwsSignerLambdaRootPem));
    if (!certificates) std::abort();
    return x509::TrustedRoots(*std::move(certificates));
  }();
  return roots;
}

}  // namespace proofmark::lambda_package
