proofmark_fuzz(der codec)
