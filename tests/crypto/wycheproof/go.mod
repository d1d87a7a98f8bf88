// Pins the Wycheproof test vectors (Apache-2.0), which are data and not committed here: `go mod download` fetches the
// module and compares it with go.sum. Don't run `go mod tidy`: no Go code of ours imports them.
module proofmark/tests/crypto/wycheproof

go 1.26.4

require github.com/c2sp/wycheproof v0.0.0-20260902155932-3fa63dd0344a
