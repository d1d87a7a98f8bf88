proofmark_fuzz(zip codec/zip)
