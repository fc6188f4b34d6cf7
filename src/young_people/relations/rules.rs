//! The right word on either side of a relation.

use std::fmt;

use super::{Kind, Relation, Who};
use crate::ids::YoungPersonId;
use crate::young_people::about::Gender;

/// Why a relation is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Themselves,
    OnRecordAlready,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Themselves => "Choose somebody else: nobody is related to themselves",
            Self::OnRecordAlready => {
                "They are on the list already: change what stands there instead"
            }
        })
    }
}

/// What the young person is to somebody who is this to them.
#[must_use]
pub fn seen_from_the_other_side(kind: Kind) -> Kind {
    match kind {
        Kind::Mother | Kind::Father | Kind::Parent => Kind::Child,
        Kind::Child => Kind::Parent,
        Kind::StepParent => Kind::StepChild,
        Kind::StepChild => Kind::StepParent,
        Kind::SpecialGuardian | Kind::FosterCarer | Kind::OtherCarer => Kind::ChildInTheirCare,
        Kind::ChildInTheirCare => Kind::OtherCarer,
        Kind::Grandparent => Kind::Grandchild,
        Kind::Grandchild => Kind::Grandparent,
        Kind::AuntOrUncle => Kind::NieceOrNephew,
        Kind::NieceOrNephew => Kind::AuntOrUncle,
        Kind::BrotherOrSister
        | Kind::HalfBrotherOrSister
        | Kind::StepBrotherOrSister
        | Kind::Cousin
        | Kind::Partner
        | Kind::Friend
        | Kind::Other => kind,
    }
}

/// The word for somebody of this gender: "Sister" where it is known, "Brother or sister" where not.
#[must_use]
pub fn word(kind: Kind, gender: Option<Gender>) -> &'static str {
    let pair = match kind {
        Kind::Parent => ("Mother", "Father"),
        Kind::StepParent => ("Stepmother", "Stepfather"),
        Kind::Grandparent => ("Grandmother", "Grandfather"),
        Kind::AuntOrUncle => ("Aunt", "Uncle"),
        Kind::BrotherOrSister => ("Sister", "Brother"),
        Kind::HalfBrotherOrSister => ("Half-sister", "Half-brother"),
        Kind::StepBrotherOrSister => ("Stepsister", "Stepbrother"),
        Kind::Child => ("Daughter", "Son"),
        Kind::StepChild => ("Stepdaughter", "Stepson"),
        Kind::Grandchild => ("Granddaughter", "Grandson"),
        Kind::NieceOrNephew => ("Niece", "Nephew"),
        _ => return kind.words(),
    };
    match gender {
        Some(Gender::Female) => pair.0,
        Some(Gender::Male) => pair.1,
        Some(Gender::NotStated) | None => kind.words(),
    }
}

/// May this relation be added? `linked` are the young people who are on the list already.
pub fn may_add(
    me: &YoungPersonId,
    who: &Who,
    linked: &[YoungPersonId],
    others: &[Relation],
) -> Result<(), Refusal> {
    match who {
        Who::OnRecord(other) if other == me => Err(Refusal::Themselves),
        Who::OnRecord(other) if linked.contains(other) => Err(Refusal::OnRecordAlready),
        Who::ByName(name)
            if others
                .iter()
                .any(|it| !it.said.in_error && it.said.name.as_ref() == Some(name)) =>
        {
            Err(Refusal::OnRecordAlready)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_side_of_the_other_side_is_the_same_family_word() {
        for kind in Kind::ALL {
            let back = seen_from_the_other_side(seen_from_the_other_side(*kind));
            let general = match kind {
                Kind::Mother | Kind::Father => Kind::Parent,
                Kind::SpecialGuardian | Kind::FosterCarer => Kind::OtherCarer,
                kind => *kind,
            };
            assert_eq!(back, general);
        }
    }

    #[test]
    fn a_sister_of_a_boy_has_a_brother() {
        let other = seen_from_the_other_side(Kind::BrotherOrSister);
        assert_eq!(word(Kind::BrotherOrSister, Some(Gender::Female)), "Sister");
        assert_eq!(word(other, Some(Gender::Male)), "Brother");
        assert_eq!(word(other, None), "Brother or sister");
        assert_eq!(
            word(seen_from_the_other_side(Kind::Mother), Some(Gender::Female)),
            "Daughter"
        );
    }

    #[test]
    fn nobody_is_related_to_themselves_or_twice() {
        let (me, other) = (YoungPersonId::random(), YoungPersonId::random());
        let add = |who: &YoungPersonId, linked: &[YoungPersonId]| {
            may_add(&me, &Who::OnRecord(who.clone()), linked, &[])
        };
        assert_eq!(add(&me, &[]), Err(Refusal::Themselves));
        assert_eq!(
            add(&other, std::slice::from_ref(&other)),
            Err(Refusal::OnRecordAlready)
        );
        assert_eq!(add(&other, &[]), Ok(()));
    }
}
