proofmark_fuzz(cms envelope/cms)
