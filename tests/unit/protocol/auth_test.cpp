/// Who is calling. Fixed values were computed with the openssl command line, or are those of RFC 7515.
#include "base/base64.hpp"
#include "base/hash.hpp"
#include "protocol/auth.hpp"
#include "protocol/rsa.hpp"
#include "protocol/sse.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>

using namespace npod;
using namespace npod::protocol;

namespace {

Moment const now = *parse_rfc3339("2026-04-03T10:00:00Z");
constexpr std::string_view path = "/number-portability/v3/dossiers/cancel", body = R"({"a":1})";

/// Made once: an RSA key takes a noticeable part of a second.
KeyPair const& alfa_keys() {
    static KeyPair const keys = generate_rsa_key_pair();
    return keys;
}
KeyPair const& other_keys() {
    static KeyPair const keys = generate_rsa_key_pair();
    return keys;
}

Credentials alfa() { return {"alfa-1", "top secret", alfa_keys().private_pem}; }
std::vector<Consumer> market() {
    return {{OperatorCode{"ALFA"}, "alfa-1", {"top secret"}, {alfa_keys().public_pem}},
            {OperatorCode{"BRAVO"}, "bravo-1", {"other secret"}, {other_keys().public_pem}}};
}
Headers signed_call() { return sign(alfa(), "POST", path, body, now); }

std::string& value_of(Headers& headers, std::string_view name) {
    auto const found = std::find_if(headers.begin(), headers.end(), [&](auto const& h) { return h.first == name; });
    REQUIRE(found != headers.end());
    return found->second;
}

/// The text of the refusal; fails when there is none or it is of another kind.
std::string refused(Headers const& headers, Moment at = now, std::string_view sent_body = body,
                    std::string_view method = "POST", std::string_view sent_path = path,
                    std::vector<Consumer> const& consumers = market()) {
    auto const caller = verify(headers, method, sent_path, sent_body, consumers, at);
    REQUIRE_FALSE(caller);
    CHECK(caller.refusal().code == RefusalCode::unauthorised);
    CHECK_FALSE(caller.refusal().next.empty());
    auto const said = caller.refusal().text + caller.refusal().next;
    CHECK(said.find("secret\"") == std::string::npos);
    CHECK(said.find("top secret") == std::string::npos);
    return said;
}
bool mentions(std::string const& text, std::string_view words) { return text.find(words) != std::string::npos; }

/// A token with any header and claims, signed by ALFA's key.
std::string token(std::string_view header, std::string_view claims,
                  std::string const& private_pem = alfa_keys().private_pem) {
    auto const text = base64_url(header) + "." + base64_url(claims);
    return text + "." + base64_url(RsaKey::private_key(private_pem).sign(text));
}
constexpr std::string_view rs256 = R"({"alg":"RS256"})";
// 2026-04-03T10:00:00Z is 1775210400.
constexpr std::string_view good_claims = R"({"iss":"alfa-1","nbf":1775210370,"exp":1775210430})";

Headers call_with_token(std::string const& text) {
    auto headers = signed_call();
    value_of(headers, "cookie") = "jwt=" + text;
    return headers;
}

} // namespace

TEST_CASE("a signed call is the consumer's") {
    auto const caller = verify(signed_call(), "POST", path, body, market(), now);
    REQUIRE(caller);
    CHECK(*caller == OperatorCode{"ALFA"});
    auto const get = sign(alfa(), "GET", "/number-portability/v3/dossiers/events?offset=5", "", now);
    // The query is not signed, so either side may or may not show it.
    CHECK(verify(get, "GET", "/number-portability/v3/dossiers/events", "", market(), now));
    CHECK(verify(get, "GET", "/number-portability/v3/dossiers/events?offset=9", "", market(), now));
}

TEST_CASE("digest and signature are those of the openssl command line") {
    auto headers = signed_call();
    CHECK(value_of(headers, "x-date") == "Fri, 03 Apr 2026 10:00:00 GMT");
    // printf '{"a":1}' | openssl dgst -sha256 -binary | base64
    CHECK(value_of(headers, "digest") == "SHA-256=AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX+GI=");
    // printf 'x-date: Fri, 03 Apr 2026 10:00:00 GMT\ndigest: SHA-256=AVq9…+GI=\nPOST
    // /number-portability/v3/dossiers/cancel HTTP/1.1' |
    //     openssl dgst -sha256 -hmac 'top secret' -binary | base64
    CHECK(value_of(headers, "authorization") ==
          "hmac username=\"alfa-1\", algorithm=\"hmac-sha256\", headers=\"x-date digest request-line\", "
          "signature=\"f44qBsePP6qfucxsvPWPcL+X5UqqLPr2eNY3qivyo3w=\"");
}

