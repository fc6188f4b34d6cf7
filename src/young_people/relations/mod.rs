//! Brothers and sisters, parents and carers, and other people of a young person.
//!
//! Somebody who is on record themselves is linked: the relation then stands on both records, each
//! with the word that is right on that side. Anybody else is kept by name.

pub mod actions;
pub mod rules;
pub mod store;

use crate::ids::{RelationId, YoungPersonId};
use crate::young_people::about::Gender;

crate::words! {
    /// What somebody is to the young person.
    pub enum Kind {
        Mother = "mother", "Mother";
        Father = "father", "Father";
        Parent = "parent", "Parent";
        StepParent = "step_parent", "Step-parent";
        SpecialGuardian = "special_guardian", "Special guardian";
        FosterCarer = "foster_carer", "Foster carer";
        Grandparent = "grandparent", "Grandparent";
        AuntOrUncle = "aunt_or_uncle", "Aunt or uncle";
        OtherCarer = "other_carer", "Another carer";
        BrotherOrSister = "brother_or_sister", "Brother or sister";
        HalfBrotherOrSister = "half_brother_or_sister", "Half-brother or half-sister";
        StepBrotherOrSister = "step_brother_or_sister", "Stepbrother or stepsister";
        Cousin = "cousin", "Cousin";
        Child = "child", "Son or daughter";
        StepChild = "step_child", "Stepchild";
        ChildInTheirCare = "child_in_their_care", "Child in their care";
        Grandchild = "grandchild", "Grandchild";
        NieceOrNephew = "niece_or_nephew", "Niece or nephew";
        Partner = "partner", "Partner";
        Friend = "friend", "Friend";
        Other = "other", "Somebody else";
    }
}

impl Kind {
    #[must_use]
    pub fn is_brother_or_sister(self) -> bool {
        matches!(
            self,
            Self::BrotherOrSister | Self::HalfBrotherOrSister | Self::StepBrotherOrSister
        )
    }
}

/// A relation as the record of one young person has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub id: RelationId,
    pub young_person: YoungPersonId,
    /// What the two rows of two young people on record have in common.
    pub pair: Option<String>,
    pub said: Said,
    pub version: i32,
}

/// What is said of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub kind: Kind,
    /// The name of somebody who is not on record.
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub parental_responsibility: bool,
    pub note: Option<String>,
    /// It never was: kept to be read, and shown as such.
    pub in_error: bool,
}

/// The other young person of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    pub id: YoungPersonId,
    pub name: String,
    pub gender: Option<Gender>,
}

/// Who it is: another young person on record, or somebody by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    OnRecord(YoungPersonId),
    ByName(String),
}
