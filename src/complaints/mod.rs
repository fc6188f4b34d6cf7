//! Complaints: informal ones, settled by talking, and formal ones, which follow a procedure with
//! stages (domain.md section 6).

pub mod actions;
pub mod panel;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{ComplaintId, ReferralId};

crate::words! {
    pub enum Kind {
        Informal = "informal", "Informal";
        Formal = "formal", "Formal";
    }
}

crate::words! {
    pub enum Procedure {
        ChildrenAct = "children_act", "The statutory procedure (Children Act 1989)";
        Corporate = "corporate", "The council's own procedure";
        Nhs = "nhs", "The procedure of the NHS";
        School = "school", "The school's procedure";
        Other = "other", "Another procedure";
    }
}

crate::words! {
    pub enum Outcome {
        Upheld = "upheld", "Upheld";
        PartlyUpheld = "partly_upheld", "Partly upheld";
        NotUpheld = "not_upheld", "Not upheld";
        Withdrawn = "withdrawn", "Withdrawn";
        Resolved = "resolved", "Resolved";
    }
}

/// A complaint as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    pub id: ComplaintId,
    pub referral: ReferralId,
    pub kind: Kind,
    pub procedure: Option<Procedure>,
    pub stage: Option<String>,
    pub received_on: NaiveDate,
    pub responded_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
}
