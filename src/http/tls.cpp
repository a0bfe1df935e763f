#include "http/tls.hpp"

#include "base/fault.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

namespace npod::http {

namespace {

struct ContextFree {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, ContextFree>;

struct CertificateFree {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

struct NamesFree {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

[[noreturn]] void fail(std::string const& what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    throw ConfigFault("TLS: " + what + ": " + text.data() + "; check that the file is readable, PEM and the right one");
}

Context make_context(SSL_METHOD const* method) {
    Context context{SSL_CTX_new(method)};
    if (!context) fail("no context");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                                           SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.get(), 0);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS); // idle peers hold 34 kB less each
    return context;
}

void use_certificate(SSL_CTX* context, Tls const& tls) {
    if (SSL_CTX_use_certificate_chain_file(context, tls.certificate_file.c_str()) != 1)
        fail("certificate " + tls.certificate_file);
    if (SSL_CTX_use_PrivateKey_file(context, tls.private_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        fail("private key " + tls.private_key_file);
    if (SSL_CTX_check_private_key(context) != 1)
        fail("private key " + tls.private_key_file + " does not belong to certificate " + tls.certificate_file);
}

void trust(SSL_CTX* context, std::string const& ca_file) {
    if (SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) != 1) fail("CA file " + ca_file);
}

std::string text_of(ASN1_IA5STRING const* text) {
    return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// A name that could be mistaken for another (a NUL or control character inside) identifies nobody.
bool printable(std::string const& text) {
    for (char const c : text) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
    }
    return !text.empty();
}

std::string first_name(GENERAL_NAMES const* names, int kind) {
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        GENERAL_NAME const* name = sk_GENERAL_NAME_value(names, i);
        if (name->type != kind) continue;
        auto text = text_of(kind == GEN_URI ? name->d.uniformResourceIdentifier : name->d.dNSName);
        if (printable(text)) return text;
    }
    return {};
}

} // namespace

ssl_ctx_st* server_tls_context(Tls const& tls) {
    auto context = make_context(TLS_server_method());
    use_certificate(context.get(), tls);
    if (!tls.client_ca_file.empty()) {
        trust(context.get(), tls.client_ca_file);
        // The names tell an honest client which of its certificates to show.
        SSL_CTX_set_client_CA_list(context.get(), SSL_load_client_CA_file(tls.client_ca_file.c_str()));
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    return context.release();
}

ssl_ctx_st* client_tls_context(Tls const& tls) {
    auto context = make_context(TLS_client_method());
    if (!tls.certificate_file.empty()) use_certificate(context.get(), tls);
    if (!tls.client_ca_file.empty())
        trust(context.get(), tls.client_ca_file);
    else if (SSL_CTX_set_default_verify_paths(context.get()) != 1)
        fail("the system's CA certificates");
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    return context.release();
}

void expect_host(ssl_st* session, std::string const& host) {
    auto* wanted = SSL_get0_param(session);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return; // an address: no SNI either
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) != 1) fail("host name " + host);
    auto* name = const_cast<char*>(host.c_str()); // the macro below wants void*, and only reads
    SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name);
}

std::string peer_identity(ssl_st* session) {
    std::unique_ptr<X509, CertificateFree> const certificate{SSL_get1_peer_certificate(session)};
    if (!certificate || SSL_get_verify_result(session) != X509_V_OK) return {};
    std::unique_ptr<GENERAL_NAMES, NamesFree> const names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr))};
    if (!names) return {};
    auto uri = first_name(names.get(), GEN_URI);
    return uri.empty() ? first_name(names.get(), GEN_DNS) : uri;
}

} // namespace npod::http
