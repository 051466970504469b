#include "storage/checkpoint/manifest.hpp"

#include <cstdlib>
#include <numeric>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "storage/checkpoint/fields.hpp"
#include "storage/disk/folder.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr CheckedKind kKinds[] = {CheckedKind::Part, CheckedKind::State, CheckedKind::Manifest};

std::string_view prefix_of(CheckedKind kind) {
  switch (kind) {
    case CheckedKind::Part: return "part-";
    case CheckedKind::State: return "state-";
    case CheckedKind::Manifest: return "manifest-";
  }
  return "";
}

}  // namespace

void fields(auto& archive, Is<FileSeal> auto& seal) { archive(seal.bytes, seal.checksum); }
void fields(auto& archive, Is<Manifest::PartFile> auto& part) {
  archive(part.number, part.seal, part.rows);
}
void fields(auto& archive, Is<Manifest> auto& manifest) {
  archive(manifest.sequence, manifest.state, manifest.parts);
}

std::uint64_t Manifest::bytes() const {
  return std::accumulate(
      parts.begin(), parts.end(), state.bytes,
      [](std::uint64_t sum, const PartFile& part) { return sum + part.seal.bytes; });
}

std::string file_name(CheckedKind kind, std::uint64_t number) {
  return absl::StrFormat("%s%0*d", prefix_of(kind), kind == CheckedKind::Part ? 12 : 8, number);
}

absl::StatusOr<std::vector<FoundFile>> find_checkpoint_files(Disk& disk,
                                                             const std::string& folder) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk, folder));
  std::vector<FoundFile> found;
  for (const std::string& name : names) {
    for (const CheckedKind kind : kKinds) {
      if (!name.starts_with(prefix_of(kind))) continue;
      const std::uint64_t number =
          std::strtoull(name.c_str() + prefix_of(kind).size(), nullptr, 10);
      const std::string finished = file_name(kind, number);
      if (name != finished && name != absl::StrCat(finished, kUnfinished)) continue;
      found.push_back({name, kind, number, name == finished});
    }
  }
  return found;
}

absl::Status write_manifest(Disk& disk, const std::string& folder, const Manifest& manifest) {
  const std::string path =
      absl::StrCat(folder, "/", file_name(CheckedKind::Manifest, manifest.generation));
  const std::string unfinished = absl::StrCat(path, kUnfinished);
  const CheckedName name{CheckedKind::Manifest, manifest.store, manifest.generation};
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedWriter file, CheckedWriter::create(disk, unfinished, name));
  FieldWriter out(file);
  out.section("manifest", 1);
  out(manifest);
  GRAPEVINE_ASSIGN_OR_RETURN(const FileSeal seal, file.finish());
  GRAPEVINE_RETURN_IF_ERROR(verify_file(disk, unfinished, name, seal));
  GRAPEVINE_RETURN_IF_ERROR(rename_file(disk, unfinished, path));
  return sync_folder(disk, folder);
}

absl::StatusOr<Manifest> read_manifest(Disk& disk, const std::string& folder,
                                       std::uint64_t generation) {
  const std::string path = absl::StrCat(folder, "/", file_name(CheckedKind::Manifest, generation));
  CheckedName name{CheckedKind::Manifest, {}, generation};
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedReader file, CheckedReader::open_any_store(disk, path, name));
  Manifest manifest;
  manifest.generation = generation;
  manifest.store = name.store;
  FieldReader in(file);
  in.section("manifest", 1);
  in(manifest);
  GRAPEVINE_RETURN_IF_ERROR(file.finish().status());
  return manifest;
}

absl::Status verify_file(Disk& disk, const std::string& path, const CheckedName& name,
                         const FileSeal& expected) {
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedReader file, CheckedReader::open(disk, path, name));
  file.forget_cached();
  file.skim();
  GRAPEVINE_ASSIGN_OR_RETURN(const FileSeal seal, file.finish());
  return seal == expected ? absl::OkStatus()
                          : absl::DataLossError(path + ": offset 0: not the file that was written");
}

}  // namespace grapevine
