// What changes whose rows, traits and names are whose: merges, unmerges and erasures.

#include <algorithm>
#include <utility>

#include "storage/store_state.hpp"

namespace grapevine {

absl::StatusOr<Identities> StoreState::identities(std::string_view external_id) const {
  const CustomerId identity = customers_.find(external_id);
  if (identity == kNobody || customers_.persons().of(identity) == kNobody) {
    return absl::NotFoundError("no customer has this id");
  }
  const auto id_of = [&](CustomerId id) { return std::string(customers_.external_id(id)); };
  Identities found;
  found.customer_id = id_of(identities_.name(identity));
  std::vector<CustomerId> members(identities_.group(identity).begin(),
                                  identities_.group(identity).end());
  if (members.empty()) members.push_back(identity);
  std::vector<std::uint32_t> numbers;
  for (const CustomerId member : members) {
    found.ids.push_back(id_of(member));
    const auto merges = identities_.merges_of(member);
    numbers.insert(numbers.end(), merges.begin(), merges.end());
  }
  std::sort(found.ids.begin(), found.ids.end());
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  for (const std::uint32_t number : numbers) {
    const Merge& merge = identities_.merges()[number];
    found.merges.push_back({number, merge.kind == IdentityLink::Kind::Alias, id_of(merge.from),
                            id_of(merge.to), merge.ts, merge.message_id,
                            identities_.is_active(number), merge.refused, merge.undone});
  }
  return found;
}

absl::StatusOr<Unmerge> StoreState::decide_unmerge(std::string_view external_id,
                                                   std::uint32_t merge, TimeMs when) const {
  const CustomerId identity = customers_.find(external_id);
  if (identity == kNobody || customers_.persons().of(identity) == kNobody) {
    return absl::NotFoundError("no customer has this id");
  }
  const auto members = identities_.group(identity);
  const bool is_theirs = std::any_of(members.begin(), members.end(), [&](CustomerId member) {
    const auto numbers = identities_.merges_of(member);
    return std::find(numbers.begin(), numbers.end(), merge) != numbers.end();
  });
  if (!is_theirs || !identities_.is_active(merge)) {
    return absl::InvalidArgumentError("this customer has no active merge with that number");
  }
  return Unmerge{merge, when};
}

absl::StatusOr<Erasure> StoreState::decide_erasure(std::string_view external_id,
                                                   TimeMs when) const {
  const CustomerId identity = customers_.find(external_id);
  if (identity == kNobody || customers_.persons().of(identity) == kNobody) {
    return absl::NotFoundError("no customer has this id");
  }
  Erasure erasure;
  erasure.when = when;
  erasure.identities = person_with(identity);
  for (const CustomerId member : erasure.identities) {
    erasure.proofs.push_back(erased_.proof(customers_.external_id(member)));
  }
  return erasure;
}

// All external ids of a person, given by one of them.
std::vector<CustomerId> StoreState::person_with(CustomerId identity) const {
  const auto members = identities_.group(identity);
  if (members.empty()) return {identity};
  return {members.begin(), members.end()};
}

void StoreState::apply_change(const Unmerge& change) {
  regroup(identities_.undo(change.merge, change.when));
}

void StoreState::apply_change(const Erasure& change) {
  close_delta();  // Its rows are given to persons there, and these are about to be nobody.
  const std::vector<CustomerId> person =
      change.identities.empty() ? find_by_proofs(change.proofs) : change.identities;
  for (const ErasureProof& proof : change.proofs) erased_.add(proof, change.when);
  for (const CustomerId identity : person) {
    moved_from_.push_back(customers_.persons().of(identity));
    touches_.add(identity, Touch::kPerson);
  }
  identities_.forget(person);
  customers_.erase(person);
  ++social_version_;
  move_rows();
  find_authors_again(authors_.works_of(person));
}

// Whose ids have these proofs, while the log is replayed. The proofs of all ids are made once for
// all erasures of the log.
std::vector<CustomerId> StoreState::find_by_proofs(std::span<const ErasureProof> proofs) {
  for (std::size_t i = proofs_made_; i < customers_.count(); ++i) {
    const CustomerId identity{static_cast<std::uint32_t>(i)};
    const std::string_view id = customers_.external_id(identity);
    if (!id.empty()) by_proof_[erased_.proof(id)] = identity;
  }
  proofs_made_ = customers_.count();
  std::vector<CustomerId> found;
  for (const ErasureProof& proof : proofs) {
    const auto entry = by_proof_.find(proof);
    if (entry == by_proof_.end()) continue;
    found.push_back(entry->second);
    by_proof_.erase(entry);
  }
  return found;
}

// Lets traits and names follow what the identity graph says of these external ids; rows follow
// before the next publication.
void StoreState::regroup(std::span<const CustomerId> identities) {
  if (identities.empty()) return;
  ++social_version_;
  std::vector<CustomerId> before;
  for (const CustomerId identity : identities) before.push_back(customers_.persons().of(identity));
  for (const CustomerId identity : identities) {
    const auto members = identities_.group(identity);
    if (members.empty()) {
      if (!customers_.is_alone(identity)) customers_.stand_alone(identity);
    } else if (members.front() == identity) {  // Once a group.
      const CustomerId person = representative(members);
      give_row_counts(members, person);
      customers_.join(members, person, identities_.name(identity));
    }
  }
  for (std::size_t i = 0; i < identities.size(); ++i) {
    if (customers_.persons().of(identities[i]) != before[i]) moved_from_.push_back(before[i]);
    touches_.add(identities[i], Touch::kPerson);
  }
}

// Of the members that represent a person by now the one with the most rows, so that few move.
CustomerId StoreState::representative(std::span<const CustomerId> members) const {
  CustomerId best = kNobody;
  for (const CustomerId member : members) {
    if (customers_.persons().of(member) != member) continue;
    if (best == kNobody || about_rows(member) > about_rows(best)) best = member;
  }
  return best == kNobody ? members.front() : best;
}

std::size_t StoreState::about_rows(CustomerId person) const {
  return index(person) < about_rows_.size() ? about_rows_[index(person)] : 0;
}

void StoreState::give_row_counts(std::span<const CustomerId> members, CustomerId person) {
  std::uint32_t rows = 0;
  for (const CustomerId member : members) {
    if (index(member) >= about_rows_.size()) continue;
    rows += std::exchange(about_rows_.edit(index(member)), 0);
  }
  if (rows == 0) return;
  about_rows_.grow(index(person) + std::size_t{1}, 0);
  about_rows_.set(index(person), rows);
}

PersonOf StoreState::person_of() const {
  return [this](CustomerId identity) { return customers_.persons().of(identity); };
}

// Rows in parts that stand under somebody who is not their person any more: they die there, and
// those that have a person stand in a part of their own.
void StoreState::move_rows() {
  if (moved_from_.empty()) return;
  std::vector<CustomerId> customers = std::exchange(moved_from_, {});
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  const PersonOf person = person_of();
  std::vector<std::shared_ptr<const Part>> moved;
  for (std::shared_ptr<const Part>& part : parts_) {
    const RowsOfPart leaving = rows_to_move(*part, customers, person);
    if (!any_rows(leaving)) continue;
    RowsOfPart somebodys = leaving;
    RowsOfPart nobodys = leaving;
    for (std::size_t r = 0; r < leaving.size(); ++r) {
      const Run& run = *part->runs[r];
      const auto is_nobodys = [&](std::uint32_t row) {
        return person(run.identity(row)) == kNobody;
      };
      std::erase_if(somebodys[r], is_nobodys);
      std::erase_if(nobodys[r], [&](std::uint32_t row) { return !is_nobodys(row); });
    }
    uncount(*part, nobodys);
    if (any_rows(somebodys)) moved.push_back(only_rows(*part, somebodys));
    part = without_rows(*part, leaving);
  }
  std::erase(parts_, nullptr);
  if (moved.empty()) return;
  for (auto& part : merge_parts(moved, strings(), person)) parts_.push_back(std::move(part));
}

}  // namespace grapevine
