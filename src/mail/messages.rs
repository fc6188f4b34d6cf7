//! The messages, one function each. None holds a name, or what somebody wrote or asked for.

use chrono::NaiveDate;

use super::{Kind, Letter};
use crate::calendar::show;

/// To whoever asked from outside: that their message has come in.
#[must_use]
pub fn received(reference: &str, due_on: Option<NaiveDate>, leads_to: &str) -> Letter {
    let until = match due_on {
        Some(day) => format!("You hear from us by {}.", show(day)),
        None => "You hear from us soon.".to_owned(),
    };
    Letter {
        kind: Kind::RequestReceived,
        subject: format!("We have your message ({reference})"),
        body: format!(
            "We have your message. Its reference is {reference}.\n\n{until}\n\n\
             A computer sent this e-mail, and nobody reads answers to it. \
             This is where you wrote to us: {leads_to}\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_a_request_says_its_reference_and_its_day_and_no_more() {
        let letter = received(
            "ABCD-EFGH",
            "2022-04-07".parse().ok(),
            "https://a.example/ask",
        );
        assert_eq!(letter.subject, "We have your message (ABCD-EFGH)");
        assert!(letter.body.contains("by 7 April 2022."));
        assert!(letter.body.contains("https://a.example/ask"));
        let without = received("ABCD-EFGH", None, "https://a.example/ask");
        assert!(without.body.contains("soon"));
    }
}
