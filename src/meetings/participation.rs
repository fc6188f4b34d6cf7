//! The participation code of the SSDA903 return, reached from what is on record of a meeting.
//!
//! The return counts how each child looked after took part in their review:
//!
//! | code | the child |
//! |---|---|
//! | PN0 | was under four |
//! | PN1 | was there and spoke for themselves |
//! | PN2 | was there and somebody spoke for them |
//! | PN3 | was there and gave their views without speaking |
//! | PN4 | was there, did not speak, and gave no views |
//! | PN5 | was not there and somebody spoke for them |
//! | PN6 | was not there and their views were sent |
//! | PN7 | was not there and no views were given |
//!
//! Source: domain.md section 5. On behalf is PN5; with the officer PN1 or PN2 by who spoke; without
//! the officer PN1, PN3 or PN4; PN6 and PN7 for neither. A child who came with the officer, and for
//! whom nobody spoke, is PN3 or PN4 like one who came without.

use super::{Attendance, Said, Spoke, Views};

crate::words! {
    /// A participation code, with what it means.
    pub enum Code {
        Pn0 = "PN0", "Under four years old on the day";
        Pn1 = "PN1", "Was there and spoke for themselves";
        Pn2 = "PN2", "Was there and an advocate spoke for them";
        Pn3 = "PN3", "Was there and gave their views without speaking";
        Pn4 = "PN4", "Was there, did not speak and gave no views";
        Pn5 = "PN5", "Was not there; an advocate spoke for them";
        Pn6 = "PN6", "Was not there; their views were sent";
        Pn7 = "PN7", "Was not there, and no views were given";
    }
}

/// The code, from the age on the day, who was there, who spoke and how views were given. None where
/// the child was there and nobody recorded who spoke: a code is not guessed.
#[must_use]
pub fn code(age: Option<i32>, said: &Said) -> Option<Code> {
    if age.is_some_and(|age| age < 4) {
        return Some(Code::Pn0);
    }
    let gave_views = said.views.iter().any(|how| *how != Views::NotGiven);
    match (said.attendance, said.spoke) {
        (Attendance::OfficerForChild, _) => Some(Code::Pn5),
        (Attendance::Neither, _) if gave_views => Some(Code::Pn6),
        // What was moved in says "neither; views sent in writing" and no more.
        (Attendance::Neither, None) => Some(Code::Pn6),
        (Attendance::Neither, Some(_)) => Some(Code::Pn7),
        (Attendance::ChildWithOfficer | Attendance::ChildAlone, Some(Spoke::YoungPerson)) => {
            Some(Code::Pn1)
        }
        (Attendance::ChildWithOfficer | Attendance::ChildAlone, Some(Spoke::Officer)) => {
            Some(Code::Pn2)
        }
        (Attendance::ChildWithOfficer | Attendance::ChildAlone, Some(Spoke::Nobody)) => {
            Some(if gave_views { Code::Pn3 } else { Code::Pn4 })
        }
        (Attendance::ChildWithOfficer | Attendance::ChildAlone, None) => None,
    }
}

/// The code with how it was reached.
#[must_use]
pub fn explained(code: Code) -> String {
    format!("{}: {}", code.code(), code.words())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meetings::Heard;

    fn said(attendance: Attendance, spoke: Option<Spoke>, views: &[Views]) -> Said {
        Said {
            attendance,
            spoke,
            views: views.to_vec(),
            online: false,
            seen_before_on: None,
            explained_on: None,
            not_there_reason: None,
            own_words: None,
            note: None,
        }
    }

    /// Every answer of the form with every way to give views, against the table written out.
    #[test]
    fn every_combination_has_the_code_of_the_table() {
        use Heard as H;
        for heard in H::ALL {
            for bits in 0u32..64 {
                let views: Vec<Views> = (0u32..)
                    .zip(Views::ALL)
                    .filter(|(place, _)| bits & (1 << place) != 0)
                    .map(|(_, how)| *how)
                    .collect();
                let none_given = views.is_empty() || views == [Views::NotGiven];
                let expected = match (heard, none_given) {
                    (H::WithOfficerSpoke | H::AloneSpoke, _) => "PN1",
                    (H::WithOfficerOfficerSpoke, _) => "PN2",
                    (H::WithOfficerNobodySpoke | H::AloneNobodySpoke, false) => "PN3",
                    (H::WithOfficerNobodySpoke | H::AloneNobodySpoke, true) => "PN4",
                    (H::OfficerForThem, _) => "PN5",
                    (H::Neither, false) => "PN6",
                    (H::Neither, true) => "PN7",
                };
                let said = said(heard.attendance(), Some(heard.spoke()), &views);
                assert_eq!(code(Some(4), &said).unwrap().code(), expected, "{said:?}");
                assert_eq!(code(None, &said), code(Some(17), &said));
                assert_eq!(code(Some(3), &said), Some(Code::Pn0));
            }
        }
    }

    #[test]
    fn what_was_moved_in_has_a_code_where_nothing_has_to_be_guessed() {
        let of = |attendance| code(Some(12), &said(attendance, None, &[]));
        assert_eq!(of(Attendance::OfficerForChild), Some(Code::Pn5));
        assert_eq!(of(Attendance::Neither), Some(Code::Pn6));
        assert_eq!(of(Attendance::ChildWithOfficer), None);
        assert_eq!(of(Attendance::ChildAlone), None);
    }

    #[test]
    fn an_answer_is_found_again_from_what_is_on_record() {
        for heard in Heard::ALL {
            let found = Heard::of(heard.attendance(), Some(heard.spoke()));
            assert_eq!(found, Some(*heard));
        }
        assert_eq!(Heard::of(Attendance::ChildAlone, None), None);
        assert_eq!(Heard::of(Attendance::Neither, None), Some(Heard::Neither));
    }
}
