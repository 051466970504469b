#include "api/plan/bind_value_rule.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/plan/calendar.hpp"
#include "api/plan/number_interval.hpp"

namespace grapevine {
namespace {

bool is_number(const Scalar& scalar) {
  return std::holds_alternative<std::int64_t>(scalar) || std::holds_alternative<double>(scalar);
}

void add_interval(const NumberInterval& interval, ValueTest& test) {
  test.whole.push_back(interval.whole());
  test.real.push_back(interval.real());
  test.real32.push_back(interval.real32());
}

void normalize_ranges(ValueTest& test) {
  normalize(test.whole);
  normalize(test.real);
  normalize(test.real32);
}

// Makes a test of one rule. A member a type; each returns nullopt after a mistake.
class RuleBinder {
 public:
  RuleBinder(const ValueRule& rule, const RuleSubject& subject, const Moment& moment,
             Mistakes& mistakes)
      : rule_(rule), subject_(subject), moment_(moment), mistakes_(mistakes) {}

  std::optional<ValueTest> bind() {
    if (rule_.op == Operator::Exists || subject_.type == ValueType::Null) {
      ValueTest test;
      test.any = rule_.op == Operator::Exists;
      return test;
    }
    if (subject_.is_time || subject_.type == ValueType::DateTime) return bind_time();
    switch (subject_.type) {
      case ValueType::Bool: return bind_bool();
      case ValueType::Int64:
      case ValueType::Float64: return bind_number();
      default: return bind_string();
    }
  }

 private:
  using Bound = std::optional<ValueTest>;

  Bound wrong(const std::string& what_is_right) {
    mistakes_.add(rule_.operand_pointer(), std::string(subject_.name) + " is " + what_is_right);
    return std::nullopt;
  }

  // Notes a mistake unless every operand is of the right kind.
  template <typename IsRight>
  bool operands_are(const IsRight& is_right, const std::string& what_is_right) {
    const bool right = std::all_of(rule_.operands.begin(), rule_.operands.end(), is_right);
    if (!right) wrong(what_is_right);
    return right;
  }

  Bound bind_bool() {
    using enum Operator;
    if (rule_.op != Eq && rule_.op != Ne && rule_.op != In && rule_.op != NotIn) {
      return wrong("true or false: it takes eq, ne, in, not_in and exists");
    }
    const auto is_bool = [](const Scalar& s) { return std::holds_alternative<bool>(s); };
    if (!operands_are(is_bool, "true or false: compare it with true or false")) return std::nullopt;
    ValueTest test;
    for (const Scalar& operand : rule_.operands) {
      (std::get<bool>(operand) ? test.accepts_true : test.accepts_false) = true;
    }
    return test;
  }

  Bound bind_number() {
    using enum Operator;
    if (rule_.op == Within && subject_.type == ValueType::Int64) return bind_window();
    if (rule_.op == Within || rule_.op == AnniversaryWithin) {
      return wrong("a number: `" + std::string(name_of(rule_.op)) + "` takes a time");
    }
    if (rule_.op == Contains || rule_.op == StartsWith) {
      return wrong("a number: `" + std::string(name_of(rule_.op)) + "` takes a string");
    }
    if (!operands_are(is_number, "a number: compare it with a number")) return std::nullopt;
    std::vector<long double> numbers;
    for (const Scalar& operand : rule_.operands) numbers.push_back(number_of(operand));
    return bind_numbers(numbers);
  }

  Bound bind_numbers(const std::vector<long double>& numbers) {
    ValueTest test;
    if (rule_.op == Operator::Between) {
      add_interval(interval_of(rule_.op, numbers[0], numbers[1]), test);
    } else {
      for (const long double number : numbers) {
        add_interval(interval_of(rule_.op, number, number), test);
      }
    }
    normalize_ranges(test);
    return test;
  }

  Bound bind_time() {
    using enum Operator;
    if (rule_.op == Within) return bind_window();
    // What was sent was a text, and can be asked as one.
    const bool of_text = rule_.op == Contains || rule_.op == StartsWith;
    const bool sent = subject_.type == ValueType::DateTime;
    if (sent && (of_text || rule_.op == AnniversaryWithin)) return bind_string();
    if (rule_.op == AnniversaryWithin) return bind_anniversary_of_times();
    if (of_text) {
      return wrong("a time: `" + std::string(name_of(rule_.op)) + "` takes a string");
    }
    std::vector<long double> times;
    for (const Scalar& operand : rule_.operands) {
      std::optional<TimeMs> time;
      if (const auto* text = std::get_if<std::string>(&operand)) {
        time = parse_local_time(*text, moment_.timezone);
      } else if (const auto* epoch_ms = std::get_if<std::int64_t>(&operand)) {
        if (is_time(*epoch_ms)) time = *epoch_ms;
      }
      if (!time) return wrong("a time: compare it with an ISO 8601 time or epoch milliseconds");
      times.push_back(static_cast<long double>(*time));
    }
    return bind_numbers(times);
  }

