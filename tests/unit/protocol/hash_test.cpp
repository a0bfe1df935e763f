/// Digests against published values.
#include "base/base64.hpp"
#include "base/hash.hpp"

#include <doctest/doctest.h>

using namespace npod;

TEST_CASE("SHA-256 gives the values of FIPS 180-2") {
    CHECK(content_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(content_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("pieces give the same hash as the whole") {
    Sha256 pieces;
    pieces.update("a").update("").update("bc");
    CHECK(pieces.finish() == sha256("abc"));
}

TEST_CASE("HMAC-SHA256 gives the values of RFC 4231") {
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) == // test case 2
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) == // test case 1
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST_CASE("secrets are compared whole") {
    CHECK(same_secret("", ""));
    CHECK(same_secret("abc", "abc"));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("abc", "ab"));
}

TEST_CASE("base64 gives the values of RFC 4648 and reads them back") {
    struct Row {
        std::string_view bytes, text;
    };
    for (auto const& [bytes, text] : {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"},
                                      Row{"foob", "Zm9vYg=="}, Row{"fooba", "Zm9vYmE="}, Row{"foobar", "Zm9vYmFy"}}) {
        CAPTURE(text);
        CHECK(base64(bytes) == text);
        CHECK(from_base64(text) == std::string(bytes));
    }
    CHECK(base64_url("\xfb\xff\xfe") == "-__-"); // 111110 111111 111111 111110: the two characters that differ
    CHECK(base64("\xfb\xff\xfe") == "+//+");
    CHECK(from_base64("-__-") == from_base64("+//+"));
    CHECK(from_base64("Zg") == "f"); // padding may be left out
}

TEST_CASE("what is not base64 is not taken") {
    for (auto const text : {"Z", "Zg=", "Zg===", "Z===", "Zm 9v", "Zm9v\n", "Zh==", "=Zg=", "Zm9vZ"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text)); // "Zh==" has left-over bits: it would be a second spelling of "Zg=="
    }
}
