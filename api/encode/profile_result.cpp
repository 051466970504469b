#include "api/encode/profile_result.hpp"

#include <cstddef>
#include <set>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "kernels/segment/ascending_key.hpp"

namespace grapevine {
namespace {

class ProfileWriter {
 public:
  explicit ProfileWriter(const SegmentProfile& profile) : profile_(profile) {}

  std::string write(const std::string& segment, const ListSource& source, double elapsed_ms) && {
    json_.begin_object();
    json_.member("segment", segment);
    json_.member("size", profile_.size);
    json_.member("base", profile_.base);
    json_.key("attributes");
    json_.begin_array();
    for (const auto& attributed : profile_.attributes) write_attribute(attributed);
    json_.end_array();
    json_.member("attributes_left_off", profile_.left_off);
    if (source.moment.in_the_past) write_current();
    json_.time_member("as_of", source.moment.as_of);
    json_.member("snapshot", source.snapshot->number());
    json_.member("elapsed_ms", elapsed_ms);
    json_.end_object();
    return std::move(json_).take();
  }

 private:
  using Attributed = SegmentProfile::Attributed;

  void write_attribute(const Attributed& attributed) {
    const auto& [name, attribute, profile] = attributed;
    json_.begin_object();
    json_.member("name", name);
    json_.member("type", attribute.is_time() ? "datetime" : name_of(attribute.type));
    if (attribute.is_time() || is_number(attribute.type)) {
      json_.key("bins");
      json_.begin_array();
      for (const AttributeProfile::Bin& bin : profile.bins) write_bin(attribute, bin);
      json_.end_array();
    } else {
      json_.key("values");
      json_.begin_array();
      for (const auto& [code, count] : profile.top) write_value(attribute, code, count);
      json_.end_array();
      json_.key("other");
      json_.begin_object();
      json_.member("values", profile.other_values);
      write_counts(profile.other);
      json_.end_object();
    }
    json_.key("missing");
    json_.begin_object();
    write_counts(profile.missing);
    json_.end_object();
    json_.end_object();
  }

  void write_bin(const Attribute& attribute, const AttributeProfile::Bin& bin) {
    json_.begin_object();
    json_.key("from");
    write_number(attribute, bin.least);
    json_.key("to");
    write_number(attribute, bin.most);
    write_counts(bin.count);
    json_.end_object();
  }

  void write_number(const Attribute& attribute, std::uint64_t key) {
    if (attribute.is_time()) {
      json_.time(int64_of_key(key));
    } else if (attribute.type == ValueType::Float64) {
      json_.value(double_of_key(key));
    } else {
      json_.value(int64_of_key(key));
    }
  }

  void write_value(const Attribute& attribute, std::uint32_t code, const SharedCount& count) {
    json_.begin_object();
    json_.key("value");
    if (attribute.column->dictionary != nullptr) {
      json_.value(attribute.column->dictionary->at(code));
    } else {
      json_.value(code != 0);
    }
    write_counts(count);
    json_.end_object();
  }

  // There is no lift over a share of 0, nor of a segment without members.
  void write_counts(const SharedCount& count) {
    const double in_segment = share_of(count.segment, profile_.size);
    const double in_base = share_of(count.base, profile_.base);
    json_.member("segment", count.segment);
    json_.member("base", count.base);
    json_.member("segment_share", in_segment);
    json_.member("base_share", in_base);
    json_.key("lift");
    if (count.base == 0 || profile_.size == 0) {
      json_.null();
    } else {
      json_.value(in_segment / in_base);
    }
  }

  static double share_of(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  }

  void write_current() {
    std::set<std::string> traits = profile_.traits;
    for (const auto& [name, attribute, profile] : profile_.attributes) {
      if (attribute.from == Attribute::From::Column && !attribute.computed) traits.insert(name);
    }
    json_.key("current");
    json_.begin_array();
    for (const std::string& trait : traits) json_.value(trait);
    json_.end_array();
  }

  const SegmentProfile& profile_;
  JsonWriter json_;
};

}  // namespace

std::string encode_profile(const std::string& segment, const SegmentProfile& profile,
                           const ListSource& source, double elapsed_ms) {
  return ProfileWriter(profile).write(segment, source, elapsed_ms);
}

}  // namespace grapevine