TEST_CASE("RS256 verifies the example of RFC 7515, appendix A.2, and nothing near it") {
    auto const key = RsaKey::public_key("-----BEGIN PUBLIC KEY-----\n"
                                        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj\n"
                                        "NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz\n"
                                        "P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo\n"
                                        "9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB\n"
                                        "EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX\n"
                                        "FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\n"
                                        "oQIDAQAB\n"
                                        "-----END PUBLIC KEY-----\n");
    std::string const text =
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
        "Ijp0cnVlfQ";
    auto signature = *from_base64(
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb"
        "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383"
        "LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy"
        "wlVmtVrBp0igcN_IoypGlUPQGe77Rw");
    CHECK(key.verifies(text, signature));
    CHECK_FALSE(key.verifies(text + "x", signature));
    CHECK_FALSE(key.verifies(text, ""));
    signature[7] = static_cast<char>(signature[7] ^ 1);
    CHECK_FALSE(key.verifies(text, signature));
}

TEST_CASE("liberal in what real clients send") {
    auto headers = signed_call();
    auto const date = value_of(headers, "x-date"), digest = value_of(headers, "digest"),
               cookie = value_of(headers, "cookie");
    auto const authorization = value_of(headers, "authorization");
    auto const signature = authorization.substr(authorization.find("signature="));
    Headers const odd = {
        {"X-Date", "  " + date + " "},
        {"DIGEST", "sha-256=" + digest.substr(8)},
        {"Authorization",
         "HMAC  username = \"alfa-1\" ,algorithm=\"HMAC-SHA256\",headers=\"X-Date digest  Request-Line\", " +
             signature + " , "},
        {"Accept", "*/*"},
        {"Cookie", "theme=dark; sid=a=b ;" + cookie + " ;last=1"}};
    // The digest as sent is part of what is signed; in this spelling it must be signed in this spelling.
    auto const lines =
        "x-date: " + date + "\ndigest: sha-256=" + digest.substr(8) + "\nPOST " + std::string(path) + " HTTP/1.1";
    auto resigned = odd;
    auto& header = value_of(resigned, "Authorization");
    header.replace(header.find("signature="), signature.size(),
                   "signature=\"" + base64(as_text(hmac_sha256("top secret", lines))) + "\"");
    CHECK(verify(resigned, "POST", path, body, market(), now));
    CHECK(mentions(refused(odd), "do not belong together"));
}

TEST_CASE("two secrets and two keys are valid while they are being replaced") {
    auto consumers = market();
    consumers[0].secrets = {"new secret", "top secret"};
    consumers[0].public_keys_pem = {other_keys().public_pem, alfa_keys().public_pem};
    CHECK(verify(signed_call(), "POST", path, body, consumers, now));
    consumers[0].secrets = {"new secret"};
    CHECK(mentions(refused(signed_call(), now, body, "POST", path, consumers), "do not belong together"));
}

TEST_CASE("what was altered on the way is refused") {
    CHECK(mentions(refused(signed_call(), now, R"({"a":2})"), "digest"));
    CHECK(mentions(refused(signed_call(), now, body, "PUT"), "do not belong together"));
    CHECK(mentions(refused(signed_call(), now, body, "POST", "/number-portability/v3/dossiers/deactivation"),
                   "do not belong together"));
    auto headers = signed_call();
    value_of(headers, "x-date") = to_http_date(now + std::chrono::seconds{1});
    CHECK(mentions(refused(headers), "do not belong together"));
}

TEST_CASE("only a fresh x-date counts, to the second") {
    auto const headers = signed_call();
    auto const seconds = [](int n) { return std::chrono::seconds{n}; };
    CHECK(verify(headers, "POST", path, body, market(), now + seconds(60)));
    CHECK(verify(headers, "POST", path, body, market(), now - seconds(60)));
    CHECK(mentions(refused(headers, now + seconds(61)), "x-date"));
    CHECK(mentions(refused(headers, now - seconds(61)), "x-date"));
}