  Bound bind_window() {
    const TimeWindow window = resolve_within(rule_.within, moment_.as_of, moment_.timezone);
    ValueTest test;
    test.whole.push_back({window.from, window.to - 1});
    return test;
  }

  // Moments are numbers, so the days become ranges of them, a year at a time.
  Bound bind_anniversary_of_times() {
    using namespace std::chrono;
    constexpr int kFirstYear = 1900;
    constexpr int kLastYear = 2200;
    const std::string zone(moment_.timezone);
    const DaysOfYear days = anniversary_days();
    ValueTest test;
    const auto last = sys_days(year(kLastYear) / 12 / 31);
    for (sys_days day = year(kFirstYear) / 1 / 1; day <= last; day += std::chrono::days(1)) {
      const year_month_day date(day);
      const std::size_t number = unsigned(date.month()) * 32 + unsigned(date.day());
      if (!days.test(number)) continue;
      const TimeMs begin = local_midnight(day, zone);
      test.whole.push_back({begin, local_midnight(day + std::chrono::days(1), zone) - 1});
    }
    normalize(test.whole);
    return test;
  }

  [[nodiscard]] DaysOfYear anniversary_days() const {
    return days_of(resolve_coming(rule_.within, moment_.as_of, moment_.timezone), moment_.timezone);
  }

  Bound bind_string() {
    using enum Operator;
    ValueTest test;
    test.as_text = true;
    if (rule_.op == Within || rule_.op == AnniversaryWithin) {
      test.text = time_test();
      return test;
    }
    const auto is_string = [](const Scalar& s) { return std::holds_alternative<std::string>(s); };
    if (!operands_are(is_string, "a string: compare it with a string")) return std::nullopt;
    for (const Scalar& operand : rule_.operands) {
      test.texts.push_back(std::get<std::string>(operand));
    }
    test.text = text_test(test.texts);
    std::sort(test.texts.begin(), test.texts.end());
    test.texts.erase(std::unique(test.texts.begin(), test.texts.end()), test.texts.end());
    return test;
  }

  // What the operator asks of a text; nothing for those that list the texts they want.
  [[nodiscard]] std::function<bool(std::string_view)> text_test(
      const std::vector<std::string>& operands) const {
    using std::string_view;
    switch (rule_.op) {
      using enum Operator;
      case Lt: return [a = operands[0]](string_view text) { return text < a; };
      case Lte: return [a = operands[0]](string_view text) { return text <= a; };
      case Gt: return [a = operands[0]](string_view text) { return text > a; };
      case Gte: return [a = operands[0]](string_view text) { return text >= a; };
      case Between:
        return
            [a = operands[0], b = operands[1]](string_view text) { return a <= text && text <= b; };
      case Contains:
        return [a = operands[0]](string_view text) { return text.find(a) != text.npos; };
      case StartsWith: return [a = operands[0]](string_view text) { return text.starts_with(a); };
      default: return nullptr;
    }
  }

  // Texts that are times or dates; others do not satisfy.
  [[nodiscard]] std::function<bool(std::string_view)> time_test() const {
    const std::string zone(moment_.timezone);
    if (rule_.op == Operator::Within) {
      const TimeWindow window = resolve_within(rule_.within, moment_.as_of, zone);
      return [zone, window](std::string_view text) {
        const auto time = parse_local_time(text, zone);
        return time && window.from <= *time && *time < window.to;
      };
    }
    return [zone, days = anniversary_days()](std::string_view text) {
      const auto time = parse_local_time(text, zone);
      return time && days.test(day_of_year(*time, zone));
    };
  }

  const ValueRule& rule_;
  const RuleSubject& subject_;
  const Moment& moment_;
  Mistakes& mistakes_;
};

NumberInterval interval_of(const std::vector<Bound>& bounds) {
  NumberInterval interval;
  for (const Bound& bound : bounds) {
    const long double first = number_of(bound.operands.front());
    interval = common(interval, interval_of(bound.op, first, number_of(bound.operands.back())));
  }
  return interval;
}

}  // namespace

std::optional<BoundRule> bind_value_rule(const ValueRule& rule, const RuleSubject& subject,
                                         const Moment& moment, Mistakes& mistakes) {
  auto test = RuleBinder(rule, subject, moment, mistakes).bind();
  if (!test) return std::nullopt;
  const bool exists_not = rule.op == Operator::Exists && !std::get<bool>(rule.operands.front());
  const bool negated = rule.op == Operator::Ne || rule.op == Operator::NotIn || exists_not;
  return BoundRule{*std::move(test), negated};
}

Range<double> real_range(const std::vector<Bound>& bounds) { return interval_of(bounds).real(); }

NumberBounds number_bounds(const std::vector<Bound>& bounds) {
  const NumberInterval interval = interval_of(bounds);
  return {interval.whole(), interval.real(), interval.real32(), interval.closed()};
}

}  // namespace grapevine
