#include "crypto/ecdsa_signature.h"

#include "crypto/der_cursor.h"
#include "crypto/spki.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

using test::hex;

constexpr std::array kCurves{KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521};

// The orders, from SP 800-186, 3.2.1.
Bytes order_of(KeyType curve) {
  if (curve == KeyType::ec_p256) return hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  if (curve == KeyType::ec_p384) {
    return hex("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");
  }
  return hex(
      "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c"
      "47"
      "aebb6fb71e91386409");
}

Bytes minus_one(Bytes number) {
  --number.back();  // no order ends in 00
  return number;
}

Bytes plus_one(Bytes number) {
  ++number.back();
  return number;
}

Bytes der_of(ByteView r, ByteView s) {
  return der_element(DerTag::sequence, {der_unsigned(r), der_unsigned(s)});
}

Bytes fixed_of(KeyType curve, ByteView r, ByteView s) {
  const std::size_t width = field_bytes(curve);
  Bytes out(2 * width);
  std::copy(r.begin(), r.end(), out.begin() + static_cast<std::ptrdiff_t>(width - r.size()));
  std::copy(s.begin(), s.end(), out.begin() + static_cast<std::ptrdiff_t>(2 * width - s.size()));
  return out;
}

TEST(EcdsaSignature, reads_both_encodings_of_the_same_numbers) {
  for (const auto curve : kCurves) {
    for (const Bytes& number : {hex("01"), hex("80"), hex("0100"), minus_one(order_of(curve))}) {
      const Bytes der = der_of(number, hex("02"));
      const Bytes fixed = fixed_of(curve, number, hex("02"));
      ASSERT_OK(const auto from_der, EcdsaSignature::parse(curve, SignatureEncoding::der, der));
      ASSERT_OK(const auto from_fixed, EcdsaSignature::parse(curve, SignatureEncoding::fixed, fixed));
      EXPECT_TRUE(equal(from_der.r(), from_fixed.r()));
      EXPECT_TRUE(equal(from_der.s(), from_fixed.s()));
      EXPECT_EQ(from_der.r().size(), field_bytes(curve));
      EXPECT_EQ(from_der.encode(SignatureEncoding::fixed), fixed);
      EXPECT_EQ(from_fixed.encode(SignatureEncoding::der), der);
    }
  }
}

// FIPS 186-5, 6.4.2, step 1
TEST(EcdsaSignature, refuses_numbers_outside_of_one_to_the_order_minus_one) {
  for (const auto curve : kCurves) {
    const Bytes order = order_of(curve);
    for (const Bytes& bad : {hex("00"), order, plus_one(order), Bytes(field_bytes(curve), 0xff)}) {
      for (const auto& [r, s] : {std::pair{bad, hex("01")}, std::pair{hex("01"), bad}}) {
        EXPECT_REFUSED(EcdsaSignature::parse(curve, SignatureEncoding::der, der_of(r, s)), CryptoReason::bad_signature);
        EXPECT_REFUSED(EcdsaSignature::parse(curve, SignatureEncoding::fixed, fixed_of(curve, r, s)),
                       CryptoReason::bad_signature);
      }
    }
    const Bytes too_long(field_bytes(curve) + 1, 0x01);
    EXPECT_REFUSED(EcdsaSignature::parse(curve, SignatureEncoding::der, der_of(too_long, hex("01"))),
                   CryptoReason::bad_signature);
  }
}

// RFC 3279, 2.2.3; X.690, 8.3 and 10.1
TEST(EcdsaSignature, refuses_der_that_is_not_canonical) {
  ASSERT_OK(const auto good,
            EcdsaSignature::parse(KeyType::ec_p256, SignatureEncoding::der, hex("3006 020101 020102")));
  EXPECT_EQ(good.s().back(), 2);
  for (const char* const bad : {"", "3000", "3003 020101",
                                "3006 020101 020102 00",     // bytes behind the sequence
                                "3007 020101 020102 00",     // bytes behind s, inside the sequence
                                "3008 020101 020102 0500",   // a third element
                                "30 8106 020101 020102",     // length in long form
                                "30 80 020101 020102 0000",  // indefinite length
                                "3007 02020001 020102",      // padded r
                                "3007 020101 02020002",      // padded s
                                "3006 020181 020102",        // negative r
                                "3006 020101 0201ff",        // negative s
                                "3005 0200 020102",          // empty r
                                "3006 0a0101 020102",        // another tag
                                "3106 020101 020102",        // a set
                                "3005 020101 020102", "3007 020101 020102"}) {
    EXPECT_REFUSED(EcdsaSignature::parse(KeyType::ec_p256, SignatureEncoding::der, hex(bad)),
                   CryptoReason::bad_signature);
  }
}

// RFC 7518, 3.4: a signature of any other length is invalid.
TEST(EcdsaSignature, refuses_fixed_width_of_another_length) {
  for (const auto curve : kCurves) {
    const std::size_t width = field_bytes(curve);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, width, 2 * width - 2, 2 * width - 1, 2 * width + 1}) {
      EXPECT_REFUSED(EcdsaSignature::parse(curve, SignatureEncoding::fixed, Bytes(size, 0x01)),
                     CryptoReason::bad_signature);
    }
    EXPECT_OK(EcdsaSignature::parse(curve, SignatureEncoding::fixed, Bytes(2 * width, 0x01)));
  }
}

}  // namespace
}  // namespace proofmark::crypto