TEST_CASE("a wrong secret and an unknown name are told apart by nobody") {
    auto wrong = alfa(), unknown = alfa();
    wrong.secret = "guess";
    unknown.username = "charlie-1";
    unknown.secret = "decoy";
    CHECK(refused(sign(wrong, "POST", path, body, now)) == refused(sign(unknown, "POST", path, body, now)));
}

TEST_CASE("both proofs must be there, once, and name the same consumer") {
    for (std::string_view const name : {"x-date", "digest", "authorization", "cookie"}) {
        CAPTURE(std::string(name));
        auto missing = signed_call(), twice = signed_call();
        std::erase_if(missing, [&](auto const& h) { return h.first == name; });
        CHECK(mentions(refused(missing), "missing"));
        twice.emplace_back(name, value_of(twice, name));
        CHECK(mentions(refused(twice), "more than once"));
    }
    // BRAVO's token beside ALFA's signature: the key is not ALFA's.
    CHECK(mentions(refused(call_with_token(token(rs256, good_claims, other_keys().private_pem))), "key"));
    // ALFA's key, but in BRAVO's name.
    CHECK(mentions(refused(call_with_token(token(rs256, R"({"iss":"bravo-1","nbf":1775210370,"exp":1775210430})"))),
                   "somebody else"));
}

TEST_CASE("the signature must cover all three lines") {
    auto headers = signed_call();
    auto const line = "POST " + std::string(path) + " HTTP/1.1";
    value_of(headers, "authorization") = "hmac username=\"alfa-1\", headers=\"request-line\", signature=\"" +
                                         base64(as_text(hmac_sha256("top secret", line))) + "\"";
    CHECK(mentions(refused(headers), "does not cover"));
}

TEST_CASE("ill-formed authorization headers are refused") {
    for (auto const text :
         {"", "hmac", "hmac ", "Bearer abc", "hmacusername=\"a\"", "hmac username", "hmac username=alfa-1",
          "hmac username=\"alfa-1", "hmac username=\"alfa-1\" x, headers=\"h\", signature=\"s\"",
          "hmac username=\"a\", username=\"b\", headers=\"h\", signature=\"s\"", "hmac ,,,", "hmac =\"\"",
          "hmac username=\"alfa-1\", algorithm=\"hmac-sha1\", headers=\"x-date digest request-line\", "
          "signature=\"s\""}) {
        CAPTURE(text);
        auto headers = signed_call();
        value_of(headers, "authorization") = text;
        CHECK(mentions(refused(headers), "authorization"));
    }
}

TEST_CASE("tokens: the clock, the algorithm and the form") {
    CHECK(verify(call_with_token(token(rs256, good_claims)), "POST", path, body, market(), now));
    // Expired 61 seconds ago; 60 are within the skew.
    CHECK(verify(call_with_token(token(rs256, R"({"iss":"alfa-1","nbf":0,"exp":1775210340})")), "POST", path, body,
                 market(), now));
    CHECK(mentions(refused(call_with_token(token(rs256, R"({"iss":"alfa-1","nbf":0,"exp":1775210339})"))), "expired"));
    CHECK(mentions(refused(call_with_token(token(rs256, R"({"iss":"alfa-1","nbf":1775210461,"exp":1775210500})"))),
                   "not valid yet"));

    CHECK(mentions(refused(call_with_token(base64_url(R"({"alg":"none"})") + "." + base64_url(good_claims) + ".")),
                   "RS256"));
    // The old attack: HMAC with the public key as secret.
    auto const text = base64_url(R"({"alg":"HS256"})") + "." + base64_url(good_claims);
    CHECK(
        mentions(refused(call_with_token(text + "." + base64_url(as_text(hmac_sha256(alfa_keys().public_pem, text))))),
                 "RS256"));
    CHECK(mentions(refused(call_with_token(token(R"({"alg":"rs256"})", good_claims))), "RS256"));
    CHECK(mentions(refused(call_with_token(token(R"({"alg":"RS256","crit":["x"]})", good_claims))), "RS256"));

    auto const good = token(rs256, good_claims);
    for (std::string const& odd :
         {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), good + ".x",
          good.substr(0, good.rfind('.')), token(rs256, R"({"iss":"alfa-1","nbf":0})"),
          token(rs256, R"({"iss":"alfa-1","exp":1775210430})"), token(rs256, R"({"nbf":0,"exp":1775210430})"),
          token(rs256, "[]"), token(rs256, "{"),
          token(rs256, R"({"iss":"alfa-1","iss":"alfa-1","nbf":0,"exp":1775210430})")}) {
        CAPTURE(odd);
        refused(call_with_token(odd));
    }
    // Claims changed after signing.
    auto forged = good;
    forged.replace(forged.find('.') + 1, forged.rfind('.') - forged.find('.') - 1,
                   base64_url(R"({"iss":"alfa-1","nbf":0,"exp":1999999999})"));
    CHECK(mentions(refused(call_with_token(forged)), "key"));
}

