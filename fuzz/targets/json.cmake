proofmark_fuzz(json codec)
