#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// How a text is made alike everywhere before it is hashed, so that an ad platform can compare it
/// with what its own customers gave.
enum class HashForm : std::uint8_t {
  Text,    ///< `sha256(email)`: trimmed and in lower case, as Google and Meta ask of e-mail.
  E164,    ///< `sha256_e164(phone)`: "+821012345678", as Google asks of telephone numbers.
  Digits,  ///< `sha256_digits(phone)`: "821012345678", as Meta asks of them.
};

/// The form that a function's name asks for; nullopt: there is no such function.
std::optional<HashForm> hash_form_of(std::string_view function);
/// The names of all of them.
std::vector<std::string_view> hash_names();

/// The text without white space around it, in Unicode's simple lower case.
/// Precondition: UTF-8; anything else is left as it stands.
std::string normalized_text(std::string_view text);

/// A telephone number as E.164 writes it: `+`, country code and number, at most 15 digits. Takes
/// away spaces, `-`, `.`, `/`, parentheses and a trunk zero, "(0)"; a leading 00 is a `+`. Empty:
/// the text is no number with a country code, and which country it is of cannot be known.
/// Source  ITU-T E.164 (11/2010).
std::string normalized_phone(std::string_view text);

/// SHA-256 of a text in lower-case hexadecimal.
std::string sha256_hex(std::string_view text);

/// SHA-256 of the normalized text, in lower-case hexadecimal; empty where nothing is left of it.
std::string hashed_identifier(HashForm form, std::string_view text);

}  // namespace grapevine
