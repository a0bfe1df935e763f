#include "base/roff.hpp"

#include <doctest/doctest.h>

using npod::ManualPage;

TEST_CASE("nothing in a text of a manual page is mistaken for roff") {
    // A dot or an apostrophe at a line's start would be a macro, "-" a hyphen that may break, "\" an escape; "…" is U+2026.
    auto const page = ManualPage("npctl-port", 1, "ports").paragraph(".db files\n'quoted' --all \\ http://…").text();
    CHECK(page == ".TH NPCTL\\-PORT 1 \"\" \"npod\" \"number portability\"\n"
                  ".SH NAME\nnpctl\\-port \\- ports\n"
                  ".PP\n\\&.db files\n\\&'quoted' \\-\\-all \\e http://\\[u2026]\n");
}

TEST_CASE("terms and examples have their macros") {
    CHECK(ManualPage("a", 5, "b").item("--db FILE", "which").text().ends_with(".TP\n\\fB\\-\\-db FILE\\fR\nwhich\n"));
    CHECK(ManualPage("a", 5, "b").example("x = 1").text().ends_with(".PP\n.nf\n.RS\nx = 1\n.RE\n.fi\n"));
    CHECK(ManualPage("a", 5, "b").heading("See also").text().ends_with(".SH SEE ALSO\n"));
}
