// Package parse reads text as numbers and dates the way a person would, and compares text in natural order.
//
// [Numbers] parses numbers with a currency or a unit ("$1,299.00", "12 kg"), and [Dates] parses dates ("May 1, 2024").
// Text that is ambiguous or could be something else, such as a phone number, is rejected: a wrong number is worse than
// text that stays text. Some text is ambiguous only out of context, such as "1.299" or "05/01/2024". A [Learner]
// therefore learns from a sample of a column how that column writes numbers and dates. [CompareNatural] sorts text that
// contains numbers ("page 9" before "page 10").
package parse
