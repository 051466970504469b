// Parts of URLs, and their escapes.
#include <algorithm>
#include <string>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using View = std::string_view;
constexpr std::size_t kNone = View::npos;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "http" of "http://" and "mailto" of "mailto:".
View protocol(View url) {
  std::size_t end = 0;
  while (end < url.size() && (is_letter(url[end]) || is_digit(url[end]) || url[end] == '+' ||
                              url[end] == '-' || url[end] == '.')) {
    ++end;
  }
  return end > 0 && is_letter(url[0]) && url.substr(end, 1) == ":" ? url.substr(0, end) : View();
}

// The same where two slashes follow.
View slashed_protocol(View url) {
  const View name = protocol(url);
  return url.substr(name.size()).starts_with("://") ? name : View();
}

// Behind "http://" or "//"; the whole where there is neither.
View after_protocol(View url) {
  const View name = slashed_protocol(url);
  if (!name.empty()) return url.substr(name.size() + 3);
  return url.starts_with("//") ? url.substr(2) : url;
}

// The host with what stands before and behind it, up to the path.
View authority(View url) {
  const View rest = after_protocol(url);
  View host = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t user = host.rfind('@');
  return user == kNone ? host : host.substr(user + 1);
}

View domain(View url) {
  const View host = authority(url);
  const View name = host.substr(0, host.find(':'));
  // A password, or what is no host at all.
  const View rest = after_protocol(url);
  const View before = rest.substr(0, static_cast<std::size_t>(host.data() - rest.data()));
  if (before.find(':') != kNone) return {};
  // Where there is no protocol, only what has a dot is a host.
  const bool named = !slashed_protocol(url).empty() || url.starts_with("//");
  if (!named && name.find('.') == kNone) return {};
  for (const char c : name) {
    if (!is_letter(c) && !is_digit(c) && c != '.' && c != '-' && c != '_' &&
        static_cast<unsigned char>(c) < 0x80) {
      return {};
    }
  }
  return name;
}

View without_www(View host) { return host.starts_with("www.") ? host.substr(4) : host; }
View domain_without_www(View url) { return without_www(domain(url)); }

View top_level_domain(View url) {
  const View host = domain(url);
  const std::size_t dot = host.rfind('.');
  if (dot == kNone || dot + 1 == host.size() || is_digit(host[dot + 1])) return {};
  return host.substr(dot + 1);
}

// From the path on; of what has no host the text itself.
View path_and_rest(View url) {
  const View rest = after_protocol(url);
  const std::size_t begin = rest.find_first_of("/?#");
  return begin == kNone || rest[begin] != '/' ? View() : rest.substr(begin);
}
View path(View url) {
  const View full = path_and_rest(url);
  return full.substr(0, full.find_first_of("?#"));
}

View fragment(View url) {
  const std::size_t at = url.find('#');
  return at == kNone ? View() : url.substr(at + 1);
}
View query_and_fragment(View url) {
  const std::size_t at = url.find('?');
  return at == kNone ? View() : url.substr(at + 1);
}
View query(View url) {
  const View rest = query_and_fragment(url);
  return rest.substr(0, rest.find('#'));
}
View cut_fragment(View url) { return url.substr(0, url.find('#')); }
View cut_query_and_fragment(View url) { return url.substr(0, url.find('?')); }

void write_without_query(View url, std::string& result) {
  const std::size_t begin = url.find('?');
  result = url.substr(0, begin);
  if (begin == kNone) return;
  const std::size_t end = url.find('#', begin);
  if (end != kNone) result += url.substr(end);
}

void write_without_www(View url, std::string& result) {
  const View host = authority(url);
  const auto begin = static_cast<std::size_t>(host.data() - url.data());
  const bool cut = !slashed_protocol(url).empty() && host.starts_with("www.");
  result = url.substr(0, begin);
  result += cut ? host.substr(4) : host;
  result += url.substr(begin + host.size());
}

