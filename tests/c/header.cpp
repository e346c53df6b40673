// The header as C++ includes it; the same calls from a C++ program.
extern "C" {
#include "wosigndoc.h"
}

#include <cstdio>
#include <string>
#include <type_traits>

static_assert(WSD_OK == 0 && WSD_INTERNAL == -11, "plain numbers");
static_assert(std::is_same<decltype(wsd_abi_version()), std::uint32_t>::value, "the header's types");

int main() {
    char *out = nullptr;
    size_t len = 0;
    int32_t status = wsd_order_validate(nullptr, 0, "{}", 2, nullptr, nullptr, 0, &out, &len);
    std::string error(out, len);
    wsd_free(out, len);
    bool right = status == WSD_INVALID_ORDER && error.find("\"violations\"") != std::string::npos;
    right = right && wsd_abi_version() == WSD_ABI_VERSION;
    std::puts(right ? "C++ calls the library" : error.c_str());
    return right ? 0 : 1;
}
