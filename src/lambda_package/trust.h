// The built-in trust: the public roots of AWS Signer. aws-signing facts 1.5.
#pragma once

#include "x509/chain.h"

namespace proofmark::lambda_package {

/// The root of AWS Signer's Lambda platform (aws partition). It is not the root of its Notation platform.
/// Ends the program when the built-in data can't be parsed: a test proves that it can.
const x509::TrustedRoots& aws_signer_roots();

}  // namespace proofmark::lambda_package
