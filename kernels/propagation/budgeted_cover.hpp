#pragma once

#include <cstddef>
#include <span>

#include "kernels/propagation/max_cover.hpp"
#include "kernels/propagation/reverse_sets.hpp"

namespace grapevine {

/// The share of the best cover within a budget that `budgeted_cover` reaches: 1 - 1/sqrt(e), 0.393.
/// The factor proved in [1] is 0.405.
inline constexpr double kBudgetedShare = 1.0 - 0.60653065971263342;

/// Chooses people who together cost no more than a budget, such that many sets hold one of them. Of
/// two choices the one that covers more: each time whoever gains most for their cost among those
/// who can still be paid; and first whoever is in most sets, then the same.
///
/// Shapes  vertices: more than every member. costs: by vertex, above 0. budget: above 0. Sums may
///         exceed it by rounding, a part in 10^12. Result: people who gain something;
///         `optimum_at_most` holds for all choices within the budget.
/// Bound   The smallest over prefixes of both choices of covered sets + what the budget buys of the
///         gains after it if people could be had in part; and covered sets / kBudgetedShare.
/// Cost    O(members + n log n); bounds as in `max_cover`.
/// Source  [1] Tang, Tang, Lim, Han, Li & Yuan, Proceedings of the ACM on Measurement and Analysis
///         of Computing Systems 5 (2021); Khuller, Moss & Naor, Information Processing Letters 70
///         (1999) 39-45; Leskovec, Krause, Guestrin, Faloutsos, VanBriesen & Glance, KDD 2007,
///         420-429.
MaxCover budgeted_cover(const ReverseSets& sets, std::size_t vertices,
                        std::span<const double> costs, double budget);

}  // namespace grapevine
