#include "certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

namespace npod::http {

namespace {

constexpr long day_seconds = 24 * 60 * 60;

void add_extension(X509* certificate, X509* issuer, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error("certificates: bad extension " + value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

X509* blank(std::string const& name, EVP_PKEY* key, int days_left) {
    static long serial = 1;
    auto* certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * day_seconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days_left * day_seconds);
    X509_set_pubkey(certificate, key);
    auto const* text = reinterpret_cast<unsigned char const*>(name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text, -1, -1, 0);
    return certificate;
}

template <class Write>
std::string save(std::filesystem::path const& path, Write write) {
    auto* file = std::fopen(path.c_str(), "w");
    if (file == nullptr || write(file) != 1) throw std::runtime_error("certificates: cannot write " + path.string());
    std::fclose(file);
    return path.string();
}

} // namespace

Authority::Authority(std::string const& name)
    : folder_(std::filesystem::temp_directory_path() / ("npod-tls-" + name + "-" + std::to_string(::getpid()))),
      key_(EVP_EC_gen("P-256")), certificate_(blank(name, key_, 30)) {
    std::filesystem::create_directories(folder_);
    X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
    add_extension(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate_, key_, EVP_sha256());
    save(certificate_file(), [this](FILE* file) { return PEM_write_X509(file, certificate_); });
}

Authority::~Authority() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
    std::filesystem::remove_all(folder_);
}

Authority::Files Authority::issue(std::string const& name, std::string const& alternative_names, int days_left) const {
    auto* key = EVP_EC_gen("P-256");
    auto* certificate = blank(name, key, days_left);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
    if (!alternative_names.empty()) add_extension(certificate, certificate_, NID_subject_alt_name, alternative_names);
    X509_sign(certificate, key_, EVP_sha256());
    Files files{save(folder_ / (name + ".pem"), [&](FILE* file) { return PEM_write_X509(file, certificate); }),
                save(folder_ / (name + ".key"), [&](FILE* file) {
                    return PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
                })};
    X509_free(certificate);
    EVP_PKEY_free(key);
    return files;
}

} // namespace npod::http