// The names and values between ?, & and #: visit(name, whole).
template <typename Visit>
void each_parameter(View url, Visit visit) {
  View rest = query(url);
  while (!rest.empty()) {
    const View parameter = rest.substr(0, rest.find('&'));
    const std::size_t equals = parameter.find('=');
    if (equals != kNone) visit(parameter.substr(0, equals), parameter);
    rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
  }
}

void write_escaped(View text, bool form, std::string& result) {
  constexpr View kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      result += c;
    } else if (form && c == ' ') {
      result += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += kDigits[byte >> 4];
      result += kDigits[byte & 15];
    }
  }
}

int digit_of(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void write_unescaped(View text, bool form, std::string& result) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = digit_of(text[i + 1]);
      const int low = digit_of(text[i + 2]);
      if (high >= 0 && low >= 0) {
        result += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    result += form && text[i] == '+' ? ' ' : text[i];
  }
}

template <View (*part)(View)>
absl::StatusOr<Resolved> part_of_url(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return part_of_text(part);
}

template <void (*write)(View, std::string&)>
absl::StatusOr<Resolved> rewrite(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return text_of_text(write);
}

template <void (*write)(View, bool, std::string&), bool form>
absl::StatusOr<Resolved> escapes(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return text_of_text([](View text, std::string& result) { write(text, form, result); });
}

absl::StatusOr<Resolved> port(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return number_of_text<std::uint16_t>(TypeId::UInt16, [](View url) {
    const View host = authority(url);
    const std::size_t colon = host.find(':');
    if (colon == kNone || host.size() - colon > 6) return 0;
    int number = 0;
    for (const char c : host.substr(colon + 1)) {
      if (!is_digit(c)) return 0;
      number = number * 10 + (c - '0');
    }
    return number > 65'535 ? 0 : number;
  });
}

absl::StatusOr<Resolved> extract_parameter(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string wanted, constant_string(call, 1));
  return part_of_text([wanted](View url) {
    View found;
    bool done = false;
    each_parameter(url, [&](View name, View whole) {
      if (done || name != wanted) return;
      found = whole.substr(name.size() + 1);
      done = true;
    });
    return found;
  });
}

template <bool names>
absl::StatusOr<Resolved> extract_parameters(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return list_of_text(0, [](View url, TextLists& lists) {
    each_parameter(url, [&](View name, View whole) { lists.add(names ? name : whole); });
  });
}

constexpr Definition kDefinitions[] = {
    {"protocol", part_of_url<protocol>, 1, 1},
    {"domain", part_of_url<domain>, 1, 1},
    {"domainWithoutWWW", part_of_url<domain_without_www>, 1, 1},
    {"topLevelDomain", part_of_url<top_level_domain>, 1, 1},
    {"port", port, 1, 1},
    {"path", part_of_url<path>, 1, 1},
    {"pathFull", part_of_url<path_and_rest>, 1, 1},
    {"queryString", part_of_url<query>, 1, 1},
    {"fragment", part_of_url<fragment>, 1, 1},
    {"queryStringAndFragment", part_of_url<query_and_fragment>, 1, 1},
    {"cutFragment", part_of_url<cut_fragment>, 1, 1},
    {"cutQueryString", rewrite<write_without_query>, 1, 1},
    {"cutQueryStringAndFragment", part_of_url<cut_query_and_fragment>, 1, 1},
    {"cutWWW", rewrite<write_without_www>, 1, 1},
    {"extractURLParameter", extract_parameter, 2, 2},
    {"extractURLParameters", extract_parameters<false>, 1, 1},
    {"extractURLParameterNames", extract_parameters<true>, 1, 1},
    {"encodeURLComponent", escapes<write_escaped, false>, 1, 1},
    {"encodeURLFormComponent", escapes<write_escaped, true>, 1, 1},
    {"decodeURLComponent", escapes<write_unescaped, false>, 1, 1},
    {"decodeURLFormComponent", escapes<write_unescaped, true>, 1, 1},
};

}  // namespace

std::span<const Definition> url_functions() { return kDefinitions; }

}  // namespace grapevine::sql
