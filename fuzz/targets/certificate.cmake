proofmark_fuzz(certificate x509)
