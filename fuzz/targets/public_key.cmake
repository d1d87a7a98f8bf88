proofmark_fuzz(public_key crypto)
