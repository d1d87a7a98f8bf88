proofmark_fuzz(pem codec)