TEST_CASE("keys and consumers that cannot be used are faults of the configuration, and never shown") {
    CHECK_THROWS_AS(RsaKey::private_key("no key"), ConfigFault);
    CHECK_THROWS_AS(RsaKey::public_key(alfa_keys().private_pem), ConfigFault);
    CHECK_THROWS_AS(Signer({"a", "b", alfa_keys().public_pem}), ConfigFault);
    auto const with = [](auto change) {
        auto consumers = market();
        change(consumers);
        return Verifier(consumers);
    };
    CHECK_NOTHROW(with([](auto&) {}));
    CHECK_THROWS_AS(with([](auto& c) { c[0].secrets.clear(); }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& c) { c[0].secrets = {""}; }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& c) { c[0].public_keys_pem.clear(); }), ConfigFault);
    CHECK_THROWS_AS(with([](auto& c) { c[1].username = c[0].username; }), ConfigFault);
    try {
        RsaKey::private_key("-----BEGIN PRIVATE KEY-----\nSECRETBYTES\n-----END PRIVATE KEY-----\n");
    } catch (ConfigFault const& fault) {
        CHECK(std::string(fault.what()).find("SECRETBYTES") == std::string::npos);
    }
}

namespace {
/// As a hub delivers a secret: RSA-PKCS#1 under the consumer's public key, base64.
std::string encrypted_for(std::string const& public_pem, std::string_view secret) {
    auto* bio = BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size()));
    auto* key = PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr);
    auto* context = EVP_PKEY_CTX_new(key, nullptr);
    REQUIRE(EVP_PKEY_encrypt_init(context) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
    std::string out(256, '\0');
    auto length = out.size();
    REQUIRE(EVP_PKEY_encrypt(context, reinterpret_cast<unsigned char*>(out.data()), &length,
                             reinterpret_cast<unsigned char const*>(secret.data()), secret.size()) == 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return base64(out.substr(0, length));
}
} // namespace

TEST_CASE("a shared secret that was encrypted for us is decrypted, wrapped lines or not") {
    auto wrapped = encrypted_for(alfa_keys().public_pem, "top secret");
    CHECK(decrypt_secret(wrapped, alfa_keys().private_pem) == "top secret");
    wrapped.insert(64, "\r\n");
    CHECK(decrypt_secret(wrapped + "\n", alfa_keys().private_pem) == "top secret");
    CHECK_THROWS_AS(decrypt_secret("!", alfa_keys().private_pem), ConfigFault);
    CHECK_THROWS_AS(decrypt_secret(base64("short"), alfa_keys().private_pem), ConfigFault);
}

TEST_CASE("dates of RFC 1123") {
    CHECK(to_http_date(*parse_rfc3339("1994-11-06T08:49:37Z")) ==
          "Sun, 06 Nov 1994 08:49:37 GMT"); // the RFC's own example
    for (auto const text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC"}) {
        auto const moment = parse_http_date(text);
        REQUIRE(moment);
        CHECK(to_rfc3339(*moment) == "1994-11-06T08:49:37Z");
    }
    for (auto const text :
         {"", "Sun", "Sun, ", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT x",
          "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
          "Sun, 06 Nov 1994 +8:49:37 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_http_date(text));
    }
}

TEST_CASE("events of the stream are one line of data each") {
    CHECK(sse_event("17", "cancel", "{\"a\":1}") == "id: 17\nevent: cancel-v3\ndata: {\"a\":1}\n\n");
    CHECK(sse_event("1", "cancel", "{\r\n\"a\":\n1}") == "id: 1\nevent: cancel-v3\ndata: {  \"a\": 1}\n\n");
    CHECK(sse_event("1\ndata: x", "cancel\r", "{}") == "id: 1data: x\nevent: cancel-v3\ndata: {}\n\n");
}
