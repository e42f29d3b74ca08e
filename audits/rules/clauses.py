"""Clauses of standards that each part of the product answers to. Short references; the standards' own text decides.

Source: the mapping of product elements to clauses (ISO 22301:2019, ISO 27001:2022 annex A, NIS2 2022/2555 article 21,
the Cbw-NIS2 control framework 1.2, the annex of 2024/2690, DORA 2022/2554, BIO2, the five principles of DTC and NCSC).
"""

from collections.abc import Mapping

from plans.handbook import Section

Clauses = Mapping[str, str]
STANDARDS = ("ISO 22301", "ISO 27001", "NIS2", "Cbw-NIS2", "2024/2690", "DORA", "BIO2", "DTC")


def _clauses(*ids: str) -> Clauses:
    """Pair the standards, in order, with their clauses; a standard without a clause is left out."""
    return {standard: clause for standard, clause in zip(STANDARDS, ids, strict=True) if clause}


SECTION_CLAUSES: Mapping[Section, Clauses] = {
    Section.SELF_CHECK: _clauses("8.2.3", "A.5.29", "21(2)(a)", "2.1", "4.1.2", "11(5)", "5.30.02", "1"),
    Section.BACKUP: _clauses("8.3.5", "A.8.13", "21(2)(c)", "5.1", "4.2.2 c, d", "12(1)", "8.13.01, 8.13.03", "5"),
    Section.INVENTORY: _clauses("8.3.4", "A.5.9", "21(2)(i)", "12.1", "4.1.2 g", "28(3)", "5.09.01", "1, 3"),
    Section.PROCESSES: _clauses(
        "8.2.2", "A.5.30", "21(2)(c)", "5.2", "4.1.2 e, f; 4.1.3", "11(5)", "5.30.02, 8.13.02", "1"
    ),
    Section.RUNBOOK: _clauses(
        "8.4.2-8.4.5",
        "A.5.24, A.5.29, A.5.37",
        "21(2)(b), 21(2)(c)",
        "5.2, 5.3",
        "4.1.2 b, c, d, h; 4.3.2",
        "11(4)",
        "5.24.05",
        "5",
    ),
    Section.STAFF: _clauses("7.3", "A.6.3", "21(2)(g)", "8.1", "4.3.2 a", "", "5.24.01", "2"),
    Section.TESTING: _clauses(
        "8.5, 8.6",
        "A.5.30, A.8.13",
        "21(2)(c), 21(2)(f)",
        "5.1-5.3",
        "4.1.4, 4.2.6, 4.3.4",
        "11(6)(a)",
        "5.30.01, 8.13.04",
        "5",
    ),
    Section.PAYMENTS: _clauses("8.1", "A.5.3", "21(2)(g)", "", "", "", "", "2"),
    Section.UPKEEP: _clauses("7.5, 9.1-9.3", "A.5.37", "21(2)(f)", "3.1", "4.1.4", "11(6)", "5.30.01", "1"),
}
SUPPLIERS = _clauses("8.3.4", "A.5.19-A.5.22", "21(2)(d)", "6.3", "5.2", "28(3)", "5.22.02", "1")
SCHEME = _clauses(
    "8.3.2-8.3.5",
    "A.5.20, A.5.23, A.5.30",
    "21(2)(c), 21(2)(d)",
    "6.1",
    "5.1.4 h; 4.2.4",
    "28(8), 30(2)(d), 30(3)(f)",
    "5.20.06, 5.23.01",
    "5",
)
HANDOVERS = _clauses("8.4.4", "A.5.17, A.5.37", "21(2)(i)", "11.1", "4.1.2 g", "30(3)(f)", "5.17.01, 5.20.06", "4")
ACTIVATION = _clauses("8.4.3, 8.4.5", "A.5.26, A.5.29", "23", "15.1, 16.1", "4.3.1", "11(2), 11(8)", "5.25.01", "5")

# Rules that answer to other clauses than their section or the scheme as a whole.
OF_RULE: Mapping[str, Clauses] = {
    "testing.sla": SUPPLIERS,
    "scheme.documentation": HANDOVERS,
    "scheme.logins": HANDOVERS,
    "scheme.other-information": HANDOVERS,
    "scheme.period": ACTIVATION,
}
