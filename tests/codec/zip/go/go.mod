module proofmark/tests/codec/zip/go

go 1.19
