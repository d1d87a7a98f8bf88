module proofmark/tests/go_zip

go 1.19
