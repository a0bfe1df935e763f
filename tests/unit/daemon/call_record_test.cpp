#include "daemon/call_record.hpp"

#include <doctest/doctest.h>

using npod::daemon::shown_path;

TEST_CASE("the path of a refused call is told without what its sender put in it") {
    CHECK(shown_path("/v1/ports/PI-000001/cancel") == "/v1/ports/PI-000001/cancel");
    CHECK(shown_path("/number-portability/v3/dossiers/cancel") == "/number-portability/v3/dossiers/cancel");
    CHECK(shown_path("/v1/numbers/025501186/change") == "/v1/numbers/•••/change"); // too short to be recognised without being told
    CHECK(shown_path("/v1/numbers/+3225501186/change") == "/v1/numbers/+3225•••86/change");
    CHECK(shown_path("/v1/numbers/%2B3225501186/change") == "/v1/numbers/•••/change");
    CHECK(shown_path("/v1/contracts/Godelieve%20Vandersmissen") == "/v1/contracts/•••");
    CHECK(shown_path("/v1/contracts/godelieve") == "/v1/contracts/•••");
    CHECK(shown_path("/v1/contracts/TEL-025501186") == "/v1/contracts/•••");
    CHECK(shown_path("/") == "/");
    CHECK(shown_path("//") == "//");
    CHECK(shown_path("") == "");
}
