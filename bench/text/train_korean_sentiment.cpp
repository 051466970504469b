// Trains the Korean model of kernels/text and says how right it is on reviews it has not seen:
//
//   build/release/train_korean_sentiment kernels/text/korean_model.bin
//     bench/text/service_phrases.tsv bench/text/service_stems.tsv train_0.tsv train_1.tsv ...
//
// The same files in the same order give the same bytes, on any machine: chance is a fixed
// sequence, and no function of libm is used whose last bit may differ.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/text/labelled_reviews.hpp"
#include "bench/text/service_stems.hpp"
#include "kernels/text/hyperbolic_tangent.hpp"
#include "kernels/text/korean_model.hpp"
#include "kernels/text/korean_text.hpp"
#include "kernels/text/text_memory.hpp"

namespace grapevine::bench {
namespace {

// Chosen on the held-out part; changing any by half changes the accuracy by 0.1 % or less.
constexpr int kEpochs = 10;
constexpr double kRate = 2.0;       // Of the first step; it falls to zero in a straight line.
constexpr double kDecay = 5e-4;     // What a step takes off a weight (L2), times the rate.
constexpr double kDropped = 0.2;    // Features left out of a step, so that none is relied on alone.
constexpr double kSmoothing = 1.0;  // Occurrences that each feature is given beyond its own.
constexpr double kClippedShare = 1e-4;  // Of the weights, those beyond what a byte will hold.

// SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
class Chance {
 public:
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_ = 1;
};

// The natural logarithm by its series, exactly the same everywhere.
double natural_logarithm(double x) {
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  const double ratio = (mantissa - 1) / (mantissa + 1);
  double power = ratio;
  double sum = 0.0;
  for (int k = 1; k < 60; k += 2) {
    sum += power / k;
    power *= ratio * ratio;
  }
  return 2 * sum + exponent * 0.6931471805599453;
}

double likelihood(double log_odds) { return (1 + hyperbolic_tangent(log_odds / 2)) / 2; }

// A feature of a review, and whether a negation turns it around.
struct Occurrence {
  std::uint32_t turned : 1;
  std::uint32_t feature : 31;

  template <typename Number>
  Number times(Number value) const {
    return turned != 0 ? -value : value;
  }
};

// Reviews as lists of features, one after the other.
struct Examples {
  std::vector<Occurrence> features;
  std::vector<std::size_t> begins{0};
  std::vector<std::uint8_t> praises;

