//! Requests: somebody asks for an officer, from outside: a young person themselves, a parent or
//! carer, a professional. Whoever reads it takes it on, which makes it a referral, points it
//! elsewhere, or calls it spam.
//!
//! What somebody typed is kept as they typed it and never changed; how the request stands is, and
//! each step of that is kept. When it is taken on, the safe ways and times to reach the young
//! person become a warning on their record.

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::{NaiveDate, NaiveDateTime};

use crate::ids::{ReferralId, RequestId, YoungPersonId};
use crate::referrals::Source;

crate::words! {
    /// Who asks.
    pub enum AskedBy {
        YoungPerson = "young_person", "The child or young person";
        ParentOrCarer = "parent_or_carer", "A parent or carer";
        Professional = "professional", "A professional";
    }
}

crate::words! {
    /// How a request stands.
    pub enum State {
        Waiting = "waiting", "Waiting to be read";
        Taken = "taken", "Taken on";
        Elsewhere = "elsewhere", "Pointed elsewhere";
        Spam = "spam", "Spam";
    }
}

crate::words! {
    /// What it is about, in words that a young person chooses from.
    pub enum Want {
        NotFair = "not_fair", "Something is not fair";
        Meeting = "meeting", "A meeting about me";
        Home = "home", "Where I live, or moving home";
        Family = "family", "Seeing my family or friends";
        School = "school", "School or college";
        NotListening = "not_listening", "Nobody listens to me";
        NotSafe = "not_safe", "I do not feel safe";
        Other = "other", "Something else";
    }
}

crate::words! {
    /// A way in which it is safe to reach them.
    pub enum Way {
        Call = "call", "Ring me";
        Message = "message", "Send me a text";
        Email = "email", "Send me an e-mail";
        School = "school", "See me at school or college";
        Through = "through", "Ask somebody I trust to tell me";
    }
}

crate::words! {
    /// What must not be done when they are contacted.
    pub enum Never {
        LeaveMessage = "leave_message", "Never leave a message";
        AtHome = "at_home", "Do not ring or come when I am at home";
        Letters = "letters", "Do not send letters";
        TellHome = "tell_home", "Do not tell the people I live with";
    }
}

crate::words! {
    /// Whether it is ours to help: where they live, or who looks after them.
    pub enum Area {
        Here = "here", "Lives in our area";
        LookedAfter = "looked_after", "Lives elsewhere, and our council looks after them";
        Elsewhere = "elsewhere", "Lives elsewhere";
        NotKnown = "not_known", "Not known";
    }
}

crate::words! {
    /// Who looks after them.
    pub enum CaredBy {
        Family = "family", "My mum, my dad or my family";
        FosterCarers = "foster_carers", "Foster carers";
        ChildrensHome = "childrens_home", "A children's home";
        Myself = "myself", "I live on my own, or I have left care";
        Other = "other", "Somebody else";
    }
}

crate::words! {
    /// Whether the young person knows that somebody asks for them.
    pub enum Told {
        Agrees = "agrees", "Yes, and they want an officer";
        Knows = "knows", "Yes, and they are not sure";
        No = "no", "No, not yet";
    }
}

/// What somebody typed.
#[derive(Debug, Clone)]
pub struct Asked {
    pub asked_by: AskedBy,
    pub source: Source,
    /// The first name of the young person, or whatever they want to be called.
    pub first_name: String,
    pub last_name: Option<String>,
    pub age: Option<i32>,
    pub date_of_birth: Option<NaiveDate>,
    pub wants: Vec<Want>,
    /// In the words of whoever asks.
    pub words: Option<String>,
    pub ways: Vec<Way>,
    /// Of whoever asks.
    pub phone: Option<String>,
    pub email: Option<String>,
    /// They said that an e-mail to this address is safe.
    pub email_safe: bool,
    /// Through whom the young person is reached: a school, somebody they trust.
    pub through: Option<String>,
    /// When it is safe, and what else to know before making contact.
    pub times: Option<String>,
    pub never: Vec<Never>,
    pub area: Area,
    pub lives: Option<String>,
    pub cared_by: Option<CaredBy>,
    /// The name of an adult who asks for a young person, and whom they work for.
    pub asker: Option<String>,
    pub organisation: Option<String>,
    pub told: Option<Told>,
    /// The day of something for which they need help.
    pub needed_by: Option<NaiveDate>,
}

/// A request as it is kept.
#[derive(Debug, Clone)]
pub struct Request {
    pub id: RequestId,
    /// What whoever asked was given, to ring up with.
    pub reference: String,
    pub state: State,
    pub asked: Asked,
    pub received_at: NaiveDateTime,
    pub received_on: NaiveDate,
    /// Until when an answer was promised. None where the bank holidays are not known that far.
    pub due_on: Option<NaiveDate>,
    pub urgent: bool,
    pub version: i32,
}

impl Request {
    /// The young person's name, as far as it was given.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.asked.last_name {
            Some(last) => format!("{} {last}", self.asked.first_name),
            None => self.asked.first_name.clone(),
        }
    }

    /// Waiting longer than was promised.
    #[must_use]
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.due_on.is_some_and(|due| due < today)
    }
}

/// One step of how a request stands.
#[derive(Debug, Clone)]
pub struct Decision {
    pub state: State,
    /// Where it was pointed, and why.
    pub place: Option<String>,
    pub why: Option<String>,
    pub referral: Option<ReferralId>,
    pub young_person: Option<YoungPersonId>,
    pub by: String,
    pub at: NaiveDateTime,
}

/// What tells two sendings of one form from two requests: the token of the page, and a key of all
/// that was typed on it.
#[derive(Debug, Clone)]
pub struct Sending {
    pub token: String,
    pub key: String,
}
