#include "crypto/spki.h"

#include "crypto/der_cursor.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

using test::hex;

// The generators of the curves are points that everyone can look up. SP 800-186, 3.2.1.
const Bytes& p256_point() {
  static const Bytes point =
      hex("04 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
          "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
  return point;
}

Bytes with_byte(Bytes bytes, std::size_t at, std::uint8_t value) {
  bytes.at(at) = value;
  return bytes;
}

Bytes rsa_modulus(std::size_t bytes) {
  Bytes modulus(bytes, 0xc5);
  return modulus;
}

Bytes element(DerTag tag, std::initializer_list<ByteView> parts) {
  return der_element(tag, parts);
}

const Bytes& rsa_identifier() {
  static const Bytes identifier = hex("300d 06092a864886f70d010101 0500");
  return identifier;
}

Bytes spki_of(ByteView identifier, ByteView key) {
  return element(DerTag::sequence, {identifier, element(DerTag::bit_string, {hex("00"), key})});
}

Bytes ec_identifier(std::string_view parameters) {
  return element(DerTag::sequence, {hex("06072a8648ce3d0201"), hex(parameters)});
}

TEST(ParseSpki, reads_each_named_curve) {
  struct Example {
    KeyType type;
    int bits;
    const char* prefix;
  };
  for (const auto& [type, bits, prefix] :
       {Example{KeyType::ec_p256, 256, "3059 3013 06072a8648ce3d0201 06082a8648ce3d030107 034200"},
        Example{KeyType::ec_p384, 384, "3076 3010 06072a8648ce3d0201 06052b81040022 036200"},
        Example{KeyType::ec_p521, 521, "30819b 3010 06072a8648ce3d0201 06052b81040023 03818600"}}) {
    Bytes point(1 + 2 * field_bytes(type), 0x01);
    point[0] = 0x04;
    Bytes der = hex(prefix);
    append(der, point);
    EXPECT_EQ(ec_spki(type, point), der);
    ASSERT_OK(const auto numbers, parse_spki(der));
    EXPECT_EQ(numbers.type, type);
    EXPECT_EQ(numbers.bits, bits);
    EXPECT_EQ(to_bytes(numbers.point), point);
  }
}

TEST(ParseSpki, reads_rsa_of_each_size) {
  for (const int bits : {2048, 3072, 4096}) {
    const Bytes modulus = rsa_modulus(static_cast<std::size_t>(bits) / 8);
    for (const char* const exponent : {"03", "010001", "ffffffff"}) {
      const Bytes der = rsa_spki(modulus, hex(exponent));
      ASSERT_OK(const auto numbers, parse_spki(der));
      EXPECT_EQ(numbers.type, KeyType::rsa);
      EXPECT_EQ(numbers.bits, bits);
      EXPECT_EQ(to_bytes(numbers.modulus), modulus);
      EXPECT_EQ(to_hex(numbers.exponent), exponent);
    }
  }
}

TEST(ParseSpki, refuses_rsa_sizes_that_we_do_not_use) {
  for (const std::size_t bytes : {1U, 64U, 128U, 255U, 257U, 320U, 383U, 385U, 511U, 513U, 1024U, 2048U}) {
    EXPECT_REFUSED(parse_spki(rsa_spki(rsa_modulus(bytes), hex("010001"))), CryptoReason::unsupported_key);
  }
  // One bit short of 2048, and one more.
  EXPECT_REFUSED(parse_spki(rsa_spki(with_byte(rsa_modulus(256), 0, 0x7f), hex("010001"))),
                 CryptoReason::unsupported_key);
  EXPECT_REFUSED(parse_spki(rsa_spki(with_byte(rsa_modulus(257), 0, 0x01), hex("010001"))),
                 CryptoReason::unsupported_key);
  EXPECT_REFUSED(parse_spki(rsa_spki({}, hex("010001"))), CryptoReason::unsupported_key);
}

TEST(ParseSpki, refuses_rsa_numbers_that_no_key_has) {
  EXPECT_REFUSED(parse_spki(rsa_spki(with_byte(rsa_modulus(256), 255, 0xc4), hex("010001"))),
                 CryptoReason::invalid_key);
  for (const char* const exponent : {"00", "01", "02", "04", "010000", "fffffffe", "0100000000"}) {
    EXPECT_REFUSED(parse_spki(rsa_spki(rsa_modulus(256), hex(exponent))), CryptoReason::invalid_key);
  }
  EXPECT_REFUSED(parse_spki(rsa_spki(rsa_modulus(256), hex("0100000001"))), CryptoReason::unsupported_key);
}

TEST(ParseSpki, refuses_rsa_integers_that_are_not_minimal_and_positive) {
  const Bytes modulus = der_unsigned(rsa_modulus(256));
  const Bytes exponent = hex("0203010001");
  EXPECT_OK(parse_spki(spki_of(rsa_identifier(), element(DerTag::sequence, {modulus, exponent}))));
  const Bytes negative = element(DerTag::integer, {rsa_modulus(256)});
  const Bytes padded = element(DerTag::integer, {hex("0000"), rsa_modulus(256)});
  for (const Bytes& key :
       {element(DerTag::sequence, {negative, exponent}), element(DerTag::sequence, {padded, exponent}),
        element(DerTag::sequence, {modulus, hex("020400010001")}), element(DerTag::sequence, {modulus, hex("020181")}),
        element(DerTag::sequence, {modulus}), element(DerTag::sequence, {modulus, exponent, hex("0500")}), Bytes{},
        element(DerTag::octet_string, {modulus, exponent})}) {
    EXPECT_REFUSED(parse_spki(spki_of(rsa_identifier(), key)), CryptoReason::malformed_key);
  }
  Bytes trailing = element(DerTag::sequence, {modulus, exponent});
  trailing.push_back(0);
  EXPECT_REFUSED(parse_spki(spki_of(rsa_identifier(), trailing)), CryptoReason::malformed_key);
}

// RFC 3279, 2.3.1: the parameters must be NULL.
TEST(ParseSpki, refuses_rsa_parameters_other_than_null) {
  const Bytes key = element(DerTag::sequence, {der_unsigned(rsa_modulus(256)), hex("0203010001")});
  for (const char* const identifier : {"300b 06092a864886f70d010101", "300e 06092a864886f70d010101 050100",
                                       "300d 06092a864886f70d010101 3000", "300f 06092a864886f70d010101 0500 0500"}) {
    EXPECT_REFUSED(parse_spki(spki_of(hex(identifier), key)), CryptoReason::malformed_key);
  }
}

TEST(ParseSpki, refuses_other_algorithms_and_curves) {
  const Bytes rsa_key = element(DerTag::sequence, {der_unsigned(rsa_modulus(256)), hex("0203010001")});
  for (const char* const identifier : {"300b 06092a864886f70d01010a",      // id-RSASSA-PSS
                                       "3005 06032b6570",                  // Ed25519
                                       "300b 06072a8648ce380401 0500"}) {  // DSA
    EXPECT_REFUSED(parse_spki(spki_of(hex(identifier), rsa_key)), CryptoReason::unsupported_key);
  }
  for (const char* const curve : {"06052b8104000a",          // secp256k1
                                  "06092b2403030208010107",  // brainpoolP256r1
                                  "3003 020101"}) {          // spelt out
    EXPECT_REFUSED(parse_spki(spki_of(ec_identifier(curve), p256_point())), CryptoReason::unsupported_key);
  }
}

TEST(ParseSpki, refuses_points_in_other_forms) {
  const Bytes p256 = ec_identifier("06082a8648ce3d030107");
  const ByteView x = ByteView(p256_point()).subspan(1, 32);
  EXPECT_OK(parse_spki(spki_of(p256, p256_point())));
  for (const std::uint8_t sign : Bytes{2, 3}) {
    Bytes compressed{sign};
    append(compressed, x);
    EXPECT_REFUSED(parse_spki(spki_of(p256, compressed)), CryptoReason::unsupported_key);
  }
  EXPECT_REFUSED(parse_spki(spki_of(p256, hex("00"))), CryptoReason::invalid_key);  // infinity
  for (const std::uint8_t form : Bytes{0, 1, 5, 6, 7}) {
    EXPECT_REFUSED(parse_spki(spki_of(p256, with_byte(p256_point(), 0, form))), CryptoReason::malformed_key);
  }
  EXPECT_REFUSED(parse_spki(spki_of(p256, {})), CryptoReason::malformed_key);
  EXPECT_REFUSED(parse_spki(spki_of(p256, ByteView(p256_point()).first(64))), CryptoReason::malformed_key);
  Bytes longer = p256_point();
  longer.push_back(0);
  EXPECT_REFUSED(parse_spki(spki_of(p256, longer)), CryptoReason::malformed_key);
  EXPECT_REFUSED(parse_spki(spki_of(ec_identifier("06052b81040022"), p256_point())), CryptoReason::malformed_key);
}

TEST(ParseSpki, refuses_a_curve_that_is_not_named) {
  for (const char* const parameters : {"", "0500", "020101", "06082a8648ce3d030107 0500"}) {
    EXPECT_REFUSED(parse_spki(spki_of(ec_identifier(parameters), p256_point())), CryptoReason::malformed_key);
  }
}

TEST(ParseSpki, refuses_what_is_not_one_der_element) {
  const Bytes good = ec_spki(KeyType::ec_p256, p256_point());
  EXPECT_OK(parse_spki(good));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_REFUSED(parse_spki(ByteView(good).first(size)), CryptoReason::malformed_key);
  }
  Bytes trailing = good;
  trailing.push_back(0);
  EXPECT_REFUSED(parse_spki(trailing), CryptoReason::malformed_key);
  const Bytes p256 = ec_identifier("06082a8648ce3d030107");
  const Bytes key = element(DerTag::bit_string, {hex("00"), p256_point()});
  EXPECT_REFUSED(parse_spki(element(DerTag::sequence, {p256, key, hex("0500")})), CryptoReason::malformed_key);
  EXPECT_REFUSED(parse_spki(element(DerTag::sequence, {p256, element(DerTag::bit_string, {hex("01"), p256_point()})})),
                 CryptoReason::malformed_key);  // unused bits
  EXPECT_REFUSED(parse_spki(element(DerTag::sequence, {p256, hex("0300")})), CryptoReason::malformed_key);
  EXPECT_REFUSED(parse_spki(element(DerTag::sequence, {hex("3000"), key})), CryptoReason::malformed_key);
  EXPECT_REFUSED(parse_spki(element(DerTag::sequence, {hex("3002 0600"), key})), CryptoReason::malformed_key);
}

// There is one way to write a key: whatever is accepted is what we would write.
TEST(ParseSpki, accepts_no_altered_frame) {
  const Bytes good = ec_spki(KeyType::ec_p256, p256_point());
  const std::size_t frame = good.size() - 64;
  for (std::size_t at = 0; at < frame; ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const Bytes altered = with_byte(good, at, static_cast<std::uint8_t>(good[at] ^ (1U << bit)));
      EXPECT_FALSE(parse_spki(altered).has_value()) << "byte " << at << ", bit " << bit;
    }
  }
}

}  // namespace
}  // namespace proofmark::crypto
