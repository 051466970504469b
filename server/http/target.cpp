#include "server/http/target.hpp"

#include <string>

#include <boost/url/params_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "api/error.hpp"

namespace grapevine {
namespace {

absl::Status malformed(std::string_view detail) { return problem(ErrorCode::Malformed, detail); }

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

}  // namespace

absl::Status parse_target(std::string_view target, Request& request) {
  const boost::core::string_view text(target.data(), target.size());
  const auto parsed = target.starts_with('/') ? boost::urls::parse_origin_form(text)
                                              : boost::urls::parse_absolute_uri(text);
  if (parsed.has_error()) {
    return malformed("the request target must be a path with percent-encoding where needed");
  }
  request.path = parsed->path();
  if (request.path.empty()) request.path.push_back('/');
  if (has_nul(request.path)) return malformed("the path must not hold a NUL");

  for (const auto segment : parsed->segments()) request.segments.emplace_back(segment);

  boost::urls::encoding_opts options;
  options.space_as_plus = true;
  for (const auto parameter : parsed->params(options)) {
    if (has_nul(parameter.key) || has_nul(parameter.value)) {
      return malformed("the query must not hold a NUL");
    }
    if (parameter.key.empty() && !parameter.has_value) continue;  // "?", "&&".
    request.query.emplace_back(parameter.key, parameter.value);
  }
  return absl::OkStatus();
}

}  // namespace grapevine
