proofmark_fuzz(private_key crypto)