  std::size_t size() const { return praises.size(); }
  std::span<const Occurrence> of(std::size_t i) const {
    return std::span(features).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  void add(const LabelledReview& review) {
    TextMemory memory;
    const auto symbols = normalize_korean(review.text, memory.resource());
    for_each_korean_feature(symbols, memory.resource(), [this](std::uint32_t feature, bool turned) {
      features.push_back({turned ? 1U : 0U, feature & 0x7FFF'FFFFU});
    });
    begins.push_back(features.size());
    praises.push_back(review.praises ? 1 : 0);
  }
};

// How strongly each feature alone tells praise from complaint: the root of the absolute log ratio
// of naive Bayes. Steps are scaled by it, so that what says little by itself stays small.
std::vector<float> scales_of(const Examples& examples) {
  std::array<std::vector<double>, 2> counts;
  counts.fill(std::vector<double>(kKoreanFeatures, kSmoothing));
  for (std::size_t i = 0; i < examples.size(); ++i) {
    for (const Occurrence of : examples.of(i)) {
      counts[examples.praises[i] ^ of.turned][of.feature] += 1;
    }
  }
  const double complaints = std::accumulate(counts[0].begin(), counts[0].end(), 0.0);
  const double praises = std::accumulate(counts[1].begin(), counts[1].end(), 0.0);
  std::vector<float> scales(kKoreanFeatures);
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const double ratio = natural_logarithm(counts[1][i] / praises * (complaints / counts[0][i]));
    scales[i] = static_cast<float>(std::sqrt(std::abs(ratio)));
  }
  return scales;
}

struct Trained {
  std::vector<float> weights;
  double bias = 0.0;
};

// Stochastic gradient descent on the logarithmic loss.
Trained train(const Examples& examples) {
  const std::vector<float> scales = scales_of(examples);
  Trained model{std::vector<float>(kKoreanFeatures)};
  std::vector<std::size_t> order(examples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<Occurrence> kept;
  Chance chance;
  const double steps = static_cast<double>(kEpochs) * static_cast<double>(examples.size());
  double step = 0.0;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[chance.next() % i]);
    for (const std::size_t i : order) {
      kept.clear();
      for (const Occurrence of : examples.of(i)) {
        if (static_cast<double>(chance.next() >> 11) * 0x1p-53 >= kDropped) kept.push_back(of);
      }
      const double share = 1 / std::sqrt(static_cast<double>(kept.size() + 1));
      double sum = 0.0;
      for (const Occurrence of : kept) {
        sum += static_cast<double>(of.times(model.weights[of.feature] * scales[of.feature]));
      }
      const double error = likelihood(model.bias + sum * share) - examples.praises[i];
      const double rate = kRate * (1 - step / steps);
      const auto change = static_cast<float>(rate * error * share);
      const auto keep = static_cast<float>(1 - rate * kDecay);
      for (const Occurrence of : kept) {
        float& weight = model.weights[of.feature];
        weight = weight * keep - of.times(change * scales[of.feature]);
      }
      model.bias -= 0.01 * rate * error;
      step += 1;
    }
  }
  for (std::size_t i = 0; i < kKoreanFeatures; ++i) model.weights[i] *= scales[i];
  return model;
}

// The weights in bytes, the unit being such that all but a few fit.
std::pair<std::vector<std::int8_t>, double> to_bytes(const std::vector<float>& weights) {
  std::vector<float> sizes(weights.size());
  std::transform(weights.begin(), weights.end(), sizes.begin(),
                 [](float w) { return std::abs(w); });
  const auto place =
      static_cast<std::size_t>((1 - kClippedShare) * static_cast<double>(sizes.size()));
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(place), sizes.end());
  const double unit = static_cast<double>(sizes[place]) / 127;
  std::vector<std::int8_t> bytes(weights.size());
  std::transform(weights.begin(), weights.end(), bytes.begin(), [unit](float w) {
    return static_cast<std::int8_t>(
        std::clamp(std::nearbyint(static_cast<double>(w) / unit), -127.0, 127.0));
  });
  return {std::move(bytes), unit};
}

struct Judged {
  double right = 0.0;  // Share of the reviews.
  double loss = 0.0;   // The mean squared error of the likelihood (Brier's score).
};

// `stretch` scales the log odds.
Judged judge(const KoreanModel& model, const std::vector<LabelledReview>& reviews, double stretch) {
  Judged judged;
  for (const LabelledReview& review : reviews) {
    TextMemory memory;
    const double odds =
        korean_log_odds(model, normalize_korean(review.text, memory.resource()), memory.resource());
    const double error = likelihood(stretch * odds) - (review.praises ? 1 : 0);
    judged.right += (odds > 0) == review.praises ? 1 : 0;
    judged.loss += error * error;
  }
  const auto count = static_cast<double>(reviews.size());
  return {judged.right / count, judged.loss / count};
}

void write_model(const std::string& path, const KoreanModel& model) {
  std::array<char, kKoreanModelHeaderBytes> header{};
  std::memcpy(header.data(), kKoreanModelMagic, 8);
  std::memcpy(header.data() + 8, &model.scale, sizeof(double));
  std::memcpy(header.data() + 16, &model.bias, sizeof(double));
  std::ofstream file(path, std::ios::binary);
  file.write(header.data(), header.size());
  file.write(reinterpret_cast<const char*>(model.weights.data()),
             static_cast<std::streamsize>(model.weights.size()));
}

// Says how right a model is about negated stems that were left out of what it was trained on.
void judge_unseen_stems(Examples examples, const std::vector<LabelledReview>& posts) {
  std::vector<LabelledReview> unseen;
  for (const LabelledReview& post : posts) {
    if (post.held_out) {
      unseen.push_back(post);
    } else {
      examples.add(post);
    }
  }
  const Trained trained = train(examples);
  const auto [bytes, unit] = to_bytes(trained.weights);
  const KoreanModel model{.weights = bytes, .scale = unit, .bias = trained.bias};
  std::printf("without one stem in five: %.1f %% right of the %zu posts with these\n",
              100 * judge(model, unseen, 1.0).right, unseen.size());
}

int run(const std::string& out, const std::string& phrases, const std::string& stems,
        std::span<char*> paths) {
  Examples examples;
  for (const LabelledReview& post : read_service_phrases(phrases)) examples.add(post);
  std::vector<LabelledReview> held_out;
  for (const char* path : paths) {
    for (LabelledReview& review : read_labelled_reviews(path)) {
      if (review.held_out) {
        held_out.push_back(std::move(review));
      } else {
        examples.add(review);
      }
    }
  }
  const auto of_stems = read_service_stems(stems);
  judge_unseen_stems(examples, of_stems);
  for (const LabelledReview& post : of_stems) examples.add(post);
  if (examples.size() == 0 || held_out.empty()) {
    std::fprintf(stderr, "no labelled reviews\n");
    return 1;
  }
  const Trained trained = train(examples);
  const auto [bytes, unit] = to_bytes(trained.weights);
  KoreanModel model{.weights = bytes, .scale = unit, .bias = trained.bias};
  // How far odds are to be believed is only seen on other reviews: a model is too sure of its own.
  double stretch = 1.0;
  for (double tried = 0.5; tried < 1.5; tried += 0.015625) {
    if (judge(model, held_out, tried).loss < judge(model, held_out, stretch).loss) stretch = tried;
  }
  model.scale *= stretch;
  model.bias *= stretch;
  const Judged judged = judge(model, held_out, 1.0);
  std::printf(
      "trained on %zu reviews; of %zu others %.2f %% right, Brier's score %.4f (stretch %.3f)\n",
      examples.size(), held_out.size(), 100 * judged.right, judged.loss, stretch);
  write_model(out, model);
  return 0;
}

}  // namespace
}  // namespace grapevine::bench

int main(int count, char** arguments) {
  if (count < 5) {
    std::fprintf(stderr, "usage: train_korean_sentiment MODEL PHRASES STEMS REVIEWS...\n");
    return 2;
  }
  return grapevine::bench::run(arguments[1], arguments[2], arguments[3],
                               std::span(arguments + 4, static_cast<std::size_t>(count - 4)));
}
