//! Who gets what when a caseload is handed over.

use std::fmt;

use crate::ids::UserId;

/// Why a handover is refused. Each is the sentence the user reads; the name of the young person
/// stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NobodyChosen,
    Themselves,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NobodyChosen => "choose who gets it, or who gets everything",
            Self::Themselves => "choose somebody else than the officer who hands over",
        })
    }
}

/// Whoever gets one piece of work: the officer named for it, or the one who gets the rest.
pub fn receiver<'h, T: PartialEq>(
    item: &T,
    named: &'h [(T, UserId)],
    rest_to: Option<&'h UserId>,
    from: &UserId,
) -> Result<&'h UserId, Refusal> {
    let to = named
        .iter()
        .find(|(named, _)| named == item)
        .map(|(_, officer)| officer)
        .or(rest_to)
        .ok_or(Refusal::NobodyChosen)?;
    if to == from {
        return Err(Refusal::Themselves);
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_named_for_a_case_gets_it_and_another_gets_the_rest() {
        let [leaves, one, other] = [(); 3].map(|()| UserId::random());
        let named = [("K1", one.clone())];
        let gets = |case| receiver(&case, &named, Some(&other), &leaves);
        assert_eq!(gets("K1"), Ok(&one));
        assert_eq!(gets("K2"), Ok(&other));
    }

    #[test]
    fn nothing_is_handed_to_nobody_or_to_whoever_leaves() {
        let leaves = UserId::random();
        let to_nobody = receiver(&"K1", &[], None, &leaves);
        assert_eq!(to_nobody, Err(Refusal::NobodyChosen));
        let to_themselves = receiver(&"K1", &[], Some(&leaves), &leaves);
        assert_eq!(to_themselves, Err(Refusal::Themselves));
    }
}
