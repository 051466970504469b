#include <charconv>

#include <fmt/format.h>

#include "api/encode/formats/format_writer.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

absl::Status bad_value(std::string_view name, std::string_view wanted, std::string_view value) {
  return query_error(QueryErrorCode::BadArguments,
                     fmt::format("Setting {} must be {}: {}", name, wanted, value));
}

// Settings by name, into one place each. Remembers the first that does not fit.
class SettingReader {
 public:
  SettingReader(std::string_view name, std::string_view value) : name_(name), value_(value) {}

  void flag(std::string_view name, bool& target) {
    if (name != name_) return;
    if (value_ == "1" || value_ == "true") {
      target = true;
    } else if (value_ == "0" || value_ == "false") {
      target = false;
    } else {
      failed_ = bad_value(name_, "0 or 1", value_);
    }
  }
  void text(std::string_view name, std::string& target) {
    if (name == name_) target = value_;
  }
  void character(std::string_view name, std::string& target) {
    if (name != name_) return;
    if (value_.size() != 1) failed_ = bad_value(name_, "one character", value_);
    target = value_;
  }
  void number(std::string_view name, std::size_t& target) {
    if (name != name_) return;
    const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), target);
    if (error != std::errc() || end != value_.data() + value_.size()) {
      failed_ = bad_value(name_, "a whole number", value_);
    }
  }
  void times(FormatSettings& settings) {
    if (name_ != "date_time_output_format") return;
    if (value_ != "simple" && value_ != "iso" && value_ != "unix_timestamp") {
      failed_ = bad_value(name_, "simple, iso or unix_timestamp", value_);
    }
    settings.iso_times = value_ == "iso";
    settings.unix_times = value_ == "unix_timestamp";
  }
  [[nodiscard]] const absl::Status& failed() const { return failed_; }

 private:
  const std::string_view name_;
  const std::string_view value_;
  absl::Status failed_;
};

}  // namespace

absl::StatusOr<FormatSettings> format_settings(const SessionFacts& facts, const Fields& settings) {
  FormatSettings read{.timezone = facts.timezone};
  for (const auto& [name, value] : settings) {
    SettingReader reader(name, value);
    reader.flag("output_format_json_quote_64bit_integers", read.quote_64bit_integers);
    reader.flag("output_format_json_quote_denormals", read.quote_denormals);
    reader.flag("output_format_json_escape_forward_slashes", read.json_escape_slashes);
    reader.character("format_csv_delimiter", read.csv_delimiter);
    reader.text("format_tsv_null_representation", read.null_tsv);
    reader.text("format_csv_null_representation", read.null_csv);
    reader.number("output_format_pretty_max_rows", read.pretty_rows_max);
    reader.number("client_protocol_version", read.protocol_version);
    reader.times(read);
    if (!reader.failed().ok()) return reader.failed();
  }
  return read;
}

}  // namespace grapevine::sql
