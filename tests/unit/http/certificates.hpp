#pragma once
/// Certificates made on the spot, in a folder that goes away with them.

#include <filesystem>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace npod::http {

/// A certificate authority and a folder for what it signs.
class Authority {
public:
    explicit Authority(std::string const& name);
    ~Authority();
    Authority(Authority const&) = delete;
    Authority& operator=(Authority const&) = delete;

    struct Files {
        std::string certificate, key;
    };
    /// Signs a certificate with these subject alternative names ("URI:urn:x,DNS:y"), valid from yesterday for
    /// `days_left` days from now (negative: expired).
    Files issue(std::string const& name, std::string const& alternative_names, int days_left = 30) const;
    std::string certificate_file() const { return (folder_ / "ca.pem").string(); }

private:
    std::filesystem::path folder_;
    evp_pkey_st* key_;
    x509_st* certificate_;
};

} // namespace npod::http
