"""A pretend lender: people, purchases and payers' behaviour, for the demo, the tests and the benchmarks."""
