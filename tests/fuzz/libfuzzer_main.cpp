/// One program for all targets: `npod_fuzz --target=NAME CORPUS… [flags of libFuzzer]`. A Finding and a foreign exception end it
/// with the input kept, as a report of a sanitizer does.

#include "fuzz/targets.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

npod::fuzz::Target const* chosen = nullptr;

} // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
    constexpr char const* flag = "--target=";
    for (int i = 1; i < *count; ++i) {
        if (std::strncmp((*words)[i], flag, std::strlen(flag)) != 0) continue;
        for (auto const& target : npod::fuzz::targets())
            if (target.name == (*words)[i] + std::strlen(flag)) chosen = &target;
    }
    if (chosen != nullptr) return 0;
    std::fprintf(stderr, "say which: --target=NAME, one of\n");
    for (auto const& target : npod::fuzz::targets())
        std::fprintf(stderr, "  %.*s\n", static_cast<int>(target.name.size()), target.name.data());
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    try {
        chosen->run({reinterpret_cast<char const*>(data), size});
    } catch (npod::fuzz::Finding const& finding) {
        std::fprintf(stderr, "FINDING: %s\n", finding.what());
        std::abort();
    }
    return 0;
}
